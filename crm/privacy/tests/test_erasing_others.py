"""Erasing one client leaves everybody else's rows alone, whatever they are called."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations.models import Contact
from crm.alerts.models import Alert, Level
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.work import unit
from crm.privacy.services import erasure_clear, subject_erase, subject_of
from crm.realtime.models import Notification
from crm.realtime.publish import notify
from leads.actors import person
from leads.imports import checking
from leads.imports.services import import_map, import_start
from leads.merge import leads_merge
from leads.models import Import, ImportRow, ImportState, Interaction, InteractionKind, Lead, SavedView
from leads.services import lead_update
from leads.unmerge import lead_unmerge
from whatsapp.gateways.base import MessageArrived, to_bytes
from whatsapp.models import Session, SetAside

PHONE = "5531987654320"

pytestmark = pytest.mark.django_db(transaction=True)


def erase(lead_id: int, by):
    return subject_erase(lead_id=lead_id, actor=person(by), reason="asked by e-mail")


def test_who_only_sounds_alike_keeps_everything(says, ana, bruno, caio, new_lead):
    other = new_lead(name="Mariana Souza", owner=caio)
    with unit():
        notify([caio.pk], kind="x", title="%(name)s wrote to you", data={"name": "Ana"}, url=f"/leads/{other.pk}/")
        notify([caio.pk], kind="x", title="About %(name)s", data={"name": "Mariana Souza"})
    Alert.objects.create(
        code="x", level=Level.INFO, kind="alert", title_id="%(name)s is late", data={"name": "Mariana"},
        note="da semana", raised_at=now(), last_at=now(),
    )  # fmt: skip
    SavedView.objects.create(owner=caio, name="da semana", query="q=mariana")
    batch = Import.objects.create(creator=bruno, name="a.csv", sample=[["Mariana Souza"]], state=ImportState.CHECKED)
    ImportRow.objects.create(batch=batch, line=2, outcome="new", values={"name": "Mariana Souza"})
    LogEntry.objects.create(
        user=bruno, content_type=ContentType.objects.get_for_model(Lead), object_id=str(other.pk),
        object_repr="Mariana Souza", action_flag=CHANGE, change_message="a semana",
    )  # fmt: skip
    message = says("oi", phone=PHONE, push_name="Ana")
    session = Session.objects.create(inbox=message.conversation.inbox)
    late = MessageArrived(provider_id="L", chat="5511912345678@s.whatsapp.net", sent_at=now(), phone="5511912345678")
    SetAside.objects.create(session=session, raw=to_bytes(late) + b"ana", error="X")
    erase(message.conversation.lead_id, bruno)
    assert Notification.objects.filter(user=caio, read_at=None).count() == 3  # with the new lead
    assert SavedView.objects.count() == SetAside.objects.count() == 1
    assert ImportRow.objects.get().values and Import.objects.get().state == ImportState.CHECKED
    assert LogEntry.objects.get().object_repr == "Mariana Souza"
    assert Alert.objects.get().data == {"name": "Mariana"} and Alert.objects.get().note == "da semana"


def test_the_name_of_one_word_goes_where_it_stands_for_the_client(says, bruno, caio):
    message = says("oi", phone=PHONE, push_name="Zulmira")
    SavedView.objects.create(owner=caio, name="uma", query="q=zulmira")
    SavedView.objects.create(owner=caio, name="outra", query="q=(31)+98765-4320")
    with unit():
        notify([caio.pk], kind="x", title="About %(name)s", data={"name": "Zulmira"})
    erase(message.conversation.lead_id, bruno)
    assert not SavedView.objects.exists()
    assert not Notification.objects.filter(data__name="Zulmira").exists()


def test_a_lead_that_was_separated_again_stays_and_forgets_the_other(bruno, new_lead):
    kept = new_lead(name="Zulmira Quintino", phone="+5531987654320")
    gone = new_lead(name="Maria Souza", phone="+5511998123340")
    leads_merge(keep_id=gone.pk, gone_id=kept.pk, actor=person(bruno))
    merger = Interaction.objects.get(kind=InteractionKind.MERGED, data__gone=kept.pk)
    lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    subject = subject_of(kept.pk)
    assert subject.lead_ids == (kept.pk,) and "+5511998123340" not in subject.phones
    assert subject.names == ("Zulmira Quintino",)
    erase(kept.pk, bruno)
    told = str(list(Interaction.objects.filter(lead=gone).values_list("data", flat=True)))
    assert "Zulmira" not in told and "987654320" not in told
    assert Lead.objects.get(pk=gone.pk).name == "Maria Souza"


def test_a_mistyped_phone_is_its_owners(bruno, new_lead):
    lead = new_lead(name="Zulmira Quintino", phone="+5511998123340")
    lead_update(lead_id=lead.pk, values={"phone": "+5531987654320"}, actor=person(bruno))
    assert "+5511998123340" in subject_of(lead.pk).phones
    new_lead(name="Maria Souza", phone="+5511998123340")
    assert "+5511998123340" not in subject_of(lead.pk).phones


def test_a_lead_with_the_same_phone_is_the_same_person(says, bruno, new_lead):
    thread = says("oi", phone=PHONE).conversation
    lead_update(lead_id=thread.lead_id, values={"phone": "+5511998123340"}, actor=person(bruno))
    again = new_lead(name="Zulmira", phone=f"+{PHONE}")
    assert subject_of(thread.lead_id).lead_ids == (thread.lead_id, again.pk)
    erase(again.pk, bruno)
    assert not Lead.objects.exclude(phone="").exists() and not Contact.objects.exclude(phone="").exists()


def test_a_reason_may_hold_words_that_only_begin_alike(says, bruno):
    lead_id = says("oi", phone=PHONE, push_name="Ana").conversation.lead_id
    for reason in ("a Ana pediu", "pediu pelo (31) 98765-4320"):
        with pytest.raises(Invalid):
            subject_erase(lead_id=lead_id, actor=person(bruno), reason=reason)
    assert subject_erase(lead_id=lead_id, actor=person(bruno), reason="pediu na semana passada").pk


def test_another_key_does_not_stop_the_sweep(says, bruno, settings):
    erasure = erase(says("oi", phone=PHONE).conversation.lead_id, bruno)
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert not erasure_clear(erasure_id=erasure.pk)
    settings.SECRET_KEY = key
    assert erasure_clear(erasure_id=erasure.pk)


def test_a_list_that_nobody_read_to_its_end_goes_if_it_may_hold_the_client(says, bruno, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    message = says("oi", phone=PHONE, push_name="Zulmira Quaxotl")
    others = "\n".join(f"Cliente {n};(11) 91234-{1000 + n}" for n in range(300))

    def upload(last: str, name: str = "lista.csv") -> Import:
        content = f"nome;telefone\n{others}\n{last}\n".encode()
        return import_start(creator_id=bruno.pk, upload=SimpleUploadedFile(name, content))

    def dry_run(batch: Import) -> Import:
        import_map(import_id=batch.pk, mapping=batch.mapping)
        checking.check(batch.pk)
        return batch

    unread = upload("Zulmira;(31) 98765-4320", name="Zulmira Quaxotl.csv")
    holds, without = dry_run(upload("Ninguém;031 98765 4320")), dry_run(upload("Outra;(31) 97777-0000"))
    erasure = erase(message.conversation.lead_id, bruno)
    erasure_clear(erasure_id=erasure.pk)
    states = dict(Import.objects.values_list("pk", "state"))
    assert states == {unread.pk: "failed", holds.pk: "failed", without.pk: "checked"}
    assert Import.objects.get(pk=unread.pk).name == "–"
    kept = {path.name for path in (tmp_path / "imports").iterdir()}
    name = without.path.rpartition("/")[2]
    assert kept == {name, f"{name}.rows"}
