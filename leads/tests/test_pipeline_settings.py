"""What managers set about the pipeline: how long cards may rest, why leads are lost, rules, hours and days off."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.accounts.services import availability_set
from crm.core.clock import now
from leads.actors import person
from leads.attention import Chip, chip_q
from leads.cards import cards_html
from leads.expectations import ageing, expectations_forget
from leads.history import history_page
from leads.losses import loss_choices
from leads.models import (
    Absence,
    AssignmentRule,
    Consultant,
    Lead,
    LossReason,
    RotationSettings,
    StageExpectation,
    WorkingHours,
)
from leads.moves import lead_move
from leads.pipeline import AGEING, LostReason, Status

NO_INLINES = {
    f"{prefix}-{name}": "0" for prefix in ("working_hours", "absences") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture(autouse=True)
def in_english(db) -> Iterator[None]:
    """With the rows an installation begins with: a flush after another test may have taken them."""
    for place, code in enumerate(LostReason.values):
        LossReason.objects.get_or_create(code=code, defaults={"position": place})
    for status, (amber, red) in AGEING.items():
        hours = {"amber_hours": amber // 3600, "red_hours": red // 3600}
        StageExpectation.objects.get_or_create(status=status, defaults=hours)
    expectations_forget()
    with translation.override("en"):
        yield
    expectations_forget()


@pytest.fixture
def manager(bruno, browse) -> Client:
    client = browse(bruno)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def admin_page(model: str, pk: object = None) -> str:
    return reverse(f"admin:leads_{model}_change", args=[pk]) if pk else reverse(f"admin:leads_{model}_add")


def refused(client: Client, address: str, values: dict[str, object]) -> str:
    """What the form says against it."""
    answer = client.post(address, values)
    assert answer.status_code == 200, "it was saved"
    return answer.content.decode()


def asking() -> bool:
    return Lead.objects.filter(chip_q(Chip.ATTENTION)).exists()


# --- expectations -------------------------------------------------------------------------------------------------


def test_a_changed_expectation_marks_cards_and_chips_at_once(ana, new_lead, manager):
    lead = new_lead(owner=ana)
    Lead.objects.filter(pk=lead.pk).update(status_changed_at=now() - timedelta(hours=3))
    lead = Lead.objects.select_related("consultant__user").get(pk=lead.pk)
    assert 'data-red="14400"' in cards_html([lead])[lead.pk] and not asking()
    manager.post(admin_page("stageexpectation", "NEW"), {"amber_hours": 1, "red_hours": 2})
    assert 'data-red="7200"' in cards_html([lead])[lead.pk] and asking()
    manager.post(admin_page("stageexpectation", "NEW"), {"amber_hours": 0, "red_hours": 0})
    assert lead.ageing == (0, 0) and not asking()


def test_red_before_amber_and_ten_years_are_refused(manager):
    address = admin_page("stageexpectation", "PROPOSAL")
    assert "Red comes after amber" in refused(manager, address, {"amber_hours": 10, "red_hours": 9})
    refused(manager, address, {"amber_hours": -1, "red_hours": 9})
    refused(manager, address, {"amber_hours": 1, "red_hours": 24 * 365 * 10})
    assert ageing()[Status.PROPOSAL] == AGEING[Status.PROPOSAL]


def test_without_rows_or_with_everything_never_the_pipeline_still_works(ana, new_lead):
    StageExpectation.objects.all().delete()
    expectations_forget()
    assert ageing() == AGEING
    StageExpectation.objects.bulk_create(
        StageExpectation(status=status, amber_hours=0, red_hours=0) for status in Status.values
    )
    expectations_forget()
    new_lead(owner=ana)
    assert not Lead.objects.filter(chip_q(Chip.ATTENTION)).exists()


def test_many_cards_ask_once(ana, new_lead, django_assert_num_queries):
    leads = [new_lead(owner=ana) for _ in range(3)]
    expectations_forget()
    with django_assert_num_queries(1):
        assert {lead.ageing for lead in leads} == {AGEING[Status.NEW]}


# --- lost reasons -------------------------------------------------------------------------------------------------


def test_a_reason_of_their_own_is_offered_and_stays_readable_out_of_use(ana, new_lead, manager):
    values = {"name": "Mudou de cidade", "code": "moved_away", "position": 0, "active": "on"}
    assert manager.post(admin_page("lossreason"), values).status_code == 302
    reason = LossReason.objects.get(code="moved_away")
    assert ("moved_away", "Mudou de cidade") in loss_choices()
    lead = new_lead(owner=ana)
    lead_move(lead_id=lead.pk, to="LOST", version=lead.version, actor=person(ana), lost_reason="moved_away")
    manager.post(admin_page("lossreason", reason.pk), {"name": "Mudou de cidade", "position": 0})
    assert "moved_away" not in dict(loss_choices())
    assert history_page(lead).entries[0].text.endswith("Mudou de cidade")
    assert "Mudou de cidade" in manager.get(reverse("leads:detail", args=[lead.pk])).content.decode()
    everything = {"action": "delete_selected", "_selected_action": [reason.pk], "post": "yes"}
    manager.post(reverse("admin:leads_lossreason_delete", args=[reason.pk]), {"post": "yes"})
    manager.post(reverse("admin:leads_lossreason_changelist"), everything)
    assert LossReason.objects.filter(pk=reason.pk).exists()  # leads were lost for it


def test_a_reason_needs_a_name_and_the_last_one_stays_in_use(manager):
    LossReason.objects.exclude(code="rate").delete()
    rate = LossReason.objects.get(code="rate")
    assert "Keep at least one" in refused(manager, admin_page("lossreason", rate.pk), {"name": "", "position": 0})
    nameless = {"name": "", "code": "other_one", "position": 0, "active": "on"}
    assert "Give the reason a name" in refused(manager, admin_page("lossreason"), nameless)


# --- rotation -----------------------------------------------------------------------------------------------------


def test_rules_are_written_with_names_of_states_and_refuse_unknown_ones(ana, manager):
    values = {"name": "Sudeste", "position": 0, "active": "on", "ufs": "sp, rj", "products": ["home_equity"]}
    address = admin_page("assignmentrule")
    assert "XX is no state" in refused(manager, address, {**values, "ufs": "SP XX", "consultants": [ana.pk]})
    refused(manager, address, values)  # for nobody
    assert manager.post(address, {**values, "consultants": [ana.pk]}).status_code == 302
    rule = AssignmentRule.objects.get()
    assert (rule.ufs, rule.products, rule.sources) == (["SP", "RJ"], ["home_equity"], [])
    assert b"Home equity \xc2\xb7 SP, RJ" in manager.get(reverse("admin:leads_assignmentrule_changelist")).content


def test_the_strategy_is_set_on_the_one_page_of_the_rotation(manager):
    address = reverse("admin:leads_rotationsettings_changelist")
    assert manager.get(address).status_code == 200
    assert manager.post(address, {"strategy": "least_loaded"}).status_code == 302
    assert RotationSettings.objects.get().strategy == "least_loaded"


def row(prefix: str, pk: int, **values: str) -> dict[str, object]:
    sent = {f"{prefix}-0-{name}": value for name, value in values.items()}
    return {"in_rotation": "on", **NO_INLINES, **sent, f"{prefix}-0-consultant": pk, f"{prefix}-TOTAL_FORMS": "1"}


def test_hours_and_days_off_that_run_backwards_are_refused_in_words(ana, manager):
    address = admin_page("consultant", ana.pk)
    night = row("working_hours", ana.pk, weekday="0", begins="22:00", ends="02:00")
    assert "A night is two rows" in refused(manager, address, night)
    assert "not before the first" in refused(
        manager, address, row("absences", ana.pk, first_day="2026-12-24", last_day="2026-12-23")
    )
    overlapping = row("working_hours", ana.pk, weekday="0", begins="09:00", ends="12:00") | {
        "working_hours-1-weekday": "0", "working_hours-1-begins": "11:00", "working_hours-1-ends": "13:00",
        "working_hours-1-consultant": ana.pk, "working_hours-TOTAL_FORMS": "2",
    }  # fmt: skip
    assert "overlap" in refused(manager, address, overlapping)
    day = row("absences", ana.pk, first_day="2026-12-24", last_day="2026-12-24", reason="Natal")
    assert manager.post(address, day).status_code == 302
    assert (WorkingHours.objects.count(), Absence.objects.get().reason) == (0, "Natal")


def test_taking_the_last_one_out_of_the_rotation_warns_and_works(ana, caio, manager):
    chosen = {"action": "pause", "_selected_action": [ana.pk, caio.pk]}
    answer = manager.post(reverse("admin:leads_consultant_changelist"), chosen, follow=True)
    assert b"Nobody is in the rotation" in answer.content
    answer = manager.post(admin_page("consultant", ana.pk), {"in_rotation": "on", **NO_INLINES}, follow=True)
    assert b"Nobody is in the rotation" not in answer.content
    assert Consultant.objects.filter(in_rotation=True).get().pk == ana.pk
    answer = manager.post(admin_page("consultant", ana.pk), NO_INLINES, follow=True)
    assert b"Nobody is in the rotation" in answer.content


def test_actions_on_consultants(ana, caio, manager):
    availability_set(user_id=ana.pk, available=False)
    address = reverse("admin:leads_consultant_changelist")
    manager.post(address, {"action": "set_available", "_selected_action": [ana.pk]})
    manager.post(address, {"action": "set_away", "_selected_action": [caio.pk]})
    for _ in range(2):  # who has hours keeps them
        manager.post(address, {"action": "office_hours", "_selected_action": [ana.pk]})
    ana.refresh_from_db()
    caio.refresh_from_db()
    assert (ana.available, caio.available, WorkingHours.objects.count()) == (True, False, 5)
    page = manager.get(admin_page("consultant", ana.pk)).content.decode()
    assert 'value="09:00"' in page and 'value="09:00:00"' not in page
