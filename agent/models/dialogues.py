"""What Lívia did: dialogues, simulations, the record of every turn, reminders, and what she learned of a client."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agent.models.business import PromptVersion
from agent.models.products import ProductVersion
from agent.models.stages import StageChoice
from conversations.models import Contact, Conversation, Message
from leads.models import Lead, Temperature


class Dialogue(models.Model):
    """Where Lívia stands with a client: the state her brain reads and writes."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="dialogue")
    stage = models.CharField(_("stage"), max_length=14, choices=StageChoice, default=StageChoice.INTRO)
    slots = models.JSONField(_("collected"), default=dict, blank=True)
    sources = models.JSONField(_("message of each value"), default=dict, blank=True)
    state = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("dialogue")
        verbose_name_plural = _("dialogues")

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.stage}"


class Simulation(models.Model):
    """A loan computed for a client, with the terms it was computed by."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="simulations", verbose_name=_("lead"))
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("conversation")
    )
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, verbose_name=_("product version"))
    result = models.JSONField(_("result"))
    # The consultant who made it by hand; empty: Lívia.
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.product_version.name} #{self.pk}"


class Turn(models.Model):
    """One answer of Lívia: what she read, how she decided, what she said. For audit and replay."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="turns", verbose_name=_("conversation")
    )
    message_ids = models.JSONField(_("messages read"))
    reply_ids = models.JSONField(_("replies"), default=list)
    outcome = models.CharField(_("outcome"), max_length=12)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    intent = models.CharField(_("intent"), max_length=24, blank=True)
    path = models.JSONField(_("path"), default=list)
    stage_before = models.CharField(_("stage before"), max_length=14)
    stage_after = models.CharField(_("stage after"), max_length=14)
    slots_before = models.JSONField(_("collected before"), default=dict)
    slots_after = models.JSONField(_("collected after"), default=dict)
    slot_sources = models.JSONField(_("message of each value"), default=dict)
    state_before = models.JSONField(_("state before"), default=dict)
    replies = models.JSONField(_("texts of the replies"), default=list)
    simulation = models.ForeignKey(
        Simulation, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("simulation")
    )
    wall_ms = models.PositiveIntegerField(_("time in all (ms)"), default=0)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    # What the turn went by.
    context_version = models.PositiveSmallIntegerField(_("context version"), default=0)
    context = models.JSONField(_("context"), default=dict)  # the layers as given to the model, without personal data
    prompt_version = models.ForeignKey(
        PromptVersion, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("prompt version")
    )
    prompt_hash = models.CharField(_("prompt"), max_length=64, blank=True)  # SHA-256 of the messages sent
    products = models.JSONField(_("product versions"), default=dict)  # code -> id in force

    # The model's part; empty where rules alone answered.
    model = models.CharField(_("model"), max_length=80, blank=True)
    attempts = models.JSONField(_("attempts"), default=list)  # [{model, status, error, ms, request_id}]
    model_status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    model_error = models.CharField(_("error"), max_length=60, blank=True)
    request_id = models.CharField(_("request"), max_length=80, blank=True)
    trace_id = models.CharField(_("trace"), max_length=32, blank=True, default="", db_default="", editable=False)
    breaker = models.CharField(_("breaker"), max_length=10, blank=True)
    tokens_in = models.PositiveIntegerField(_("tokens in"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens out"), default=0)
    tokens_reasoning = models.PositiveIntegerField(_("reasoning tokens"), default=0)
    tokens_cached = models.PositiveIntegerField(_("cached tokens"), default=0)
    queue_ms = models.PositiveIntegerField(_("queue (ms)"), default=0)
    model_ms = models.PositiveIntegerField(_("model (ms)"), default=0)  # wall time of all attempts
    own_ms = models.PositiveIntegerField(_("own time (ms)"), default=0)  # without the model
    raw_output = models.TextField(_("model's answer"), blank=True)  # personal data replaced
    validation_errors = models.JSONField(_("validation errors"), default=list)
    guard_hits = models.JSONField(_("refused by the guard"), default=list)  # [{code, text}]
    rejected = models.JSONField(_("values not taken"), default=list)  # [{slot, value, why}]
    figures = models.JSONField(_("figures"), default=list)  # [{text, kind, value, source}]
    confidence = models.FloatField(_("confidence"), null=True, blank=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["conversation", "-id"], name="turn_conversation"),
            models.Index(fields=["created_at"], name="turn_created"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} #{self.pk} {self.outcome}"

    def messages(self) -> models.QuerySet[Message]:
        return Message.objects.filter(pk__in=self.message_ids)


class FollowUpState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")


class FollowUp(models.Model):
    """A reminder to a client who stopped answering. At most one waits in a conversation."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("conversation")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=FollowUpState, default=FollowUpState.WAITING)
    reason = models.CharField(_("reason"), max_length=40, blank=True)  # why it was cancelled
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("message")
    )
    created_at = models.DateTimeField(_("planned"), auto_now_add=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(state="waiting"), name="follow_up_waiting_unique"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="follow_up_due")]

    def __str__(self) -> str:
        return f"{self.conversation_id} #{self.number} {self.state}"


class Relationship(models.TextChoices):
    NEW = "new", _("New")
    PROSPECT = "prospect", _("Prospect")
    CLIENT = "client", _("Client")
    PARTNER = "partner", _("Partner")


class Priority(models.TextChoices):
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    VIP = "vip", _("VIP")


class ContactProfile(models.Model):
    """How a client writes and what about, learned from their messages; a manager may set who they are to the firm."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="profile", verbose_name=_("contact"))
    relationship = models.CharField(_("relationship"), max_length=10, choices=Relationship, default=Relationship.NEW)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority, default=Priority.NORMAL)
    preferred_name = models.CharField(_("preferred name"), max_length=80, blank=True)
    messages_read = models.PositiveIntegerField(_("messages read"), default=0)
    # Running figures of style: emoji_rate, average_length, length ("short", "medium", "long"), formality (-1 to 1) …
    style = models.JSONField(_("style"), default=dict, blank=True)
    topics = models.JSONField(_("topics"), default=dict, blank=True)  # topic -> times
    transitions = models.JSONField(_("topic changes"), default=dict, blank=True)  # "a>b" -> times
    last_topic = models.CharField(max_length=40, blank=True)
    sentiment = models.FloatField(_("sentiment"), null=True, blank=True)  # -1 to 1, recent messages weigh more
    sentiment_trend = models.FloatField(_("sentiment trend"), null=True, blank=True)
    last_message_id = models.BigIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("client profile")
        verbose_name_plural = _("client profiles")

    def __str__(self) -> str:
        return str(self.contact)


class ClassificationSource(models.TextChoices):
    RULES = "rules", _("Rules")
    MODEL = "model", _("Model")


class LeadClassification(models.Model):
    """A judgement of a lead, with who made it. The latest one is the lead's."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="classifications", verbose_name=_("lead"))
    temperature = models.CharField(_("temperature"), max_length=4, choices=Temperature)
    score = models.PositiveSmallIntegerField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)
    source = models.CharField(_("by"), max_length=6, choices=ClassificationSource)
    model = models.CharField(_("model"), max_length=80, blank=True)
    # What the rules said where the model had the word.
    rules_temperature = models.CharField(max_length=4, choices=Temperature, blank=True)
    rules_score = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(_("error"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.lead_id} {self.temperature} {self.score}"
