"""Leads, the people who serve them, and the record of everything done to them."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.core.phones import phone_display
from leads.pipeline import AGEING, LostReason, Status
from leads.words import in_words

MAX_CENTS = 10**13  # a hundred billion reais


class CentsField(models.BigIntegerField):
    """Money in integer cents."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs["validators"] = [MinValueValidator(0), MaxValueValidator(MAX_CENTS)]
        super().__init__(*args, **kwargs)


class Product(models.TextChoices):
    HOME_EQUITY = "home_equity", _("Home equity")
    REAL_ESTATE = "real_estate_financing", _("Real estate financing")
    AUTO_EQUITY = "auto_equity", _("Auto equity")
    CONSORCIO = "consorcio", _("Consórcio")
    PERSONAL = "personal_loan", _("Personal loan")
    PAYROLL = "payroll_loan", _("Payroll loan")


class Source(models.TextChoices):
    WHATSAPP = "whatsapp", "WhatsApp"
    FORM = "form", _("Form")
    API = "api", "API"
    IMPORT = "import", _("Import")
    MANUAL = "manual", _("By hand")


class Temperature(models.TextChoices):
    HOT = "HOT", _("Hot")
    WARM = "WARM", _("Warm")
    COLD = "COLD", _("Cold")


class Attendance(models.TextChoices):
    """Who talks with the client now."""

    NONE = "", _("Nobody")
    LIVIA = "livia", "Lívia"
    PERSON = "person", _("Consultant")


class Consultant(models.Model):
    """A user in the rotation; shares the user's primary key. `turn` is the number of the last assignment."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="consultant",
        verbose_name=_("user"),
    )
    in_rotation = models.BooleanField(_("in the rotation"), default=True)
    turn = models.BigIntegerField(_("last turn"), default=0, editable=False)
    assigned_count = models.PositiveIntegerField(_("leads received"), default=0, editable=False)
    last_assigned_at = models.DateTimeField(_("last assigned"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("consultant")
        verbose_name_plural = _("consultants")
        ordering = ("turn", "user_id")
        indexes = [models.Index(fields=["turn", "user_id"], name="consultant_turn")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)


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
    lost_reason = models.CharField(_("lost reason"), max_length=16, choices=LostReason, blank=True)
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
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
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
        return AGEING[Status(self.status)]

    @property
    def collateral_value(self) -> int | None:
        return self.property_value or self.vehicle_value


class ActorKind(models.TextChoices):
    SYSTEM = "system", _("System")
    LIVIA = "livia", "Lívia"
    PERSON = "person", _("Person")
    CLIENT = "client", _("Client")


class InteractionKind(models.TextChoices):
    CREATED = "created", _("Lead created")
    RETURNED = "returned", _("Came back")
    UPDATED = "updated", _("Data changed")
    MOVED = "moved", _("Moved")
    ASSIGNED = "assigned", _("Assigned")
    CLASSIFIED = "classified", _("Classified")
    SIMULATED = "simulated", _("Simulation made")
    HANDED_OVER = "handed_over", _("Handed over by Lívia")
    TAKEN_OVER = "taken_over", _("Conversation taken over")
    HANDED_BACK = "handed_back", _("Handed back to Lívia")
    OPTED_OUT = "opted_out", _("Asked for no more messages")
    OPTED_IN = "opted_in", _("Writes to us again")
    MERGED = "merged", _("Two leads became one")


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("Interactions are append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("Interactions are append-only.")


class Interaction(models.Model):
    """One thing done to a lead, by whom. Append-only."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="interactions", verbose_name=_("lead"))
    kind = models.CharField(_("kind"), max_length=16, choices=InteractionKind)
    actor_kind = models.CharField(_("kind of actor"), max_length=8, choices=ActorKind, default=ActorKind.SYSTEM)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("actor")
    )
    data = models.JSONField(_("data"), default=dict, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ("-id",)
        indexes = [models.Index(fields=["lead", "-id"], name="interaction_lead")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.lead_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("Interactions are append-only.")
        super().save(*args, **kwargs)


class BoardDelta(models.Model):
    """Column totals as a ledger: a trigger appends what each change of a lead adds, a task folds the rows.

    Appending instead of updating a counter keeps concurrent changes from waiting for each other.
    """

    consultant_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10)
    leads = models.IntegerField()
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("column total")
        verbose_name_plural = _("column totals")
        indexes = [models.Index(fields=["consultant_id", "status"], name="boarddelta_column")]

    def __str__(self) -> str:
        return f"{self.consultant_id or '–'} {self.status} {self.leads:+d}"
