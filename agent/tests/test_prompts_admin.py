"""Prompts by version: a manager changes, compares, previews and goes back; no version is ever edited."""

import pytest
from django.urls import reverse

from agent.brain.policies import DEFAULT_POLICIES, LIMITS
from agent.brain.stages import Stage
from agent.catalogue import policies
from agent.models import PromptVersion
from agent.prompt_preview import preview, sections_of
from agent.prompts import (
    built_in,
    difference,
    prompt_current,
    prompt_version_add,
    prompt_version_restore,
    stages_now,
    values_of,
)
from crm.core.errors import Conflict, Invalid, NotFound

ADD = "admin:agent_promptversion_add"
WORDS = {"instructions": "Seja breve.", "default_reply": "Pode me contar de outro jeito?"}


@pytest.fixture
def office(bruno, browse):
    return browse(bruno)


def form(office, over: str = "INTRO", **changes: object) -> dict[str, object]:
    """What the page of a new version holds, with changes."""
    fields = office.get(f"{reverse(ADD)}?stage={over}").context["adminform"].form
    values = {name: fields[name].value() for name in fields.fields}
    return {name: "" if value is None else value for name, value in {**values, **changes}.items()}


def test_a_change_is_a_new_version_of_the_manager(office, bruno):
    before = prompt_current("INTRO")
    answer = office.post(reverse(ADD), form(office, **WORDS, note="Mais curto"))
    assert answer.status_code == 302
    now = prompt_current("INTRO")
    assert (now.version, now.created_by, now.instructions, now.note) == (2, bruno, "Seja breve.", "Mais curto")
    assert policies()[Stage.INTRO].default_reply == WORDS["default_reply"]
    assert PromptVersion.objects.get(pk=before.pk).instructions == DEFAULT_POLICIES[Stage.INTRO].instructions


def test_the_form_begins_with_the_version_in_force(office):
    prompt_version_add(stage="CONVERSION", values={**WORDS, "asks": ["city"]})
    values = form(office, "CONVERSION")
    assert values["instructions"] == "Seja breve." and values["asks"] == ["city"] and values["base"] == 2
    assert values["least_credit_amount"] == "100,00" and values["most_term_months"] == LIMITS["term_months"][1]


def test_limits_are_typed_in_reais_and_months(office):
    office.post(reverse(ADD), form(office, least_monthly_income="1.000,00", most_term_months="360"))
    limits = prompt_current("INTRO").limits
    assert limits["monthly_income"][0] == 100_000 and limits["term_months"][1] == 360


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"default_reply": "Seu crédito está aprovado!"}, "default_reply"),
        ({"default_reply": "A taxa é 0,99% ao mês."}, "default_reply"),
        ({"default_reply": "Veja em www.golpe.com.br"}, "default_reply"),
        ({"default_reply": "Faça um Pix para liberar."}, "default_reply"),
        ({"default_reply": "a" * 701}, "default_reply"),
        ({"default_reply": "Please tell me what you would like to have from this loan"}, "default_reply"),
        ({"default_reply": ""}, "default_reply"),
        ({"instructions": "Cumprimente {{nome}} e pergunte o valor."}, "instructions"),
        ({"instructions": "  "}, "instructions"),
        ({"instructions": "a" * 4001}, "instructions"),
        ({"asks": ["spaceship"]}, "asks"),
        ({"least_credit_amount": "500.000,00", "most_credit_amount": "100,00"}, "most_credit_amount"),
        ({"most_term_months": "99999"}, "most_term_months"),
        ({"least_credit_amount": "muito"}, "least_credit_amount"),
        ({"stage": "TRANSFERRED"}, "stage"),
    ],
)
def test_what_may_not_be_is_said_beside_its_field(office, changes, field):
    answer = office.post(reverse(ADD), form(office, **changes))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert prompt_current("INTRO").version == 1


def test_the_same_words_again_are_no_new_version(office):
    page = office.post(reverse(ADD), form(office, note="De novo"))
    assert page.status_code == 200 and page.context["adminform"].form.non_field_errors()
    office.post(reverse("admin:agent_promptversion_restore", args=[prompt_current("INTRO").pk]))
    assert prompt_current("INTRO").version == 1


def test_two_managers_at_once_do_not_overwrite_each_other(office):
    values = form(office, instructions="Minha versão")
    prompt_version_add(stage="INTRO", values=WORDS)
    answer = office.post(reverse(ADD), values)
    assert answer.status_code == 200 and answer.context["adminform"].form.non_field_errors()
    assert prompt_current("INTRO").instructions == "Seja breve."
    again = {**values, "base": answer.context["adminform"].form.data["base"]}
    assert office.post(reverse(ADD), again).status_code == 302
    assert prompt_current("INTRO").instructions == "Minha versão"


def test_the_service_holds_the_same_rules(db):
    with pytest.raises(Conflict):
        prompt_version_add(stage="INTRO", values=WORDS, base=7)
    with pytest.raises(Invalid):
        prompt_version_add(stage="INTRO", values={**WORDS, "default_reply": "Está aprovado!"})
    with pytest.raises(Invalid):
        prompt_version_add(stage="TRANSFERRED", values=WORDS)
    with pytest.raises(NotFound):
        prompt_version_restore(version_id=0)


def test_a_version_shows_what_it_changed(office):
    made = prompt_version_add(stage="INTRO", values={**WORDS, "asks": ["city"]})
    page = office.get(reverse("admin:agent_promptversion_change", args=[made.pk])).content.decode()
    assert "<ins>Seja breve.</ins>" in page and "<del>" in page
    assert len(difference(PromptVersion.objects.get(stage="INTRO", version=1), made)) == 3


def test_going_back_is_a_new_version_and_asks_to_be_posted(office, bruno):
    first = prompt_current("INTRO")
    prompt_version_add(stage="INTRO", values=WORDS)
    address = reverse("admin:agent_promptversion_restore", args=[first.pk])
    assert office.get(address).status_code == 404
    assert office.post(address).status_code == 302
    now = prompt_current("INTRO")
    assert now.version == 3 and values_of(now) == values_of(first) and now.created_by == bruno


def test_a_version_that_would_be_refused_today_does_not_come_back(office):
    bad = PromptVersion.objects.create(stage="INTRO", version=2, instructions="x", default_reply="Está aprovado!")
    prompt_version_add(stage="INTRO", values=WORDS)
    office.post(reverse("admin:agent_promptversion_restore", args=[bad.pk]))
    assert prompt_current("INTRO").version == 3


@pytest.mark.parametrize("stage", ["INTRO", "QUALIFICATION", "SIMULATION", "CONVERSION"])
def test_the_preview_is_the_prompt_to_the_letter(office, stage):
    shown = preview(stage, DEFAULT_POLICIES[Stage(stage)])
    assert [role for role, _sections in shown.messages] == ["system", "user"]
    assert shown.characters == sum(len(section.text) for _role, parts in shown.messages for section in parts)
    assert any(section.title == "mensagens do cliente" for section in shown.messages[1][1])
    page = office.get(f"{reverse('admin:agent_promptversion_preview')}?stage={stage}")
    assert page.status_code == 200 and shown.hash in page.content.decode()


def test_sections_put_together_are_the_message():
    text = "Você é a Lívia.\n\nComo você escreve\n- curto\n\nA empresa: X\nServiços: y\n<contexto>\n{}\n</contexto>\n"
    parts = sections_of(text)
    assert "".join(part.text for part in parts) == text
    assert [part.title for part in parts] == ["", "Como você escreve", "A empresa", "contexto"]


def test_the_form_is_previewed_before_it_is_saved(office):
    page = office.post(reverse("admin:agent_promptversion_preview"), form(office, instructions="Fale de gatos."))
    assert "Fale de gatos." in page.content.decode()
    wrong = office.post(reverse("admin:agent_promptversion_preview"), form(office, default_reply="Está aprovado!"))
    assert wrong.status_code == 200 and 'role="alert"' in wrong.content.decode()
    assert prompt_current("INTRO").version == 1


def test_every_stage_stands_above_the_list(office):
    prompt_version_add(stage="SIMULATION", values=WORDS)
    page = office.get(reverse("admin:agent_promptversion_changelist")).content.decode()
    assert page.count("?stage=") >= 8
    assert {code: version.version for code, _name, version in stages_now()}["SIMULATION"] == 2


def test_without_saved_versions_the_built_in_ones_hold(office):
    PromptVersion.objects.all().delete()
    assert office.get(reverse("admin:agent_promptversion_changelist")).status_code == 200
    assert office.get(f"{reverse('admin:agent_promptversion_preview')}?stage=INTRO").status_code == 200
    assert built_in("INTRO").instructions == DEFAULT_POLICIES[Stage.INTRO].instructions
    assert office.post(reverse(ADD), form(office, **WORDS)).status_code == 302
    assert prompt_current("INTRO").version == 1


@pytest.mark.parametrize("query", ["stage=TRANSFERRED", "stage=%00", "version=999999", "version=x", ""])
def test_nothing_to_preview_is_404(office, query):
    assert office.get(f"{reverse('admin:agent_promptversion_preview')}?{query}").status_code == 404


def test_versions_are_neither_edited_nor_deleted(office):
    version = prompt_current("INTRO")
    assert office.post(reverse("admin:agent_promptversion_change", args=[version.pk]), WORDS).status_code == 200
    assert prompt_current("INTRO").instructions == version.instructions
    assert office.post(reverse("admin:agent_promptversion_delete", args=[version.pk])).status_code == 403


def test_a_consultant_stays_outside(ana, browse):
    for name in ("changelist", "preview", "add"):
        assert browse(ana).get(reverse(f"admin:agent_promptversion_{name}")).status_code == 302
