"""How the figures of a thread are written."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@register.filter
def span_words(seconds: float) -> str:
    """A span of time in its largest units: `12 s`, `8 min`, `2 h 05 min`, `3 d`."""
    whole = round(seconds)
    if whole < _MINUTE:
        return _("%(n)s s") % {"n": whole}
    if whole < _HOUR:
        return _("%(n)s min") % {"n": whole // _MINUTE}
    if whole < _DAY:
        return _("%(h)s h %(m)02d min") % {"h": whole // _HOUR, "m": whole % _HOUR // _MINUTE}
    return _("%(n)s d") % {"n": whole // _DAY}


@register.filter
def mood_step(mood: float) -> int:
    """A mood from -1 to 1 as a step from 1 (bad) to 5 (good)."""
    return min(5, max(1, round(mood * 2) + 3))
