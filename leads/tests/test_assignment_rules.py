"""Rules by product, state and source: the first that fits says who may get a lead."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.accounts.models import User
from crm.accounts.services import availability_set
from leads.models import AssignmentRule, Consultant, Lead, RotationSettings, Source
from leads.rotation import line, next_in_turn, turns_ahead
from leads.services import lead_assign, lead_create

SP = {"uf": "SP"}


def rule(*users: User, position: int = 0, **fits: object) -> AssignmentRule:
    made = AssignmentRule.objects.create(name=f"Regra {position}", position=position, **fits)
    made.consultants.set(user.pk for user in users)
    return made


def lead_number(number: int, *, source: Source = Source.API, **values: str) -> Lead:
    values = {"name": f"Lead {number}", "phone": f"+55119{number:08d}", **values}
    return lead_create(values=values, source=source)[0]


def test_a_rule_fits_by_product_state_and_source_together(ana, caio):
    rule(caio, products=["home_equity"], ufs=["SP", "RJ"], sources=["form"])
    fitting = {"product": "home_equity", "uf": "SP", "source": Source.FORM}
    assert [lead_number(n, **fitting).consultant_id for n in (1, 2)] == [caio.pk, caio.pk]
    for number, change in enumerate(({"product": "consorcio"}, {"uf": "MG"}, {"uf": ""}, {"source": Source.API}), 3):
        assert lead_number(number, **{**fitting, **change}).consultant_id == ana.pk
        Consultant.objects.update(turn=0)


def test_the_first_rule_in_order_counts_and_one_out_of_use_does_not(ana, caio):
    rule(ana, position=2, ufs=["SP"])
    first = rule(caio, position=1, ufs=["SP"])
    assert next_in_turn(SP).pk == lead_number(1, **SP).consultant_id == caio.pk
    first.active = False
    first.save()
    assert next_in_turn(SP).pk == lead_number(2, **SP).consultant_id == ana.pk


def test_a_rule_holds_for_those_away_too_but_not_for_those_out_of_the_rotation(ana, caio):
    rule(caio, ufs=["SP"])
    availability_set(user_id=caio.pk, available=False)
    assert lead_number(1, **SP).consultant_id == caio.pk
    Consultant.objects.filter(pk=caio.pk).update(in_rotation=False)
    assert lead_number(2, **SP).consultant_id == ana.pk
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert lead_number(3, **SP).consultant_id is None


def test_a_lead_assigned_again_goes_by_its_rule(ana, caio):
    lead = lead_number(1, product="consorcio")
    rule(caio, products=["consorcio"])
    assert lead_assign(lead_id=lead.pk).consultant_id == caio.pk


def test_the_strategy_managers_choose_goes_before_that_of_the_installation(ana, caio, new_lead, settings):
    settings.ASSIGNMENT_STRATEGY = "least_loaded"
    for _ in range(2):
        new_lead(owner=ana)
    Consultant.objects.filter(pk=caio.pk).update(turn=10**6)
    assert next_in_turn().pk == caio.pk
    RotationSettings.objects.create(strategy="round_robin")
    assert next_in_turn().pk == lead_number(1).consultant_id == ana.pk


@pytest.mark.parametrize("strategy", ["round_robin", "least_loaded"])
def test_what_is_foreseen_is_what_comes(ana, caio, new_lead, strategy):
    RotationSettings.objects.create(strategy=strategy)
    eva = User.objects.create_user("eva@example.com", name="Eva Luz")
    Consultant.objects.create(user=eva)
    rule(ana, caio, ufs=["SP"])
    for _ in range(3):
        new_lead(owner=ana)
    foreseen = {uf: [turn.consultant_id for turn in turns_ahead(line({"uf": uf}), 8)] for uf in ("SP", "MG")}
    assert Consultant.objects.get(pk=ana.pk).assigned_count == 3  # nothing was written
    assert [lead_number(n, uf="SP").consultant_id for n in range(1, 9)] == foreseen["SP"]
    assert set(foreseen["MG"]) == {ana.pk, caio.pk, eva.pk}  # no rule fits: everybody


@pytest.mark.django_db(transaction=True)
def test_sixteen_clients_at_once_are_spread_exactly_within_each_rule(ana, caio):
    people = [ana, caio]
    for number in range(2):
        people.append(User.objects.create_user(f"c{number}@example.com", name=f"Consultora {number}"))
        Consultant.objects.create(user=people[-1])
    rule(*people[:2], ufs=["SP"])
    rule(*people[2:], ufs=["RJ"])

    def create(number: int) -> tuple[str, int | None]:
        try:
            uf = ("SP", "RJ")[number % 2]
            return uf, lead_number(number, uf=uf).consultant_id
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        owners = Counter(pool.map(create, range(1, 121)))
    assert owners == {("SP", ana.pk): 30, ("SP", caio.pk): 30, ("RJ", people[2].pk): 30, ("RJ", people[3].pk): 30}
