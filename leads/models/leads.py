"""The lead itself."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Concat, Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.core.folding import Fold
from crm.core.phones import phone_display
from leads.expectations import ageing
from leads.models.base import Attendance, CentsField, Product, Source, Temperature
from leads.models.people import Consultant
from leads.pipeline import Status
from leads.words import in_words


class Lead(models.Model):
    """A person who wants credit. `version` counts moves (the optimistic lock), `revision` every visible change."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    phone_key = models.CharField(max_length=16, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    uf = models.CharField(_("state"), max_length=2, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NEW)
    rank = models.BigIntegerField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    revision = models.BigIntegerField(default=1, editable=False)
    status_changed_at = models.DateTimeField(_("in this status since"), db_default=Now(), editable=False)
    lost_reason = models.CharField(_("lost reason"), max_length=16, blank=True)
    lost_note = models.CharField(_("lost note"), max_length=500, blank=True)
    won_amount = CentsField(_("won amount (cents)"))

    consultant = models.ForeignKey(
        Consultant, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("consultant")
    )
    awaits_consultant = models.BooleanField(_("waits for a consultant"), default=False, editable=False)
    attended_by = models.CharField(_("attended by"), max_length=8, choices=Attendance, blank=True, editable=False)

    product = models.CharField(_("product"), max_length=24, choices=Product, blank=True)
    credit_amount = CentsField(_("credit (cents)"))
    property_value = CentsField(_("property value (cents)"))
    vehicle_value = CentsField(_("vehicle value (cents)"))
    monthly_income = CentsField(_("monthly income (cents)"))
    down_payment = CentsField(_("down payment (cents)"))
    term_months = models.PositiveSmallIntegerField(_("term (months)"), null=True, blank=True)
    occupation = models.CharField(_("occupation"), max_length=24, blank=True)
    purpose = models.CharField(_("purpose"), max_length=80, blank=True)

    ai_score = models.PositiveSmallIntegerField(_("score"), default=0, validators=[MaxValueValidator(100)])
    ai_temperature = models.CharField(_("temperature"), max_length=4, choices=Temperature, blank=True)
    ai_reasons = models.JSONField(_("reasons"), default=list, blank=True)
    transfer_summary = models.TextField(_("transfer summary"), blank=True)

    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.MANUAL)
    tracking = models.JSONField(_("tracking"), default=dict, blank=True)
    message = models.TextField(_("message"), max_length=4000, blank=True)
    consented_at = models.DateTimeField(_("consent to WhatsApp"), null=True, blank=True)

    last_message_text = models.CharField(max_length=200, blank=True, editable=False)
    last_message_direction = models.CharField(max_length=3, blank=True, editable=False)
    last_message_at = models.DateTimeField(null=True, blank=True, editable=False)
    unread_count = models.PositiveIntegerField(default=0, editable=False)

    # A second lead of one person lives on in the first: it is shown nowhere but in that one's history.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged",
        verbose_name=_("merged into"),
    )  # fmt: skip

    # The earliest open task, kept in step by leads.agenda, so that a card needs no look at tasks.
    next_task_at = models.DateTimeField(_("next task"), null=True, blank=True, editable=False)
    next_task_title = models.CharField(max_length=120, blank=True, editable=False)

    search_text = models.GeneratedField(
        expression=Fold(
            Concat("name", models.Value(" "), "email", models.Value(" "), "phone", output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    # Its client asked to be forgotten: what is left are figures.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(fields=["phone_key"], condition=~models.Q(phone_key=""), name="lead_phone_unique")
        ]
        indexes = [
            models.Index(fields=["status", "rank", "-id"], name="lead_board"),
            models.Index(fields=["consultant", "status", "rank", "-id"], name="lead_board_own"),
            # PostgreSQL takes no order from an index whose first column IS NULL.
            models.Index(fields=["status", "rank", "-id"], condition=models.Q(consultant=None), name="lead_board_open"),
            models.Index(fields=["id"], condition=models.Q(awaits_consultant=True), name="lead_awaiting"),
            models.Index(fields=["next_task_at"], condition=~models.Q(next_task_at=None), name="lead_next_task"),
            # Chips ask for what is planned, and closed columns hold hardly any of it.
            models.Index(
                fields=["status", "rank", "-id"], condition=~models.Q(next_task_at=None), name="lead_board_planned"
            ),
            models.Index(fields=["-created_at", "-id"], name="lead_newest"),
            models.Index(fields=["updated_at", "id"], name="lead_updated"),  # whoever keeps a copy in step
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="lead_search"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        if self.erased_at:
            return gettext("Erased client")
        if self.name or self.phone:
            return self.name or phone_display(self.phone)
        # WhatsApp does not show everybody's phone.
        return gettext("WhatsApp contact") if self.source == Source.WHATSAPP else f"#{self.pk}"

    @property
    def product_label(self) -> str:
        return str(Product(self.product).label) if self.product else ""

    @property
    def occupation_label(self) -> str:
        return in_words(self.occupation)

    @property
    def purpose_label(self) -> str:
        return in_words(self.purpose)

    @property
    def ageing(self) -> tuple[int, int]:
        """Seconds in this status after which the card is marked amber and red; 0 is never."""
        return ageing()[Status(self.status)]

    @property
    def collateral_value(self) -> int | None:
        return self.property_value or self.vehicle_value
