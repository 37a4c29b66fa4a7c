"""The second factor: what it asks, what it refuses, and that nothing stands open without it."""

import time
from base64 import b32decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from conftest import PASSWORD
from crm.accounts.factors import app_of, factor_check, factor_confirm, factor_needed, factor_on
from crm.accounts.models import Role, SecurityEvent, SecurityKind, User
from crm.realtime.sessions import user_of_session


def code_of(user: User, *, steps: int = 0) -> str:
    """What the app on the phone shows, some steps of half a minute from now."""
    return f"{TOTP(TOTPDevice.objects.get(user=user).bin_key, drift=steps).token():06d}"


def scan(page) -> str:
    """What an app shows that has just been given the key of a page."""
    return f"{TOTP(b32decode(page.context['key'].replace(' ', ''))).token():06d}"


def with_factor(user: User) -> list[str]:
    """Switch it on with the code of half a minute ago, so that the one of now is still good; the backup codes."""
    key = default_key()
    code = f"{TOTP(app_of(user, key).bin_key, drift=-1).token():06d}"
    codes = factor_confirm(user=user, key=key, code=code, request=None)
    assert len(codes) == 10
    user.refresh_from_db()
    return codes


def give_password(client: Client, user: User, leads_to: str = ""):
    return client.post(f"/login/{leads_to}", {"username": user.email, "password": PASSWORD})


@pytest.fixture(autouse=True)
def early_in_a_step() -> Iterator[None]:
    """Codes change every half a minute, and not within these tests."""
    with time_machine.travel(time.time() // 30 * 30 + 2):
        yield


@pytest.fixture
def asked():
    request = RequestFactory().post("/login/code/")
    request.axes_locked_out = False
    return request


def test_a_person_with_a_factor_is_asked_for_its_code_before_anything_opens(ana, client):
    with_factor(ana)
    assert give_password(client, ana, "?next=/leads/").headers["Location"] == "/login/code/"
    for address in ("/board/", "/account/", "/api/v1/me"):
        assert client.get(address).status_code in (302, 401)
    assert user_of_session(client.session.session_key) is None
    assert client.post("/login/code/", {"code": "000000"}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        answer = client.post("/login/code/", {"code": code_of(ana)})
    assert answer.headers["Location"] == "/leads/"
    assert user_of_session(client.session.session_key) == ana


def test_each_step_gives_the_session_a_new_key(ana, client):
    with_factor(ana)
    client.get("/login/")
    client.session["planted"] = "by somebody else"
    session = client.session
    session.save()
    keys = [session.session_key]
    give_password(client, ana)
    keys.append(client.session.session_key)
    client.post("/login/code/", {"code": code_of(ana)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_the_step_between_password_and_code_lasts_five_minutes(ana, client):
    with_factor(ana)
    give_password(client, ana)
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        assert client.post("/login/code/", {"code": code_of(ana)}).headers["Location"] == "/login/"
    give_password(client, ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.post("/login/code/", {"code": code_of(ana)}).headers["Location"] == "/login/"


def test_a_code_is_good_once_and_so_is_a_backup_code(ana, asked):
    backup = with_factor(ana)[0]
    code = code_of(ana)
    assert factor_check(ana, code, asked)
    assert not factor_check(ana, code, asked)
    assert factor_check(ana, f" {backup.upper()} ", asked)
    assert not factor_check(ana, backup, asked)
    assert SecurityEvent.objects.get(kind=SecurityKind.BACKUP_CODE_USED).data == {"left": 9}


@pytest.mark.django_db(transaction=True)
def test_a_backup_code_sent_many_times_at_once_is_good_once(ana):
    backup = with_factor(ana)[0]

    def use(_number: int) -> bool:
        try:
            request = RequestFactory().post("/login/code/")
            return factor_check(ana, backup, request)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(use, range(6))) == 1


def test_what_is_kept_of_a_backup_code_does_not_sign_in(ana, asked):
    codes = {code.replace("-", "") for code in with_factor(ana)}
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10 and not kept & codes
    assert not factor_check(ana, kept.pop(), asked)


def test_guessing_codes_locks_as_guessing_passwords_does(ana, client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    with_factor(ana)
    give_password(client, ana)
    assert [client.post("/login/code/", {"code": "000000"}).status_code for _ in range(3)] == [422, 422, 429]
    assert client.post("/login/code/", {"code": code_of(ana)}).status_code == 429
    assert give_password(Client(), ana).status_code == 429
    assert set(SecurityEvent.objects.values_list("kind", flat=True)) >= {SecurityKind.LOCKED}


def test_a_manager_without_one_is_led_to_set_it_up_and_reaches_nothing_before(bruno, client, settings):
    settings.MANAGERS_NEED_SECOND_FACTOR = True
    assert factor_needed(bruno)
    assert give_password(client, bruno, "?next=/analytics/").headers["Location"] == "/login/second-factor/"
    assert client.get("/board/").status_code == client.get("/admin/").status_code == 302
    page = client.get("/login/second-factor/")
    assert "data:image/svg+xml" in page.content.decode()
    assert client.post("/login/second-factor/", {"code": "000000"}).status_code == 422 and not factor_on(bruno)
    answer = client.post("/login/second-factor/", {"code": scan(page)})
    assert answer.status_code == 200 and 'href="/analytics/"' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/board/").status_code == 200 and factor_on(bruno)


def test_an_old_session_of_a_manager_without_one_opens_nothing(bruno, ana, browse, settings):
    """Of a time before the rule, or before they were a manager: pages, admin, API and sockets ask the same door."""
    manager, promoted = browse(bruno), browse(ana)
    assert promoted.get("/board/").status_code == 200
    settings.MANAGERS_NEED_SECOND_FACTOR = True
    assert promoted.get("/board/").status_code == 200
    User.objects.filter(pk=ana.pk).update(role=Role.MANAGER)
    for client in (manager, promoted):
        assert client.get("/board/").status_code == client.get("/admin/").status_code == 302
        assert client.post("/api/leads", {}, "application/json").status_code in (400, 401, 403)
        assert user_of_session(client.session.session_key) is None


def test_switching_it_on_ends_every_other_session(ana, browse):
    here, elsewhere = browse(ana), browse(ana)
    fields = {"password": PASSWORD, "code": scan(here.get("/account/second-factor/"))}
    assert here.post("/account/second-factor/", {**fields, "password": "wrong"}).status_code == 422
    assert not factor_on(ana)
    assert here.post("/account/second-factor/", fields).status_code == 200
    assert here.get("/board/").status_code == 200 and elsewhere.get("/board/").status_code == 302


def test_another_phone_and_switching_off_ask_for_password_and_code(ana, browse):
    codes = with_factor(ana)
    client = browse(ana)
    new = {"password": PASSWORD, "code": scan(client.get("/account/second-factor/"))}
    assert client.post("/account/second-factor/", new).status_code == 422
    mistyped = {**new, "current": codes[0], "code": "000000"}
    assert client.post("/account/second-factor/", mistyped).status_code == 422  # and the backup code is still good
    assert client.post("/account/second-factor/", {**new, "current": codes[0]}).status_code == 200
    assert TOTPDevice.objects.filter(user=ana).count() == 1
    assert client.post("/account/second-factor/off/", {"password": PASSWORD}).status_code == 422
    renewed = client.post("/account/second-factor/codes/", {"password": PASSWORD, "current": code_of(ana, steps=1)})
    backup = renewed.context["codes"][0]
    off = client.post("/account/second-factor/off/", {"password": PASSWORD, "current": backup})
    assert off.headers["Location"] == "/account/" and not factor_on(ana)
    assert client.get("/board/").status_code == 200


def test_a_manager_who_must_have_one_cannot_switch_it_off(bruno, browse, settings):
    settings.MANAGERS_NEED_SECOND_FACTOR = True
    codes = with_factor(bruno)
    answer = browse(bruno).post("/account/second-factor/off/", {"password": PASSWORD, "current": codes[0]})
    assert answer.status_code == 409 and factor_on(bruno)


def test_nobody_else_learns_the_key_before_it_is_used(ana, browse):
    """Somebody who signed in with a stolen password, or sat at a screen left alone, would have the codes ever after."""
    here, thief = browse(ana), browse(ana)
    mine, theirs = (client.get("/account/second-factor/").context["key"] for client in (here, thief))
    assert mine != theirs
    assert here.get("/account/second-factor/").context["key"] == mine
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        again = here.get("/account/second-factor/")
        assert again.context["key"] not in (mine, theirs)
        fields = {"password": PASSWORD, "code": scan(again)}
        assert here.post("/account/second-factor/", fields).status_code == 200
        assert here.get("/account/second-factor/").context["key"] != again.context["key"]


def test_who_signs_in_after_somebody_gave_up_gets_a_key_of_their_own(bruno, client, settings):
    settings.MANAGERS_NEED_SECOND_FACTOR = True
    carla = User.objects.create_user("carla@example.com", PASSWORD, name="Carla", role=Role.MANAGER)
    keys = []
    for user in (bruno, carla):
        give_password(client, user)
        keys.append(client.get("/login/second-factor/").context["key"])
    assert keys[0] != keys[1]


@pytest.fixture
def reset(browse) -> Callable[[User, User], int]:
    return lambda by, of: browse(by).post(f"/admin/accounts/user/{of.pk}/factor-reset/").status_code


def test_a_lost_phone_is_reset_by_an_administrator_or_on_the_server(ana, bruno, reset):
    carla = User.objects.create_user("carla@example.com", PASSWORD, name="Carla", role=Role.MANAGER)
    eva = User.objects.create_user("eva@example.com", PASSWORD, name="Eva", role=Role.ADMIN)
    for user in (ana, bruno, carla):
        with_factor(user)
    assert reset(bruno, carla) == 404 and factor_on(carla)
    assert reset(bruno, ana) == reset(eva, carla) == 302
    call_command("factor_reset", bruno.email)
    assert not any(map(factor_on, (ana, bruno, carla)))
    assert SecurityEvent.objects.get(kind=SecurityKind.FACTOR_REMOVED, user=carla).by == eva


def test_nobody_reads_keys_of_second_factors_in_the_admin(bruno, browse):
    with_factor(bruno)
    client = browse(bruno)
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert client.get("/admin/otp_static/staticdevice/").status_code == 404
