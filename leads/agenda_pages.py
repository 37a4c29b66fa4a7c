"""What tasks add to the lead page."""

from typing import Any

from leads.agenda_selectors import tasks_of_lead
from leads.due import SNOOZE, offered
from leads.models import Lead
from leads.realtime import more_of_lead


@more_of_lead.plug
def lead_tasks(lead: Lead) -> dict[str, Any]:
    """`tasks`, open ones first, and `snoozes`, for `tasks/_lead_tasks.html`."""
    return {"tasks": tasks_of_lead(lead), "snoozes": offered(SNOOZE)}
