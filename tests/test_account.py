"""One's own account, and the log of what happens around it."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD
from crm.accounts.models import Role, SecurityEvent, SecurityKind, User
from crm.accounts.security import security_event, security_prune
from crm.core.clock import now
from crm.realtime.models import PushSubscription
from crm.realtime.sessions import user_of_session
from leads.staffing import person_deactivate, person_reactivate

NEW = "another-long-password"


def kinds(user: User | None) -> list[str]:
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Client:
    client.post("/login/", {"username": user.email, "password": password})
    return client


def test_a_new_password_asks_for_the_old_one_and_ends_all_other_sessions(ana, browse):
    here, elsewhere = browse(ana), browse(ana)
    wrong = {"old": "wrong", "new": NEW, "again": NEW}
    assert here.post("/account/", wrong).status_code == 422
    assert here.post("/account/", {**wrong, "old": PASSWORD, "again": "other"}).status_code == 422
    assert here.post("/account/", {"old": PASSWORD, "new": "short", "again": "short"}).status_code == 422
    key = here.session.session_key
    assert here.post("/account/", {"old": PASSWORD, "new": NEW, "again": NEW}).status_code == 302
    assert here.get("/board/").status_code == 200 and here.session.session_key != key
    assert elsewhere.get("/board/").status_code == 302
    assert user_of_session(elsewhere.session.session_key) is None
    assert sign_in(Client(), ana, NEW).get("/board/").status_code == 200


def test_guessing_the_old_password_from_a_session_left_open_locks_too(ana, browse, settings):
    settings.AXES_FAILURE_LIMIT = 2
    client = browse(ana)
    guess = {"old": "wrong", "new": NEW, "again": NEW}
    assert [client.post("/account/", guess).status_code for _ in range(2)] == [422, 429]
    key = {"name": "Site", "scopes": "leads:read", "password": PASSWORD}
    refused = client.post("/account/keys/", key, headers={"HX-Request": "true"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "locked")


def test_signing_out_everywhere_ends_every_session_and_every_device(ana, bruno, browse):
    here, elsewhere, other = browse(ana), browse(ana), browse(bruno)
    for user in (ana, bruno):
        PushSubscription.objects.create(user=user, endpoint=f"https://push.example/{user.pk}", p256dh="k", auth="a")
    assert here.post("/account/everywhere/").headers["Location"] == "/login/"
    assert here.get("/board/").status_code == elsewhere.get("/board/").status_code == 302
    assert other.get("/board/").status_code == 200
    assert list(PushSubscription.objects.values_list("user", flat=True)) == [bruno.pk]


def test_somebody_who_saves_what_they_read_before_revives_no_session(ana, browse):
    client, stale = browse(ana), User.objects.get(pk=ana.pk)
    browse(ana).post("/account/everywhere/")
    stale.name = "Ana C. Dias"
    stale.save()
    assert client.get("/board/").status_code == 302
    assert User.objects.get(pk=ana.pk).name == "Ana C. Dias"


def test_who_comes_back_after_deactivation_signs_in_anew(ana, bruno, browse):
    client = browse(ana)
    person_deactivate(user_id=ana.pk, by=bruno)
    person_reactivate(user_id=ana.pk, by=bruno)
    assert client.get("/board/").status_code == 302
    assert [event.data["active"] for event in SecurityEvent.objects.filter(by=bruno).order_by("pk")] == [False, True]


def test_another_role_is_written_down_and_asks_to_sign_in_again(ana, bruno, browse):
    client = browse(ana)
    fields = {"name": ana.name, "email": ana.email, "role": Role.MANAGER, "language": "", "available": "on"}
    assert browse(bruno).post(f"/admin/accounts/user/{ana.pk}/change/", fields).status_code == 302
    event = SecurityEvent.objects.get(kind=SecurityKind.ROLE_CHANGED)
    assert (event.user, event.by, event.data) == (ana, bruno, {"before": "consultant", "after": "manager"})
    assert client.get("/board/").status_code == 302


def test_a_password_set_by_a_manager_or_by_link_ends_sessions(ana, bruno, browse):
    client = browse(ana)
    both = {"password1": NEW, "password2": NEW}
    assert browse(bruno).post(f"/admin/accounts/user/{ana.pk}/password/", both).status_code == 302
    assert client.get("/board/").status_code == 302
    assert SecurityEvent.objects.get(kind=SecurityKind.PASSWORD_CHANGED).by == bruno
    client = sign_in(Client(), ana, NEW)
    link = browse(bruno).get(f"/admin/accounts/user/{ana.pk}/password-link/").context["link"]
    own = Client()
    form = own.get(link.removeprefix("http://testserver"), follow=True).redirect_chain[-1][0]
    assert own.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert client.get("/board/").status_code == 302
    assert own.get(link, follow=True).context["validlink"] is False


def test_signing_in_and_out_and_failing_is_written_down_without_what_was_typed(ana, client):
    sign_in(client, ana, "my-other-secret")
    sign_in(client, ana)
    client.post("/logout/")
    assert kinds(ana) == [SecurityKind.SIGN_IN_FAILED, SecurityKind.SIGNED_IN, SecurityKind.SIGNED_OUT]
    client.post("/login/", {"username": "nobody-known@example.com", "password": "my-other-secret"})
    assert kinds(None) == [SecurityKind.SIGN_IN_FAILED]
    kept = str(list(SecurityEvent.objects.values()))
    assert "secret" not in kept and "nobody-known" not in kept


def test_nothing_that_was_typed_is_kept_for_the_lock(ana, browse):
    client = browse(ana)
    client.post("/account/", {"old": "my-secret-old", "new": "my-secret-new", "again": "my-secret-new"})
    client.post("/login/?next=/my-secret/", {"username": ana.email, "password": "my-secret"})
    Client().post("/login/?next=/my-secret/", {"username": ana.email, "password": "x", "oops": "my-secret"})
    kept = str(list(AccessAttempt.objects.values()))
    assert ana.email in kept and "secret" not in kept


def test_a_manager_changes_their_own_password_only_with_the_old_one(bruno, browse):
    """Whoever finds their screen unlocked stays out of the account."""
    client = browse(bruno)
    person = f"/admin/accounts/user/{bruno.pk}"
    both = {"password1": NEW, "password2": NEW}
    assert client.post(f"{person}/password/", both).headers["Location"] == "/account/"
    assert client.get(f"{person}/password-link/").headers["Location"] == "/account/"
    bruno.refresh_from_db()
    assert bruno.check_password(PASSWORD)


def test_everyone_sees_their_own_events_and_nobody_elses(ana, caio, browse):
    security_event(kind=SecurityKind.LOCKED, user=caio)
    page = browse(ana).get("/account/")
    assert {event.user for event in page.context["events"]} == {ana}


def test_managers_read_the_log_but_what_is_about_administrators(ana, bruno, browse):
    eva = User.objects.create_user("eva@example.com", PASSWORD, name="Eva", role=Role.ADMIN)
    for user in (ana, eva, None):
        security_event(kind=SecurityKind.LOCKED, user=user)
    address = "/admin/accounts/securityevent/?kind=locked"
    seen = {who: browse(who).get(address).context["cl"].queryset for who in (bruno, eva)}
    assert {event.user for event in seen[bruno]} == {ana, None}
    assert {event.user for event in seen[eva]} == {ana, eva, None}
    one = SecurityEvent.objects.get(user=ana, kind=SecurityKind.LOCKED)
    assert browse(eva).post(f"/admin/accounts/securityevent/{one.pk}/delete/").status_code == 403


def test_events_are_kept_a_year(ana, settings):
    old, fresh = (security_event(kind=SecurityKind.LOCKED, user=ana) for _ in range(2))
    SecurityEvent.objects.filter(pk=old.pk).update(at=now() - timedelta(days=settings.SECURITY_KEEP_DAYS, minutes=1))
    assert security_prune() == 1 and SecurityEvent.objects.get() == fresh


@pytest.mark.parametrize("name", ["accounts:account", "accounts:factor"])
def test_account_pages_are_kept_by_no_cache(ana, browse, name):
    assert "no-store" in browse(ana).get(reverse(name)).headers["Cache-Control"]
