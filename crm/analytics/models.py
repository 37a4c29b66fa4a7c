"""What figures are made of: what happened, cut down to ids, times and numbers.

Nothing here is a foreign key: rows are written from the leads, conversations and turns they tell of, never with them,
and go by `refresh` when those go. Nothing here tells who a client is.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadFact(models.Model):
    """A lead as figures see it. Those merged into another have none."""

    lead_id = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=10, db_collation="C")
    product = models.CharField(max_length=24, blank=True, db_collation="C")
    uf = models.CharField(max_length=2, blank=True, db_collation="C")
    consultant_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    status = models.CharField(max_length=10, db_collation="C")
    furthest = models.PositiveSmallIntegerField()  # its place in analytics.stages.REACHED
    won_at = models.DateTimeField(null=True)
    won_cents = models.BigIntegerField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_from = models.CharField(max_length=10, blank=True, db_collation="C")
    lost_reason = models.CharField(max_length=16, blank=True, db_collation="C")
    clock_at = models.DateTimeField(null=True)  # since when the client has waited for a first answer by a person
    person_at = models.DateTimeField(null=True)  # when a person first wrote
    wall_s = models.BigIntegerField(null=True)  # from `clock_at` to `person_at`
    response_s = models.BigIntegerField(null=True)  # of that, while the business was open
    livia_at = models.DateTimeField(null=True)  # when Lívia first wrote
    handed_over_at = models.DateTimeField(null=True)
    with_livia = models.BooleanField(default=False)
    unsettled = models.BooleanField(default=False)  # messages on their way: looked at again at the next refresh

    class Meta:
        verbose_name = _("figures of a lead")
        verbose_name_plural = _("figures of leads")
        indexes = [
            models.Index(fields=["created_at"], name="leadfact_created"),
            models.Index(fields=["won_at"], condition=~models.Q(won_at=None), name="leadfact_won"),
            models.Index(fields=["lost_at"], condition=~models.Q(lost_at=None), name="leadfact_lost"),
            models.Index(fields=["lead_id"], condition=models.Q(unsettled=True), name="leadfact_unsettled"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.status}"


class Stay(models.Model):
    """A lead's stay in a column, from entering it to leaving it."""

    pk = models.CompositePrimaryKey("lead_id", "number")
    lead_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()  # 1 for its first
    stage = models.CharField(max_length=10, db_collation="C")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    seconds = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("stay in a stage")
        verbose_name_plural = _("stays in stages")
        indexes = [
            models.Index(
                fields=["stage", "left_at"], include=["seconds"], condition=~models.Q(left_at=None), name="stay_left"
            ),
            models.Index(fields=["stage", "entered_at"], condition=models.Q(left_at=None), name="stay_open"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.stage}"


class Talk(models.Model):
    """What was written by whom, and how long clients then waited."""

    client = models.IntegerField(default=0)
    livia = models.IntegerField(default=0)
    person = models.IntegerField(default=0)
    system = models.IntegerField(default=0)
    waits = models.IntegerField(default=0)  # waits that began in this hour and have ended
    waited_s = models.BigIntegerField(default=0)
    waits_5m = models.IntegerField(default=0)
    waits_60m = models.IntegerField(default=0)
    heard = models.IntegerField(default=0)
    unheard = models.IntegerField(default=0)

    class Meta:
        abstract = True


class TalkHour(Talk):
    """With a lead's client, in an hour of a local day."""

    pk = models.CompositePrimaryKey("lead_id", "day", "hour")
    lead_id = models.BigIntegerField()
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("hour of messages")
        verbose_name_plural = _("hours of messages")
        indexes = [
            models.Index(fields=["day"], name="talkhour_day"),
            models.Index(
                fields=["day"], condition=models.Q(heard__gt=0) | models.Q(unheard__gt=0), name="talkhour_voice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.day} {self.hour}"


class TalkTotal(Talk):
    """With all clients, in an hour of a local day: the sum of TalkHour, for whoever filters nothing."""

    pk = models.CompositePrimaryKey("day", "hour")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("messages of an hour in all")
        verbose_name_plural = _("messages of an hour in all")

    def __str__(self) -> str:
        return f"{self.day} {self.hour}"


class Turns(models.Model):
    """How Lívia's turns were worded and what they read and wrote, by the model that was asked (empty: none)."""

    model = models.CharField(max_length=80, blank=True, db_collation="C")
    turns = models.IntegerField(default=0)
    paid = models.IntegerField(default=0)  # turns that cost tokens
    by_model = models.IntegerField(default=0)
    repaired = models.IntegerField(default=0)
    by_rules = models.IntegerField(default=0)
    by_default = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    tokens_in = models.BigIntegerField(default=0)  # without `tokens_cached`
    tokens_cached = models.BigIntegerField(default=0)
    tokens_out = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class TurnDay(Turns):
    """With a lead's client, on a local day."""

    pk = models.CompositePrimaryKey("lead_id", "day", "model")
    lead_id = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        verbose_name = _("day of turns")
        verbose_name_plural = _("days of turns")
        indexes = [models.Index(fields=["day"], name="turnday_day")]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.day} {self.model}"


class TurnTotal(Turns):
    """With all clients, on a local day: the sum of TurnDay, for whoever filters nothing."""

    pk = models.CompositePrimaryKey("day", "model")
    day = models.DateField()

    class Meta:
        verbose_name = _("turns of a day in all")
        verbose_name_plural = _("turns of a day in all")

    def __str__(self) -> str:
        return f"{self.day} {self.model}"


class RefusalDay(models.Model):
    """What the guard refused of Lívia's replies to a lead's client on a local day."""

    pk = models.CompositePrimaryKey("lead_id", "day", "code")
    lead_id = models.BigIntegerField()
    day = models.DateField()
    code = models.CharField(max_length=40, db_collation="C")
    times = models.IntegerField()

    class Meta:
        verbose_name = _("day of refusals")
        verbose_name_plural = _("days of refusals")
        indexes = [models.Index(fields=["day"], name="refusalday_day")]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.day} {self.code}"


class OpenSpan(models.Model):
    """A stretch in which the business is open, and how many seconds it was open before, since the first of them."""

    begins_at = models.DateTimeField(primary_key=True)
    ends_at = models.DateTimeField()
    before_s = models.BigIntegerField()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self) -> str:
        return f"{self.begins_at} – {self.ends_at}"


class Progress(models.Model):
    """How far the figures are. One row.

    `as_of`: what was committed by then is in. `…_upto`: the ids of which none that is lower can still be committed.
    """

    as_of = models.DateTimeField(null=True)
    interactions_upto = models.BigIntegerField(default=0)
    messages_upto = models.BigIntegerField(default=0)
    turns_upto = models.BigIntegerField(default=0)
    hours_key = models.CharField(max_length=64, blank=True)  # of the opening hours in OpenSpan
    rebuilt_upto = models.BigIntegerField(null=True)  # the last lead of a rebuild that is under way
    rebuilt_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("progress of the figures")
        verbose_name_plural = _("progress of the figures")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="analytics_progress_single")]

    def __str__(self) -> str:
        return str(self.as_of)
