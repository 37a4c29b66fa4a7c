"""A list becomes leads, and goes again."""

from collections import Counter

import pytest

from crm.core.errors import Conflict, Invalid
from crm.realtime.models import Event, Notification
from leads.actors import SYSTEM, person
from leads.imports.services import import_map, import_run, import_undo
from leads.merge import leads_merge
from leads.models import (
    AssignmentRule,
    Consent,
    Consultant,
    Import,
    ImportState,
    InteractionKind,
    Lead,
    RotationSettings,
    RowOutcome,
    Source,
    Task,
)
from leads.notes import note_add
from leads.rotation import consultant_take_turn
from leads.selectors import room_totals
from leads.services import lead_create, lead_update
from leads.tests.imports.conftest import undone

pytestmark = pytest.mark.django_db

HEAD = "Nome;Telefone;E-mail;Cidade;Produto;Valor do crédito\n"


def people(count: int, first: int = 0) -> str:
    return HEAD + "".join(
        f"Cliente {n};(11) 99{n:03}-{n:04};c{n}@example.com;Campinas - SP;home equity;150.000,00\n"
        for n in range(first + 1, first + count + 1)
    )


def test_a_dry_run_writes_no_lead_and_tells_new_from_known_repeated_and_wrong(checked, new_lead):
    maria = new_lead(name="Maria", phone="+5511998123340")
    batch = checked(
        HEAD + "Maria Souza;11 9812-3340;;;;\n"  # known by the number without its nine
        "João;11 97777-0001;;;;\nJoão de novo;(11) 977770001;;;;\nSem fone;;;;;\nErro;11 97777-0002;nada;;;muito\n"
    )
    assert batch.state == ImportState.CHECKED
    assert (batch.created_count, batch.known_count, batch.repeated_count, batch.error_count) == (1, 1, 1, 2)
    assert Lead.objects.count() == 1
    known, twice, missing, wrong = batch.rows.all()
    assert (known.line, known.outcome, known.lead) == (2, RowOutcome.KNOWN, maria)
    assert (twice.line, twice.outcome) == (4, RowOutcome.REPEATED)
    assert (missing.line, missing.errors) == (5, {"phone": "phone_missing"})
    assert (wrong.line, wrong.errors) == (6, {"email": "email", "credit_amount": "amount"})


def test_a_faulty_row_does_not_make_a_later_good_one_a_repetition(imported, new_lead):
    maria = new_lead(name="Maria", phone="+5511998123340")
    batch = imported(
        HEAD + "João;11 97777-0001;nada;;;\nJoão;11 97777-0001;j@example.com;;;\n"
        "Maria;11 99812-3340;;;;muito\nMaria;11 99812-3340;;Santos;;\n"
    )
    assert (batch.created_count, batch.known_count, batch.repeated_count, batch.error_count) == (1, 1, 0, 2)
    maria.refresh_from_db()
    assert (maria.city, Lead.objects.exclude(pk=maria.pk).get().email) == ("Santos", "j@example.com")


def test_leads_of_a_list_are_assigned_in_turn_classified_and_on_the_board(imported, ana, caio):
    batch = imported(people(11))
    assert (batch.state, batch.created_count, batch.rows_done) == (ImportState.DONE, 11, 11)
    leads = list(Lead.objects.order_by("rank", "-pk"))
    assert [lead.name for lead in leads] == [f"Cliente {n}" for n in range(1, 12)]  # as in the file, from the top
    assert sorted(Counter(lead.consultant_id for lead in leads).values()) == [5, 6]
    first = leads[0]
    assert (first.source, first.uf, first.city) == (Source.IMPORT, "SP", "Campinas")
    assert (first.product, first.credit_amount) == ("home_equity", 15_000_000)
    assert first.ai_temperature and first.classifications.count() == 1
    assert [row.kind for row in first.interactions.all()] == [InteractionKind.CREATED]
    assert not Task.objects.exists()
    assert [(total.n, total.amount) for total in room_totals("board")][0] == (11, 11 * 15_000_000)


def test_many_leads_are_one_piece_of_news_for_each_consultant_and_one_event_for_each_board(imported, ana, caio):
    imported(people(9))
    told = {note.user_id: note.title for note in Notification.objects.filter(kind="leads_imported")}
    assert sorted(told) == [ana.pk, caio.pk]
    assert {int(title.split()[0]) for title in told.values()} == {4, 5}
    rooms = Event.objects.filter(room__startswith="board").values_list("room", "kind")
    assert sorted(rooms) == sorted((room, "stale") for room in ("board", f"board.{ana.pk}", f"board.{caio.pk}"))


def test_the_board_of_whoever_has_a_lead_that_is_filled_is_refreshed(imported, new_lead, ana):
    new_lead(phone="+5511998123340", owner=ana)
    batch = imported(HEAD + "Maria;11 99812-3340;;;;150.000,00\n")
    refreshed = Event.objects.filter(room=f"board.{ana.pk}", kind="stale")
    assert refreshed.count() == 1
    undone(batch)
    assert refreshed.count() == 2


@pytest.mark.parametrize("strategy", ["round_robin", "least_loaded"])
def test_turns_are_those_that_single_leads_would_have_taken(imported, new_lead, ana, caio, strategy):
    """With a rule for one state, a load to even out, and the next single lead going on where the list ended."""
    RotationSettings.objects.create(strategy=strategy)
    rule = AssignmentRule.objects.create(name="Rio", ufs=["RJ"])
    rule.consultants.add(ana.pk)
    new_lead(owner=caio)
    rows = [f"Cliente {n};(11) 99{n:03}-{n:04};{'RJ' if n % 3 == 0 else 'SP'}\n" for n in range(1, 22)]
    imported("Nome;Telefone;UF\n" + "".join(rows))
    by_list = list(Lead.objects.filter(source=Source.IMPORT).order_by("rank").values_list("consultant_id", flat=True))
    counted = dict(Consultant.objects.values_list("pk", "assigned_count"))
    after = consultant_take_turn({"uf": "SP"})
    Lead.objects.filter(source=Source.IMPORT).delete()
    Consultant.objects.update(turn=0, assigned_count=0)
    Consultant.objects.filter(pk=caio.pk).update(turn=1, assigned_count=1)
    singly = []
    for n in range(1, 22):
        values = {"name": f"Cliente {n}", "phone": f"+55119{9000000 + n}0", "uf": "RJ" if n % 3 == 0 else "SP"}
        singly.append(lead_create(values=values, source=Source.IMPORT)[0].consultant_id)
    assert by_list == singly
    assert counted == dict(Consultant.objects.values_list("pk", "assigned_count"))
    assert after.pk == consultant_take_turn({"uf": "SP"}).pk


def test_a_known_lead_is_filled_where_it_is_empty_also_through_a_merger(imported, new_lead, bruno):
    kept, gone = new_lead(name="Maria", phone="+5511998123340", email=""), new_lead(phone="+5511977770001")
    leads_merge(keep_id=kept.pk, gone_id=gone.pk, actor=person(bruno))
    batch = imported(HEAD + "Outra Maria;11 97777-0001;m@example.com;Santos;;\n")
    kept.refresh_from_db()
    assert (kept.name, kept.email, kept.city) == ("Maria", "m@example.com", "Santos")
    assert (batch.known_count, batch.rows.get().values) == (1, {"email": "m@example.com", "city": "Santos"})
    assert kept.interactions.first().data["changes"]["email"] == ["", "m@example.com"]


def test_a_known_lead_can_be_left_as_it_is(imported, new_lead):
    maria = new_lead(phone="+5511998123340")
    imported(HEAD + "Maria;11 99812-3340;m@example.com;;;\n", known="skip")
    maria.refresh_from_db()
    assert maria.email == ""


def test_leads_go_to_one_person_or_to_nobody(imported, ana, caio):
    imported(people(3), assign=str(caio.pk))
    imported(people(2, first=10), assign="nobody")
    assert list(Lead.objects.filter(consultant_id=caio.pk).values_list("awaits_consultant", flat=True)) == [False] * 3
    assert Lead.objects.filter(consultant=None, awaits_consultant=False).count() == 2
    assert Consultant.objects.get(pk=caio.pk).assigned_count == 3


def test_without_anybody_active_leads_wait_for_somebody(imported):
    imported(people(2))
    assert Lead.objects.filter(awaits_consultant=True).count() == 2


def test_consents_are_written_with_their_sentence_for_those_who_gave_them(imported, checked):
    rows = (
        "Nome;Telefone;Aceita contato;Data do consentimento\nSim;11 97777-0001;sim;03/02/2026\nNão;11 97777-0002;não;\n"
    )
    batch = checked(rows)
    with pytest.raises(Invalid):
        import_run(import_id=batch.pk, options={"consent": "on"})
    imported(rows, consent="on", consent_text="Aceito receber mensagens no WhatsApp.")
    consent = Consent.objects.get()
    assert (consent.lead.name, consent.text) == ("Sim", "Aceito receber mensagens no WhatsApp.")
    assert (consent.at.date().isoformat(), consent.lead.consented_at) == ("2026-02-03", consent.at)
    assert consent.lead.interactions.filter(kind=InteractionKind.CONSENTED).count() == 1
    undone(Import.objects.latest("pk"))
    assert not Lead.objects.exists()


def test_an_import_that_is_undone_takes_its_leads_along_and_gives_turns_back(imported, ana, caio, new_lead):
    maria = new_lead(phone="+5511998123340", owner=ana)
    batch = imported(people(450) + "Maria;11 99812-3340;m@example.com;;;\n")
    assert Lead.objects.count() == 451
    batch = undone(batch)
    assert (batch.state, batch.kept_count) == (ImportState.UNDONE, 0)
    maria.refresh_from_db()
    assert (list(Lead.objects.all()), maria.email) == ([maria], "")
    assert [total.n for total in room_totals("board")][0] == 1
    assert sorted(Consultant.objects.values_list("assigned_count", flat=True)) == [0, 1]


def test_undoing_keeps_what_people_have_worked_on(imported, ana, bruno, says):
    batch = imported(people(6), assign=str(ana.pk))
    edited, noted, merged, other, written, _rest = Lead.objects.order_by("rank")
    lead_update(lead_id=edited.pk, values={"city": "Santos"}, actor=person(bruno))
    note_add(lead_id=noted.pk, text="Ligar à tarde", author=ana)
    leads_merge(keep_id=merged.pk, gone_id=other.pk, actor=person(bruno))
    says("oi", phone=written.phone_key.removeprefix("+"))
    assert written.conversations.count() == 1
    batch = undone(batch)
    assert set(Lead.objects.all()) == {edited, noted, merged, other, written}
    assert batch.kept_count == 5
    why = {row.lead_id: row.errors["kept"] for row in batch.rows.all()}
    assert why[edited.pk] == "changed"
    assert "leads.note" in why[noted.pk]
    assert "conversations.conversation" in why[written.pk]


def test_undoing_leaves_a_filled_field_that_was_changed_since(imported, new_lead, bruno):
    maria = new_lead(phone="+5511998123340")
    batch = imported(HEAD + "Maria;11 99812-3340;m@example.com;Santos;;\n")
    lead_update(lead_id=maria.pk, values={"email": "outra@example.com"}, actor=SYSTEM)
    undone(batch)
    maria.refresh_from_db()
    assert (maria.email, maria.city) == ("outra@example.com", "")


def test_undoing_takes_nothing_from_the_lead_that_a_filled_one_was_merged_into(imported, new_lead, bruno):
    keep = new_lead(phone="+5511977770001", email="m@example.com")
    filled = new_lead(phone="+5511998123340")
    batch = imported(HEAD + "Maria;11 99812-3340;m@example.com;;;\n")
    leads_merge(keep_id=keep.pk, gone_id=filled.pk, actor=person(bruno))
    assert undone(batch).state == ImportState.UNDONE
    keep.refresh_from_db()
    assert keep.email == "m@example.com"


def test_the_same_list_again_brings_nobody_new(imported, ana):
    imported(people(5))
    again = imported(people(5))
    assert (again.created_count, again.known_count, Lead.objects.count()) == (0, 5, 5)


def test_nothing_is_run_twice_nor_mapped_once_it_is_there(imported):
    batch = imported(people(2))
    for act in (
        lambda: import_run(import_id=batch.pk, options={}),
        lambda: import_map(import_id=batch.pk, mapping=batch.mapping),
    ):
        with pytest.raises(Conflict):
            act()
    undone(batch)
    with pytest.raises(Conflict):
        import_undo(import_id=batch.pk)
    assert Import.objects.get().state == ImportState.UNDONE
