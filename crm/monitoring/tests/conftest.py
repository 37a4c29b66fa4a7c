"""What earlier tests counted is nobody's measurement."""

import pytest
from django.core.cache import cache

from crm.core.tally import tally_flush


@pytest.fixture(autouse=True)
def nothing_counted(quick_and_clean) -> None:
    tally_flush()
    cache.clear()
