"""What an attacker types: values for forms, queries and addresses, and the names of all fields there are."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from hypothesis import strategies as st

from stack.places import ROOT

APPS = ("agent", "conversations", "crm", "leads", "whatsapp")
_ASKED = re.compile(r"""request\.(?:POST|GET|FILES)(?:\.get|\.getlist)?[(\[]\s*["']([a-z_]+)["']""")

NUMBERS = [
    "0", "-1", "1", "01", " 1 ", "1_000", "0x10", "1e400", "-1e-400", "NaN", "Infinity", "²", "١٢", "½", "1,5", "1.5",
    str(2**31), str(2**63), str(-(2**63) - 1), "9" * 400,
]  # fmt: skip
TEXTS = [
    "", " ", "\0", "a\0b", "\ud800", "x\udfffy", "\u202eevil\u202c", "\u200f\u200b\ufeff", "😀" * 50,
    "👩‍👩‍👧‍👦", "e" + "\u0301" * 200,
    "'", "\"'`;--", "' OR 1=1 --", "%", "%s %(x)s {0.__class__} {{ 7*7 }} {% debug %} ${7*7}", "\\",
    "\r\nSet-Cookie: a=b",
    "../../etc/passwd", "C:\\x", "null", "[]", '{"a": 1}', "[" * 2000, "<script>alert(1)</script>",
    "=1+1", "x" * 100_000,
]  # fmt: skip
DATES = [
    "2026-11-20", "0000-00-00", "9999-12-31", "10000-01-01", "2026-02-30", "-1-1-1", "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-11-20T25:00", "2026-11-20T10:00", "2026-11-20T10:00:00-99:99", "31/12/9999", "01/01/0001 00:00",
    "20/11/2026 10:00",
]  # fmt: skip
# What opens the next door: words the product knows.
KNOWN = [
    "NEW", "LOST", "WON", "HOT", "other", "move", "assign", "leads", "csv", "xlsx", "personal_loan", "funnel", "phone",
    "true", "on", "+5511998123340", "Maria", "tomorrow", "week", "all", "open", "mine", "pt-br", "week", "30",
]  # fmt: skip


def field_names() -> list[str]:
    """Of every form class and of all that views read by name."""
    names = {name for form in _subclasses(forms.BaseForm) for name in getattr(form, "base_fields", {})}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "tests" not in path.parts:
                names |= set(_ASKED.findall(path.read_text()))
    return sorted(names)


def _subclasses(kind: type) -> Iterator[type]:
    for sub in kind.__subclasses__():
        if sub.__module__.startswith(APPS):
            yield sub
        yield from _subclasses(sub)


def values() -> st.SearchStrategy[str]:
    anything = st.text(max_size=60)
    return st.one_of(st.sampled_from(KNOWN), st.sampled_from(NUMBERS), st.sampled_from(TEXTS + DATES), anything)


def fields(names: list[str]) -> st.SearchStrategy[dict[str, list[str]]]:
    """Fields, some of them several times."""
    some = st.lists(values(), min_size=1, max_size=2)
    return st.dictionaries(st.sampled_from(names), some, max_size=40)


def encoded(given: dict[str, Any]) -> str:
    """As a form sends it; lone surrogates travel as the bytes they would be."""
    return urlencode(given, doseq=True, errors="surrogatepass")
