"""Numbers and the people who write to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class InboxRole(models.TextChoices):
    LIVIA = "livia", "Lívia"
    CONSULTANTS = "consultants", _("Consultants")


class Inbox(models.Model):
    """One WhatsApp number: Lívia's, or the consultants' (shared, or owned by one of them)."""

    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=12, choices=InboxRole)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("owner")
    )
    livia_enabled = models.BooleanField(_("Lívia answers here"), default=True)

    class Meta:
        verbose_name = _("inbox")
        verbose_name_plural = _("inboxes")

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person on WhatsApp: one row whether known by phone (with or without the ninth digit) or by LID."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    push_name = models.CharField(_("name on WhatsApp"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    phone_key = models.CharField(max_length=16, null=True, blank=True, unique=True, editable=False)  # noqa: DJ001
    lid = models.CharField(max_length=40, null=True, blank=True, unique=True, editable=False)  # noqa: DJ001
    opted_out_at = models.DateTimeField(_("asked for no messages"), null=True, blank=True, editable=False)
    # What WhatsApp said when asked for the number: its address, empty for "not there", and when.
    whatsapp_jid = models.CharField(max_length=80, blank=True, editable=False)
    whatsapp_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Erased client")
        return self.name or self.push_name or self.phone or f"#{self.pk}"
