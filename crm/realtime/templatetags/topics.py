"""What templates of notifications ask."""

from django import template

from crm.realtime.topics import topic_of

register = template.Library()


@register.filter
def topic(kind: str) -> str:
    """The topic of a kind of notification: `message` → `messages`."""
    return topic_of(kind).value
