"""When what was learned of a client is brought up to date."""

from contextlib import suppress

from agent.events import TurnSettled
from agent.profiles import profile_learn, profiles_join, profiles_of_won_lead
from conversations.events import ContactsMerged
from crm.core.errors import NotFound
from crm.core.facts import on
from leads.events import LeadMoved
from leads.pipeline import Status


@on(TurnSettled)
def _learn_from_the_turn(fact: TurnSettled) -> None:
    """In the worker that answered, once the answer is on its way: no task of its own. The sweep finds what fails."""
    with suppress(NotFound):  # joined with another meanwhile, whose own turn reads everything
        profile_learn(contact_id=fact.contact_id)


@on(LeadMoved)
def _a_deal_makes_a_client(fact: LeadMoved) -> None:
    """After the commit: whoever joins two people holds their profiles before their leads."""
    if fact.to == Status.WON:
        profiles_of_won_lead(lead_id=fact.lead_id)


@on(ContactsMerged, inside=True)
def _one_profile(fact: ContactsMerged) -> None:
    profiles_join(kept_id=fact.kept_id, gone_id=fact.gone_id)
