"""A person whose data is asked for or erased, and the ports through which every app answers for its own rows.

An app plugs two functions in its `privacy` module: `gather` hands out what it holds of a person, `erase` makes it
nobody's. Both get the same `Subject`; both answer with a dictionary that no other app's key is in.
"""

from dataclasses import dataclass

from crm.core.ports import Gathering


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


# gather(subject) -> {"section": rows as plain values (JSON), …, "files": [(name in the archive, path in MEDIA_ROOT)]}
# with one files key per app: "<app>_files".
gather: Gathering[[Subject]] = Gathering()
# erase(subject) -> {"table or store": how many rows or things}. Runs inside one transaction; what lies outside the
# database (files, Redis) is removed after the commit by the app that owns it, and found again by its sweeper.
erase: Gathering[[Subject]] = Gathering()
