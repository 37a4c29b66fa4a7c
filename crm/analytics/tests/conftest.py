from collections.abc import Iterator

import pytest
import time_machine

from crm.accounts.models import User
from crm.analytics.tests.world import World, local


@pytest.fixture
def world(db: None, bruno: User) -> Iterator[World]:
    with time_machine.travel(local("20/10 08:00"), tick=False) as traveller:
        yield World(traveller, bruno)
