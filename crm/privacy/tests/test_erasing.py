"""A client who is erased is found nowhere any more; what they were worth to the figures stays."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from agent.models import LeadClassification, Turn
from agent.profiles import profile_learn
from agent.turns import turn_run
from conversations.index import chat_get
from conversations.models import Contact, Conversation, Message, OrphanReceipt, ScheduledMessage
from conversations.services import conversation_take
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.work import unit
from crm.privacy.models import Erasure, ErasureState, SubjectExport, SubjectExportState
from crm.privacy.services import erasure_clear, subject_erase, subject_of
from crm.privacy.tests.searching import dumped, found_in_folder, found_in_redis, found_in_tables
from crm.realtime.models import Notification
from crm.realtime.publish import notify
from leads.actors import LIVIA, person
from leads.agenda import task_create
from leads.cards import cards_html
from leads.consents import consent_add
from leads.lead_files import file_keep
from leads.merge import leads_merge
from leads.models import Import, ImportRow, ImportState, Interaction, Lead, LeadFile, Note, SavedView, Task, TaskState
from leads.notes import note_add
from leads.selectors import leads_visible_to
from leads.services import lead_assign, lead_update
from whatsapp.gateways.base import MessageArrived, to_bytes
from whatsapp.models import Session, SetAside
from whatsapp.spool import Spool

NAME, NICK, EMAIL, CITY = "Zulmira d'Ávila Quintino", "Zuzu Quintino", "zulmira@quintino.example", "Pirapora do Norte"
PHONE, LID, SAID = "5531987654320", "778899001122", "meu segredo xilofone"
FORMS = ("5531987654320", "31987654320", "553187654320", "98765-4320")
WORDS = [NAME, "Zulmira", NICK, "Quintino", EMAIL, CITY, SAID, "xilofone", LID, *FORMS]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WHATSAPP_SESSION_DIR = tmp_path / "sessions"
    return tmp_path


@pytest.fixture
def zulmira(says, ana, bruno, caio, livia_inbox, new_lead) -> Lead:
    """A client with a trace in every corner: two threads, a merged lead, files, a stranger's saved view."""
    first = says(SAID, phone=PHONE, lid=LID, push_name=NICK)
    turn_run(conversation_id=first.conversation_id)
    says(f"sou a {NAME}, de {CITY}, quero 300 mil de home equity", phone=PHONE, lid=LID, push_name=NICK)
    turn_run(conversation_id=first.conversation_id)
    lead = first.conversation.lead
    _of_lead(lead, ana, bruno)
    _of_thread(first.conversation, ana, livia_inbox)
    other = new_lead(name=f"{NAME} (antiga)", phone="+5531911112222", email=f"velha.{EMAIL}", message=SAID)
    leads_merge(keep_id=lead.pk, gone_id=other.pk, actor=person(bruno))
    _of_others(lead, ana, bruno, caio)
    return Lead.objects.get(pk=lead.pk)


def _of_lead(lead: Lead, ana, bruno) -> None:
    values = {"name": NAME, "email": EMAIL, "city": CITY, "credit_amount": 30_000_000, "message": SAID, "uf": "MG"}
    lead_update(lead_id=lead.pk, values=values, actor=person(bruno))
    lead_update(lead_id=lead.pk, values={"name": f"{NAME} II"}, actor=person(bruno))
    lead_assign(lead_id=lead.pk, consultant_id=ana.pk, actor=person(bruno), reason=f"{NICK} pediu")
    Lead.objects.filter(pk=lead.pk).update(
        tracking={"utm_source": "google", "gclid": SAID, "referrer": f"https://x.example/?n={PHONE}"}
    )
    note_add(lead_id=lead.pk, text=f"{NICK}: {SAID}", author=ana)
    task_create(lead_id=lead.pk, title=f"Ligar para {NAME}", note=SAID, due_at=now() + timedelta(days=1), actor=LIVIA)
    file_keep(lead_id=lead.pk, upload=SimpleUploadedFile(f"{NICK}.txt", SAID.encode()), uploader=ana)
    consent_add(lead_id=lead.pk, purpose="data", given=True, source="person", text=SAID, actor=person(ana))
    LeadClassification.objects.create(
        lead=lead, temperature="HOT", score=80, source="rules", reasons=[{"code": "x", "points": 1, "text": SAID}]
    )


def _of_thread(thread: Conversation, ana, inbox) -> None:
    conversation_take(conversation_id=thread.pk, user=ana)
    path = default_storage.save("whatsapp/1/2026/voz.ogg", ContentFile(SAID.encode()))
    small = default_storage.save("whatsapp/1/2026/voz-small.webp", ContentFile(SAID.encode()))
    media = {"path": path, "small": small, "name": f"{NICK}.ogg", "mime": "audio/ogg"}
    Message.objects.filter(conversation=thread, direction="in").update(
        media=media, media_state="stored", transcript=SAID, original_text=SAID, keywords=["xilofone"]
    )
    ScheduledMessage.objects.create(conversation=thread, author=ana, text=f"Oi {NICK}", send_at=now())
    OrphanReceipt.objects.create(inbox=inbox, chat=f"{PHONE}@s.whatsapp.net", provider_id="X", state="read", at=now())
    Contact.objects.filter(pk=thread.contact_id).update(name=NAME, whatsapp_jid=f"{PHONE}@s.whatsapp.net")
    profile_learn(contact_id=thread.contact_id)


def _of_others(lead: Lead, ana, bruno, caio) -> None:
    SavedView.objects.create(owner=caio, name="uma", query=f"q={NICK.replace(' ', '+')}")
    with unit():
        notify([caio.pk], kind="message", title="%(name)s wrote to you", data={"name": NAME}, url=f"/leads/{lead.pk}/")
    upload = default_storage.save("imports/lista.csv", ContentFile(f"{NAME};(31) 98765-4320".encode()))
    batch = Import.objects.create(
        creator=bruno, name="lista.csv", path=upload, sample=[["Outra", "(31) 98765-4320"]], state=ImportState.DONE
    )
    ImportRow.objects.create(batch=batch, line=2, outcome="error", values={"nome": NAME, "fone": "31 9 8765 4320"})
    LogEntry.objects.create(
        user=bruno, content_type=ContentType.objects.get_for_model(Lead), object_id=str(lead.pk), object_repr=NAME,
        action_flag=CHANGE, change_message=SAID,
    )  # fmt: skip
    packed = default_storage.save("privacy/pacote.zip", ContentFile(NAME.encode()))
    SubjectExport.objects.create(lead=lead, requester=bruno, state=SubjectExportState.READY, path=packed)
    session = Session.objects.create(inbox=lead.conversations.get().inbox)
    late = MessageArrived(provider_id="L", chat=f"{PHONE}@s.whatsapp.net", sent_at=now(), phone=PHONE, text=SAID)
    SetAside.objects.create(session=session, raw=to_bytes(late), error="X")
    session.folder.mkdir(parents=True)
    (session.folder / "quarantine").write_bytes(to_bytes(late).hex().encode() + b"\n00\n")
    with Spool(session.folder / "spool") as spool:
        spool.commit(spool.append(to_bytes(late)))
    cards_html(leads_visible_to(bruno))
    chat_get(lead.conversations.get().pk)


def everywhere(places: Path) -> list[str]:
    return [
        *found_in_tables(WORDS), *dumped(WORDS), *found_in_redis(WORDS),
        *found_in_folder(places / "media", WORDS), *found_in_folder(places / "sessions", WORDS),
    ]  # fmt: skip


def test_an_erased_client_is_found_nowhere(zulmira, bruno, ana, caio, places, capfd):
    assert len(found_in_tables(WORDS)) > 60 and found_in_redis(WORDS) and dumped(WORDS)
    assert found_in_folder(places / "media", WORDS) and found_in_folder(places / "sessions", WORDS)
    capfd.readouterr()
    erasure = subject_erase(lead_id=zulmira.pk, actor=person(bruno), reason="asked by e-mail")
    assert found_in_tables(WORDS) == [] and dumped(WORDS) == []
    assert erasure_clear(erasure_id=erasure.pk)
    assert everywhere(places) == []
    logged = "".join(capfd.readouterr()).lower()
    assert not [word for word in WORDS if word.lower() in logged]
    assert (places / "sessions").rglob("quarantine")


def test_the_figures_stay_without_a_name(zulmira, bruno, ana):
    before = Message.objects.count(), Interaction.objects.count(), Turn.objects.count()
    erasure = subject_erase(lead_id=zulmira.pk, actor=person(bruno), reason="asked by phone")
    lead = Lead.objects.get(pk=zulmira.pk)
    assert (lead.credit_amount, lead.uf, lead.source, lead.product) == (30_000_000, "MG", "whatsapp", "home_equity")
    assert (lead.status, lead.consultant_id, lead.created_at) == (zulmira.status, ana.pk, zulmira.created_at)
    assert lead.tracking == {"utm_source": "google"}
    assert (Message.objects.count(), Turn.objects.count()) == (before[0], before[2])
    assert Interaction.objects.count() == before[1] + 1
    assert str(lead) in ("Cliente apagado", "Erased client")
    assert Task.objects.filter(state=TaskState.OPEN).count() == 0
    assert not Note.objects.filter(removed_at=None).exists() and not LeadFile.objects.filter(removed_at=None).exists()
    assert erasure.requester == bruno and erasure.counts["messages"] >= 4 and erasure.state == ErasureState.CLEARING
    assert Notification.objects.filter(title_id__contains="%(name)s", url__contains=f"/leads/{lead.pk}/").count() == 0


def test_twice_is_once(zulmira, bruno):
    first = subject_erase(lead_id=zulmira.pk, actor=person(bruno), reason="asked")
    gone = Lead.objects.get(merged_into=zulmira.pk)
    again = subject_erase(lead_id=gone.pk, actor=person(bruno), reason="asked again")
    assert first.pk == again.pk and Erasure.objects.count() == 1
    assert erasure_clear(erasure_id=first.pk) and erasure_clear(erasure_id=first.pk)
    assert Erasure.objects.get().leftovers == {} and Erasure.objects.get().state == ErasureState.DONE


def test_what_cannot_be_removed_now_is_removed_later(zulmira, bruno, monkeypatch, places):
    erasure = subject_erase(lead_id=zulmira.pk, actor=person(bruno), reason="asked")
    assert "sealed" in erasure.leftovers and NICK not in json.dumps(erasure.leftovers)
    media = places / "media"
    media.rename(places / "away")
    media.write_text("not a folder")
    assert not erasure_clear(erasure_id=erasure.pk)
    media.unlink()
    (places / "away").rename(media)
    assert erasure_clear(erasure_id=erasure.pk) and found_in_folder(media, WORDS) == []


def test_who_writes_again_is_a_new_client(zulmira, bruno, says):
    thread = zulmira.conversations.get()
    subject_erase(lead_id=zulmira.pk, actor=person(bruno), reason="asked")
    message = says("oi, voltei", phone=PHONE, lid=LID, push_name=NICK)
    assert message.conversation.lead_id != zulmira.pk and message.conversation_id != thread.pk
    assert Message.objects.filter(conversation=thread, text="oi, voltei").count() == 0
    assert Lead.objects.get(pk=zulmira.pk).phone == ""


def test_the_reason_names_nobody(zulmira, bruno):
    for reason in (f"{NICK} pediu", "a Zulmira pediu", "pedido do 31987654320"):
        with pytest.raises(Invalid):
            subject_erase(lead_id=zulmira.pk, actor=person(bruno), reason=reason)
    assert Lead.objects.get(pk=zulmira.pk).name == f"{NAME} II"


def test_one_person_is_found_through_all_their_leads_and_threads(zulmira, says):
    inbox = zulmira.conversations.get().inbox
    subject = subject_of(Lead.objects.get(merged_into=zulmira).pk)
    assert zulmira.pk in subject.lead_ids and len(subject.lead_ids) == 2
    assert subject.conversation_ids == (zulmira.conversations.get(inbox=inbox).pk,)
    assert {"+5531987654320", "+553187654320", "+5531911112222"} <= set(subject.phones)
    assert {NAME, f"{NAME} II", NICK} <= set(subject.names) and f"{LID}@lid" in subject.addresses
