"""What consultants type beside messages: times, ready answers, tasks."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from conversations.canned import MAX_SHORTCUT, MAX_TEXT
from conversations.models import CannedReply
from crm.core.clock import now


class LocalMoment(forms.DateTimeField):
    """A date and an hour in the product's time zone, whatever the browser's clock says."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


class ScheduleForm(forms.Form):
    text = forms.CharField(label=_("Message"), required=False, widget=forms.Textarea(attrs={"rows": 4}), strip=False)
    send_at = LocalMoment(label=_("When"))
    cancel_on_reply = forms.BooleanField(
        label=_("Only if the client has not written by then"), required=False, initial=True
    )


class CannedForm(forms.ModelForm):
    shortcut = forms.CharField(
        label=_("Shortcut"), max_length=MAX_SHORTCUT + 1, help_text=_("Typed after a slash in a conversation.")
    )
    text = forms.CharField(
        label=_("Text"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 6, "data-canned-text": ""})
    )
    shared = forms.BooleanField(label=_("For the whole team"), required=False)

    class Meta:
        model = CannedReply
        fields = ("shortcut", "text")

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]
        elif self.instance.pk:
            self.fields["shared"].initial = self.instance.owner_id is None

    def validate_unique(self) -> None:
        """`canned_save` answers for it: only it knows whose the answer becomes."""


class TaskForm(forms.Form):
    title = forms.CharField(label=_("Task"), max_length=120)
    due_at = LocalMoment(label=_("Due"))


def tomorrow_morning() -> datetime:
    """What a dialog suggests."""
    return timezone.localtime(now()).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)


def shortcuts() -> list[tuple[str, str]]:
    """(value of the field, what it is called) of times people often choose, the soonest first."""
    local, morning = timezone.localtime(now()), tomorrow_morning()
    tonight = local.replace(hour=18, minute=0)
    monday = morning + timedelta(days=(7 - morning.weekday()) % 7)
    choices = [(local + timedelta(hours=1), _now("In an hour"))]
    if tonight > local + timedelta(hours=1):
        choices.append((tonight, _now("Today at 18:00")))
    choices.append((morning, _now("Tomorrow at 9:00")))
    if monday != morning:
        choices.append((monday, _now("%(day)s at 9:00") % {"day": date_format(monday, "l").capitalize()}))
    return [(at.strftime("%Y-%m-%dT%H:%M"), label) for at, label in choices]
