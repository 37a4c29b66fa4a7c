"""What managers are told about the language model."""

from django.utils.translation import gettext_noop

from agent.events import ModelKeyRefused
from crm.accounts.models import Role, User
from crm.core.facts import on
from crm.core.work import service
from crm.realtime.publish import notify

_TITLE = gettext_noop("Groq refuses Lívia's key")
_BODY = gettext_noop("Lívia goes on by her rules alone. Ask whoever runs the server to check GROQ_API_KEY.")


@on(ModelKeyRefused)
def _tell_managers(fact: ModelKeyRefused) -> None:
    managers_warn(status=fact.status)


@service
def managers_warn(*, status: int) -> None:
    """Notify every manager and administrator that the key was refused with this HTTP status."""
    managers = User.objects.filter(is_active=True, role__in=(Role.MANAGER, Role.ADMIN)).values_list("pk", flat=True)
    notify(managers, kind="model_trouble", title=_TITLE, body=_BODY, data={"status": status})
