"""What managers set is read once and is in force at once, whoever changes it and however."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agent.catalogue import in_force
from agent.models import BusinessProfile, FaqEntry, ProductVersion, PromptVersion
from crm.core.work import unit

pytestmark = pytest.mark.django_db


def withdraw() -> None:
    ProductVersion.objects.filter(code="consorcio").update(active=False)


def ask_for_less() -> None:
    version = PromptVersion.objects.get(stage="INTRO")
    version.pk, version.version, version.asks = None, 2, []
    version.save(force_insert=True)


CHANGES = {
    "a product withdrawn": withdraw,
    "products deleted": lambda: ProductVersion.objects.all().delete(),
    "a prompt": ask_for_less,
    "a name": lambda: BusinessProfile(name="Horizonte Crédito").save(),
    "no reminders": lambda: BusinessProfile(follow_ups=False).save(),
    "a question": lambda: FaqEntry.objects.create(question="Onde ficam?", answer="Em Sorocaba."),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_in_force_at_once(change: Callable[[], None]):
    before = in_force()
    change()
    assert in_force() != before


def test_a_change_within_a_change_is_in_force_too():
    for name in ("Horizonte", "Aurora", "Horizonte"):
        BusinessProfile(name=name).save()
        assert in_force().business.name == name


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_never_was():
    before = in_force()
    with suppress(LookupError), unit():
        BusinessProfile(name="Aurora").save()
        assert in_force().business.name == "Aurora"
        raise LookupError
    assert in_force() == before
    BusinessProfile(name="Horizonte").save()
    assert in_force().business.name == "Horizonte"


def test_what_has_not_changed_is_not_read_again():
    before = in_force()
    with CaptureQueriesContext(connection) as queries:
        assert in_force() is before
    assert len(queries) == 1
