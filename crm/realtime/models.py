"""The log of changes that browsers follow, and notifications."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.text import sentence


class Room(models.Model):
    """A stream of events with a counter. Created by its first event."""

    name = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("realtime room")
        verbose_name_plural = _("realtime rooms")

    def __str__(self) -> str:
        return f"{self.name} #{self.seq}"


class Event(models.Model):
    """One rendered change: `html` maps a language code to the fragment. Numbers have no gaps within a room."""

    room = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=24)
    object_id = models.CharField(max_length=64)
    html = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    trace_id = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("realtime event")
        verbose_name_plural = _("realtime events")
        constraints = [models.UniqueConstraint(fields=["room", "seq"], name="event_room_seq_unique")]
        indexes = [models.Index(fields=["created_at"], name="event_created_at")]

    def __str__(self) -> str:
        return f"{self.room} #{self.seq} {self.kind}"


class PushState(models.TextChoices):
    NONE = "", _("Not for devices")
    DUE = "due", _("To be pushed")
    SENT = "sent", _("Pushed")
    DROPPED = "dropped", _("Given up")


class Notification(models.Model):
    """Something a person should know. Read state is kept.

    The sentences are stored as message ids with their values, so that each reader sees the own language.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=24)
    title_id = models.CharField(max_length=160)
    body_id = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=200, blank=True)
    # What it is about: told once, however often it is said.
    once = models.CharField(max_length=120, blank=True)
    push_state = models.CharField(max_length=8, choices=PushState, blank=True, default=PushState.NONE)
    push_attempts = models.PositiveSmallIntegerField(default=0)
    push_not_before = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
            models.Index(fields=["id"], condition=models.Q(push_state="due"), name="notification_push_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "once"], condition=~models.Q(once=""), name="notification_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return sentence(self.title_id, self.data)

    @property
    def body(self) -> str:
        return sentence(self.body_id, self.data)


class NotificationSettings(models.Model):
    """How a person wants to be told. `muted` lists what is not told, as `<topic>.<way>` (crm.realtime.topics)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notification_settings"
    )
    muted = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Within these hours nothing sounds, pops up or reaches a device; it all waits in the bell.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_weekends = models.BooleanField(_("quiet at weekends"), default=False)

    class Meta:
        verbose_name = _("notification settings")
        verbose_name_plural = _("notification settings")

    def __str__(self) -> str:
        return str(self.user_id)


class PushSubscription(models.Model):
    """A browser that agreed to be woken (Web Push, RFC 8030; keys of RFC 8291)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    language = models.CharField(max_length=8, blank=True)
    device = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self) -> str:
        return self.device or str(self.pk)
