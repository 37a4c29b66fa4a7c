"""What bubbles say about messages that have not left."""

from django import template

from conversations.reasons import delivery_note

register = template.Library()
register.filter("delivery_note", delivery_note)
