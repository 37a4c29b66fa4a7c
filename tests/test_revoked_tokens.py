"""A revoked token while Redis, where revoked ones are remembered, forgets or goes away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.api.models import TokenFamily
from crm.api.tests.asking import ask, refusal, sign_in
from crm.core import redis
from stack.valkey import Valkey
from whatsapp.tests.conftest import eventually

NOT_VALID = (401, "token_not_valid")


@pytest.fixture
def valkey(tmp_path: Path, settings) -> Iterator[Valkey]:
    """A Valkey of this test, to empty and to take away."""
    server = Valkey(tmp_path, tmp_path / "valkey.log", durable=False)
    server.start()
    try:
        eventually(server.ready)
        settings.REDIS_URL, settings.REDIS_BRIEF_SECONDS = server.url, 1
        redis._brief.cache_clear()
        yield server
    finally:
        server.stop(3)
        redis._brief.cache_clear()
        redis.BriefConnection._away_until = 0.0


@pytest.mark.django_db(transaction=True)
def test_a_revoked_token_stays_so_when_redis_forgets_or_goes(ana, valkey, django_assert_num_queries):
    revoked, good = sign_in(ana), sign_in(ana)

    def ask_both() -> list[int]:
        return [ask("GET", "me", bearer=tokens["access"]).status_code for tokens in (revoked, good)]

    assert ask_both() == [200, 200]
    ask("POST", "auth/logout", {"refresh": revoked["refresh"]})
    with django_assert_num_queries(0):  # Redis knows it
        assert refusal(ask("GET", "me", bearer=revoked["access"])) == NOT_VALID
    redis.brief().flushall()
    assert ask_both() == [401, 200]
    with django_assert_num_queries(0):  # and knows it again
        assert refusal(ask("GET", "me", bearer=revoked["access"])) == NOT_VALID
    valkey.stop(3)
    assert ask_both() == [401, 200]
    ask("POST", "auth/logout", bearer=good["access"])
    assert ask_both() == [401, 401]
    assert TokenFamily.objects.filter(revoked_at=None).count() == 0
