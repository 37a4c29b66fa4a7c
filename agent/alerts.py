"""What managers are told about Lívia: the model behind her, and what she leaves lying."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from agent.events import ModelKeyRefused
from agent.models import Turn
from conversations.models import Conversation
from crm.alerts.models import Level
from crm.alerts.selectors import open_alerts
from crm.alerts.services import alert_clear, alert_raise
from crm.core.clock import now
from crm.core.facts import on
from crm.core.work import service
from leads.models import Lead

KEY, AWAY, STUCK, WAITING = "model_key", "model_away", "stuck_turns", "leads_waiting"
AWAY_MINUTES = 10
_AWAY_LEAST = 3  # turns without the model, before its silence is more than bad luck

_KEY = gettext_noop("Groq refuses Lívia's key")
_KEY_BODY = gettext_noop("Lívia goes on by her rules alone. Ask whoever runs the server to check GROQ_API_KEY.")
_KEY_OVER = gettext_noop("Groq takes Lívia's key again")
_AWAY = gettext_noop("Lívia's language model does not answer")
_AWAY_BODY = gettext_noop("For ten minutes she has gone by her rules alone. She asks again by herself.")
_AWAY_OVER = gettext_noop("Lívia's language model answers again")
_STUCK = gettext_noop("Conversations Lívia could not answer: %(n)s")
_STUCK_OVER = gettext_noop("Lívia left no conversation unanswered")
_WAITING = gettext_noop("Leads wait, and nobody can receive them: %(n)s")
_WAITING_BODY = gettext_noop("Put a consultant into the rotation, or assign them by hand.")
_WAITING_OVER = gettext_noop("No lead waits for a consultant any more")


@on(ModelKeyRefused)
def _tell_managers(fact: ModelKeyRefused) -> None:
    managers_warn(status=fact.status)


@service
def managers_warn(*, status: int) -> None:
    """Every manager and administrator hears that the key was refused with this HTTP status."""
    _raise(KEY, _KEY, _KEY_BODY, level=Level.CRITICAL, status=status)


def alerts_watch() -> None:
    """Look at what only shows in the rows: what begins is raised, what ended is cleared."""
    _watch_model()
    stuck = Conversation.objects.exclude(turn_failed_at=None).count()
    if stuck:
        _raise(STUCK, _STUCK, url=reverse("workspace:queue"), n=stuck)
    else:
        alert_clear(code=STUCK, title=_STUCK_OVER)
    waiting = Lead.objects.filter(awaits_consultant=True, merged_into=None).count()
    if waiting:
        _raise(WAITING, _WAITING, _WAITING_BODY, url=f"{reverse('leads:list')}?owner=none", n=waiting)
    else:
        alert_clear(code=WAITING, title=_WAITING_OVER)


def _watch_model() -> None:
    """By the turns: a breaker forgets, and knows nothing while nobody writes."""
    turns = Turn.objects.filter(created_at__gt=now() - timedelta(minutes=AWAY_MINUTES))
    answered = Q(model_status=200, model_error="")
    found = turns.aggregate(well=Count("pk", filter=answered), bad=Count("pk", filter=~Q(model_error__in=["", "off"])))
    if found["well"]:
        alert_clear(code=AWAY, title=_AWAY_OVER)
    elif found["bad"] >= _AWAY_LEAST:
        _raise(AWAY, _AWAY, _AWAY_BODY)
    refused = open_alerts().filter(code=KEY).values_list("last_at", flat=True).first()
    if refused and turns.filter(answered, created_at__gt=refused).exists():
        alert_clear(code=KEY, title=_KEY_OVER)


def _raise(
    code: str, title: str, body: str = "", *, level: Level = Level.WARNING, url: str = "", **data: object
) -> None:
    url = url or reverse("agent:livia")
    alert_raise(code=code, level=level, title=title, body=body, data=data, url=url, kind="model_trouble")
