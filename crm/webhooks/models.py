"""Other systems: whom we tell what happened, and who tells us of leads. The row is the queue."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    LEAD_CREATED = "lead.created", _("A lead was created")
    LEAD_UPDATED = "lead.updated", _("A lead's data changed")
    LEAD_MOVED = "lead.moved", _("A lead moved to another column")
    LEAD_ASSIGNED = "lead.assigned", _("A lead got another consultant")
    LEAD_MERGED = "lead.merged", _("Two leads of one person became one")
    MESSAGE_RECEIVED = "message.received", _("A client wrote")
    MESSAGE_SENT = "message.sent", _("A message left for a client")
    MESSAGE_FAILED = "message.failed", _("A message could not be sent")
    CONVERSATION_HANDOFF = "conversation.handoff", _("Lívia left a client to a person")
    CONVERSATION_TAKEN = "conversation.taken", _("A person took a conversation over")
    CONVERSATION_HANDED_BACK = "conversation.handed_back", _("A conversation went back to Lívia")
    ALERT_RAISED = "alert.raised", _("Something needs somebody's attention")
    ALERT_CLEARED = "alert.cleared", _("What needed attention is over")


class Endpoint(models.Model):
    """An address that is told of events. Its `secret` signs what is sent, so that it must be readable here."""

    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=500)
    secret = models.CharField(max_length=80, editable=False)
    # For a day after a new secret was made, the one before signs too.
    old_secret = models.CharField(max_length=80, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    events = ArrayField(models.CharField(max_length=32, choices=Event), verbose_name=_("events"))
    active = models.BooleanField(_("active"), default=True)
    disabled_why = models.CharField(_("switched off because"), max_length=20, blank=True, editable=False)
    disabled_at = models.DateTimeField(_("switched off"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("outgoing webhook")
        verbose_name_plural = _("outgoing webhooks")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


class Delivery(models.Model):
    """One event for one endpoint; written in the transaction of what happened, sent afterwards, again until it is
    taken or given up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.CharField(_("event"), max_length=32, choices=Event)
    # What is sent; null once its client was erased, and then it is sent no more.
    payload = models.JSONField(_("content"), null=True)
    lead_id = models.BigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"))
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("happened"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["endpoint", "state", "-created_at"], name="delivery_of_endpoint"),
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["lead_id"], condition=~models.Q(lead_id=None), name="delivery_of_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"


class Attempt(models.Model):
    """One try of a delivery, as a person who looks for the fault wants to see it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("at"))
    ms = models.PositiveIntegerField(_("took (ms)"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    excerpt = models.CharField(_("answer's beginning"), max_length=500, blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.at}"


class Source(models.Model):
    """Another system that tells us of leads at an address of its own: by key, and, where it can sign, by HMAC."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True, editable=False)  # in its address
    digest = models.CharField(max_length=64, editable=False)  # of its key
    signing_secret = models.CharField(max_length=80, blank=True, editable=False)  # empty: signatures are not asked for
    # Where each of our fields stands in what it sends: {"name": "data.lead.full_name", …}.
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    # Where its number of the event stands, by which a second delivery is known; empty: the Idempotency-Key header, or
    # the body itself.
    id_path = models.CharField(_("place of its number"), max_length=200, blank=True)
    active = models.BooleanField(_("active"), default=True)
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("incoming webhook")
        verbose_name_plural = _("incoming webhooks")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class ArrivalState(models.TextChoices):
    TAKEN = "taken", _("Became a lead")
    KNOWN = "known", _("Was a lead already")
    REFUSED = "refused", _("Not understood")


class Arrival(models.Model):
    """What a source sent, and what became of it. The body is kept while it can be mapped again, for
    WEBHOOK_KEEP_DAYS."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="arrivals", verbose_name=_("webhook"))
    key = models.CharField(max_length=200)  # its own number, or a digest of the body
    state = models.CharField(_("state"), max_length=8, choices=ArrivalState)
    body = models.JSONField(_("content"), null=True)
    errors = models.JSONField(_("what is wrong"), default=dict, blank=True)
    lead_id = models.BigIntegerField(null=True)
    times = models.PositiveIntegerField(_("times sent"), default=1)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        ordering = ("-at", "-id")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="arrival_once")]
        indexes = [
            models.Index(fields=["source", "-at"], name="arrival_of_source"),
            models.Index(fields=["at"], name="arrival_age"),
            models.Index(fields=["lead_id"], condition=~models.Q(lead_id=None), name="arrival_of_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.key}"
