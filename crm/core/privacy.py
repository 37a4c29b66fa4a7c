"""A person whose data is asked for or erased, and the ports through which every app answers for its own rows.

`gather` hands out what an app holds of a person, `erase` makes it nobody's, `clear` follows outside of the database.
All get the same `Subject`; all answer with a dictionary that no other app's key is in.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from crm.core.phones import phone_display
from crm.core.ports import Gathering

_SHORTEST = 3  # what is shorter is found in everybody's words


@dataclass(frozen=True)
class Subject:
    """All under which one person is known here: keys of rows, and the words that must not be found any more.

    `phones` are E.164 with the plus, in every written form we keep (with and without Brazil's ninth digit); `addresses`
    are WhatsApp's (JIDs and LIDs); `names` what the person was called, as written.
    """

    lead_ids: tuple[int, ...]
    contact_ids: tuple[int, ...] = ()
    conversation_ids: tuple[int, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def digits(self) -> tuple[str, ...]:
        """The numbers people and machines write: phones without the plus, with and without Brazil's code, and LIDs."""
        plain = [phone.lstrip("+") for phone in self.phones]
        national = [digits[2:] for digits in plain if digits.startswith("55") and len(digits) in (12, 13)]
        beside = [address.partition("@")[0] for address in self.addresses]
        return tuple(dict.fromkeys([*plain, *national, *(digits for digits in beside if digits.isdigit())]))

    @property
    def alone(self) -> tuple[str, ...]:
        """Names of one word: others have them too, and they stand inside of other words."""
        return _forms(name for name in self.names if " " not in name.strip())

    @property
    def telling(self) -> tuple[str, ...]:
        """What stands for this person wherever it is found: numbers, addresses, names of several words."""
        shown = [phone_display(phone) for phone in self.phones]
        names = [name for name in self.names if " " in name.strip()]
        return _forms([*self.digits, *self.phones, *shown, *self.addresses, *self.emails, *names])

    @property
    def words(self) -> tuple[str, ...]:
        """All that tells who it was, as it may stand in a text or in a page."""
        return tuple(dict.fromkeys([*self.telling, *self.alone]))


def _forms(words: Iterable[str]) -> tuple[str, ...]:
    written = [form for word in words for form in (word, escape(word))]
    return tuple(dict.fromkeys(word for word in written if len(word) >= _SHORTEST))


def likes(words: Iterable[str]) -> list[str]:
    """Words as patterns for ILIKE ANY on the text of JSON."""
    return [f"%{_in_json(word)}%" for word in words]


def likes_whole(words: Iterable[str]) -> list[str]:
    """As `likes`, for words that are a value of their own: neither a key nor part of another value."""
    return [f'%"{_in_json(word)}"{end}%' for word in words for end in ",}]"]


def _in_json(word: str) -> str:
    return like_escape(json.dumps(word, ensure_ascii=False)[1:-1])


def word_patterns(words: Iterable[str]) -> list[str]:
    """Words as regular expressions, Python's and PostgreSQL's, that do not match inside of longer words."""
    return [rf"(?<!\w){re.escape(word)}(?!\w)" for word in words]


def like_escape(text: str) -> str:
    """A text that LIKE takes letter by letter."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


# gather(subject) -> {"section": rows as plain values (JSON), …, "files": [(name in the archive, path in MEDIA_ROOT)]}
# with one files key per app: "<app>_files".
gather: Gathering[[Subject]] = Gathering()
# erase(subject) -> {"table": how many rows, …, "<app>_files": [paths in MEDIA_ROOT that are now nobody's]}. Runs inside
# one transaction in which the person's names, threads and leads are locked; the files go after the commit.
erase: Gathering[[Subject]] = Gathering()
# clear(subject) -> {"store": how many things}: what lies outside of the database and MEDIA_ROOT (Redis, a gateway's
# store). Called after the commit, again and again until nothing raises; it may run twice.
clear: Gathering[[Subject]] = Gathering()
