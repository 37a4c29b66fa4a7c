"""Tokens and the second factor."""

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from crm.accounts.factors import factor_remove
from crm.api.keys import key_create
from crm.api.tests.asking import ask, refusal, sign_in


def code_of(device: TOTPDevice) -> str:
    return f"{TOTP(device.bin_key, step=device.step, digits=device.digits).token():06d}"


def test_who_has_a_second_factor_must_send_its_code(ana, settings):
    device = TOTPDevice.objects.create(user=ana, name="app", confirmed=True)
    body = {"email": ana.email, "password": "a-long-test-password"}
    assert refusal(ask("POST", "auth/token", body)) == (401, "second_factor")
    wrong = f"{(int(code_of(device)) + 1) % 1_000_000:06d}"
    assert refusal(ask("POST", "auth/token", {**body, "code": wrong})) == (401, "second_factor")
    device.throttle_reset()
    code = code_of(device)
    assert ask("POST", "auth/token", {**body, "code": code}).status_code == 200
    assert refusal(ask("POST", "auth/token", {**body, "code": code})) == (401, "second_factor")  # each counts once


def test_wrong_codes_lock_as_wrong_passwords_do(ana, settings):
    settings.AXES_FAILURE_LIMIT = 2
    TOTPDevice.objects.create(user=ana, name="app", confirmed=True)
    body = {"email": ana.email, "password": "a-long-test-password", "code": "no-such-code"}
    assert refusal(ask("POST", "auth/token", body)) == (401, "second_factor")
    assert [refusal(ask("POST", "auth/token", body)) for _ in range(2)] == [(429, "locked")] * 2


def test_a_manager_without_the_second_factor_that_must_be_has_no_token_and_no_key(bruno, ana, settings):
    device = TOTPDevice.objects.create(user=bruno, name="app", confirmed=True)
    token = sign_in(bruno, code=code_of(device))["access"]
    _key, key = key_create(user=bruno, name="reports", scopes=["analytics:read"])
    settings.MANAGERS_NEED_SECOND_FACTOR = True
    assert [ask("GET", "me", bearer=text).status_code for text in (token, key)] == [200, 200]
    factor_remove(user=bruno, by=None)
    assert [ask("GET", "me", bearer=text).status_code for text in (token, key)] == [401, 401]
    body = {"email": bruno.email, "password": "a-long-test-password"}
    assert refusal(ask("POST", "auth/token", body)) == (401, "no_second_factor")
    assert sign_in(ana)["access"]
