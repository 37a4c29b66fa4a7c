"""What version 1 is told about conversations."""

from typing import Any

from rest_framework import serializers

from conversations.outbox import MAX_TEXT
from conversations.sending import MAX_CAPTION
from crm.api.serializing import MOST_ID, Id, Strict, Text

_QUOTED = "The message of this conversation that it answers."
_OVER = "While a colleague attends the client: their id, to answer all the same. The refusal says it."


class NewMessage(Strict):
    """A text for the client."""

    text = Text(max_length=MAX_TEXT)
    quoted_id = Id(required=False, allow_null=True, help_text=_QUOTED)
    over = Id(required=False, allow_null=True, help_text=_OVER)


class FormId(serializers.IntegerField):
    """A key in a form, where everything is text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": MOST_ID, **kwargs})


class NewFileMessage(Strict):
    """A file for the client, with its caption."""

    file = serializers.FileField(help_text="Pictures, films and recordings are known by their content.")
    text = Text(required=False, allow_blank=True, max_length=MAX_CAPTION, help_text="Its caption.")
    quoted_id = FormId(required=False, help_text=_QUOTED)
    over = FormId(required=False, help_text=_OVER)


class ReadUpto(Strict):
    """How far a conversation was read: all of it, if nothing is said."""

    upto_id = Id(
        required=False,
        allow_null=True,
        help_text="The last message that was seen. If a later one has come from the client, nothing is marked.",
    )
