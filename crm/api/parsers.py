"""Reading request bodies of the API."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_DEEPEST = 30


class StrictJSONParser(JSONParser):
    """JSON only; nesting deep enough to exhaust the parser is bad input like any other."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            told = super().parse(stream, media_type, parser_context)
        except (RecursionError, UnicodeDecodeError) as error:
            raise ParseError(_("This is not JSON that can be read.")) from error
        if _is_deep(told):
            raise ParseError(_("This is not JSON that can be read."))
        return told


def _is_deep(told: Any) -> bool:
    """Whether it is nested deeper than any body is: a refusal that repeats it would go deeper still."""
    level = [told]
    for _depth in range(_DEEPEST):
        level = [inner for part in level for inner in _parts(part)]
        if not level:
            return False
    return True


def _parts(told: Any) -> Iterable[Any]:
    if isinstance(told, dict):
        return told.values()
    return told if isinstance(told, list) else ()
