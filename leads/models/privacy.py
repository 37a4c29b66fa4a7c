"""What a client has agreed to, as a ledger (LGPD, art. 8)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.history import ActorKind
from leads.models.leads import Lead


class Purpose(models.TextChoices):
    WHATSAPP = "whatsapp", _("Messages on WhatsApp")
    DATA = "data", _("Use of personal data")
    SHARING = "sharing", _("Passing data to banks")


class ConsentSource(models.TextChoices):
    FORM = "form", _("Form")
    API = "api", "API"
    IMPORT = "import", _("Import")
    WHATSAPP = "whatsapp", "WhatsApp"
    PERSON = "person", _("Told to a person")


class Consent(models.Model):
    """A client agreed to something, or took it back. Append-only; the latest row of a purpose is what counts."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="consents", verbose_name=_("lead"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    given = models.BooleanField(_("given"))
    source = models.CharField(_("source"), max_length=10, choices=ConsentSource)
    text = models.TextField(_("what was agreed to"), blank=True)  # the very sentence the client saw or wrote
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)  # ids and addresses, no names
    actor_kind = models.CharField(_("kind of actor"), max_length=8, choices=ActorKind, default=ActorKind.CLIENT)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("actor"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))  # when the client said so
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["lead", "purpose", "-at"], name="consent_of_lead")]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.purpose} {'+' if self.given else '−'}"
