"""Answers to forms in dialogs."""

import json
from typing import Any

from django.http import HttpResponse


def closing(text: str = "", *, event: str = "") -> HttpResponse:
    """What a dialog's form asked for is done: the dialog closes, `text` shows as a toast, `event` tells the page."""
    told: dict[str, Any] = {}
    if text:
        told["toast"] = {"level": "ok", "text": text}
    if event:
        told[event] = True
    told["modal:close"] = True  # last: with its form the dialog loses what tells the page of the others
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps(told)
    return response
