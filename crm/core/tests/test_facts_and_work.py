"""A unit of work is all or nothing, and what listens hears of it at the right moment."""

from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction

from crm.core import facts
from crm.core.work import before_commit, held, holding, service, unit

User = get_user_model()


@dataclass(frozen=True)
class TeaMade:
    cups: int


@pytest.fixture(autouse=True)
def forget_listeners():
    yield
    facts._after.pop(TeaMade, None)
    facts._inside.pop(TeaMade, None)


@service
def person_add(*, email: str, broken: bool = False) -> models.Model:
    user = User.objects.create_user(email)
    if broken:
        raise LookupError(email)
    return user


@pytest.mark.django_db(transaction=True)
def test_a_service_that_fails_leaves_nothing() -> None:
    with pytest.raises(LookupError):
        person_add(email="ana@example.com", broken=True)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_inner_service_that_fails_undoes_the_outer_one() -> None:
    with pytest.raises(LookupError), unit():
        person_add(email="ana@example.com")
        person_add(email="caio@example.com", broken=True)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failure_of_an_inner_service_cannot_be_swallowed() -> None:
    def swallow() -> None:
        with unit():
            person_add(email="ana@example.com")
            with suppress(LookupError):
                person_add(email="caio@example.com", broken=True)

    with pytest.raises(transaction.TransactionManagementError):
        swallow()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_hook_runs_once_last_and_inside_the_outermost_transaction() -> None:
    order: list[str] = []

    def make():
        def hook() -> None:
            assert connection.in_atomic_block
            order.append("hook")

        return hook

    with unit():
        before_commit("tea", make)
        with unit():
            before_commit("tea", make)
            order.append("inner")
        order.append("outer")
    assert order == ["inner", "outer", "hook"]


@pytest.mark.django_db(transaction=True)
def test_a_hook_may_ask_for_another_and_all_of_them_run() -> None:
    ran: list[str] = []
    with unit():
        before_commit("first", lambda: lambda: before_commit("second", lambda: lambda: ran.append("second")))
    assert ran == ["second"]


@pytest.mark.django_db(transaction=True)
def test_a_hook_that_fails_undoes_the_change() -> None:
    with pytest.raises(ZeroDivisionError), unit():
        person_add(email="ana@example.com")
        before_commit("tea", lambda: lambda: 1 // 0)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_hooks_of_a_failed_unit_do_not_reach_the_next_one() -> None:
    ran: list[int] = []
    with pytest.raises(LookupError), unit():
        before_commit("tea", lambda: lambda: ran.append(1))
        raise LookupError
    with unit():
        pass
    assert ran == []


def test_a_hook_needs_a_unit() -> None:
    with pytest.raises(RuntimeError, match="@service"):
        before_commit("tea", lambda: lambda: None)


def test_a_row_is_held_in_its_unit_alone(db) -> None:
    ana = User.objects.create_user("ana@example.com")
    with pytest.raises(RuntimeError, match="@service"), holding(ana):
        pass
    with unit():
        with holding(ana):
            assert held(User, ana.pk) is ana
            assert held(User, ana.pk + 1) is None
        assert held(User, ana.pk) is None


def test_a_row_is_held_no_more_after_an_error(db) -> None:
    ana = User.objects.create_user("ana@example.com")
    with pytest.raises(LookupError), unit(), holding(ana):
        raise LookupError
    assert held(User, ana.pk) is None


@pytest.mark.django_db(transaction=True)
def test_listeners_inside_hear_at_once_and_the_others_after_the_commit() -> None:
    heard: list[str] = []
    facts.on(TeaMade, inside=True)(lambda fact: heard.append(f"inside {fact.cups}"))
    facts.on(TeaMade)(lambda fact: heard.append(f"after {fact.cups} {connection.in_atomic_block}"))
    with unit():
        facts.publish(TeaMade(cups=2))
        heard.append("told")
    assert heard == ["inside 2", "told", "after 2 False"]


@pytest.mark.django_db(transaction=True)
def test_nobody_hears_after_the_commit_of_what_was_rolled_back() -> None:
    heard: list[TeaMade] = []
    facts.on(TeaMade)(heard.append)
    with pytest.raises(LookupError), unit():
        facts.publish(TeaMade(cups=1))
        raise LookupError
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_after_the_commit_stops_no_other_and_no_change() -> None:
    heard: list[TeaMade] = []
    facts.on(TeaMade)(lambda fact: 1 // 0)
    facts.on(TeaMade)(heard.append)
    with unit():
        person_add(email="ana@example.com")
        facts.publish(TeaMade(cups=1))
    assert heard == [TeaMade(cups=1)]
    assert User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_listener_inside_that_fails_undoes_the_change() -> None:
    facts.on(TeaMade, inside=True)(lambda fact: 1 // 0)
    with pytest.raises(ZeroDivisionError), unit():
        person_add(email="ana@example.com")
        facts.publish(TeaMade(cups=1))
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_registers_twice_hears_once() -> None:
    heard: list[TeaMade] = []

    def listener(fact: TeaMade) -> None:
        heard.append(fact)

    facts.on(TeaMade)(facts.on(TeaMade)(listener))
    with unit():
        facts.publish(TeaMade(cups=1))
    assert heard == [TeaMade(cups=1)]
