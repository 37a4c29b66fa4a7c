"""Somebody may no longer sign in with what they had: nor may their programs, from the same commit on."""

from crm.accounts.events import AccessEnded
from crm.api.families import families_revoke
from crm.api.keys import keys_revoke
from crm.core.facts import on


@on(AccessEnded, inside=True)
def _end(fact: AccessEnded) -> None:
    """Keys have a secret of their own, and are ended by themselves; they go with the person alone."""
    families_revoke(user_id=fact.user_id, why=fact.why)
    if fact.why == "deactivated":
        keys_revoke(user_id=fact.user_id)
