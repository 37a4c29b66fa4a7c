"""One person, however WhatsApp names them."""

import pytest

from conversations.claims import outbox_claim
from conversations.consent import contact_opt_out
from conversations.models import Contact, Conversation, Inbox, InboxRole, Message, MessageState
from conversations.outbox import message_send, outbox_sent
from conversations.services import conversation_take
from conversations.tests.maria import CHAT, LID, PHONE
from crm.core.clock import now
from crm.realtime.models import Event
from leads.models import Attendance, InteractionKind, Lead, Source
from leads.services import lead_assign, lead_create


def live() -> list[Lead]:
    return list(Lead.objects.filter(merged_into=None))


def test_two_contacts_threads_and_leads_become_one_with_the_message_that_names_both(says, by_lid, by_both):
    by_phone = says("1").conversation
    gone = by_lid("2").conversation
    kept = by_both("3").conversation
    assert kept.pk == by_phone.pk
    assert not Conversation.objects.filter(pk=gone.pk).exists()
    assert [message.text for message in kept.messages.exclude(kind="event").order_by("pk")] == ["1", "2", "3"]
    contact = Contact.objects.get()
    assert (contact.phone, contact.lid) == ("+5511998123340", LID)
    assert [lead.pk for lead in live()] == [kept.lead_id]
    assert Lead.objects.get(pk=gone.lead_id).merged_into_id == kept.lead_id


def test_what_comes_later_by_either_name_is_the_same_thread(says, by_lid, by_both):
    says("1")
    by_lid("2")
    kept = by_both("3").conversation
    assert by_lid("4").conversation == says("5").conversation == kept
    assert Contact.objects.count() == 1


def test_a_message_typed_on_our_phone_joins_too(says, by_lid, by_both):
    says("1")
    by_lid("2")
    by_both("deixa comigo", from_me=True)
    thread = Conversation.objects.get()
    assert thread.attended_by == Attendance.PERSON and not thread.awaits_livia


def test_the_answer_goes_where_the_newest_message_came_from(says, by_both):
    assert says("1").conversation.chat == f"{PHONE}@s.whatsapp.net"
    assert by_both("2").conversation.chat == CHAT
    assert says("3").conversation.chat == f"{PHONE}@s.whatsapp.net"


def test_waiting_for_livia_stays_waiting_and_unread_adds_up(says, by_lid, by_both):
    answered = says("1").conversation
    Conversation.objects.filter(pk=answered.pk).update(answered_upto_id=answered.last_inbound_id, awaiting_since=None)
    waiting = by_lid("2")
    by_both("2", provider_id=waiting.provider_id)  # nothing new but the name
    thread = Conversation.objects.get()
    assert thread.attended_by == Attendance.LIVIA and thread.awaits_livia and thread.awaiting_since
    assert thread.answered_upto_id == waiting.pk - 1
    assert (thread.unread_count, thread.last_message_text) == (2, "2")


def test_a_person_attending_wins_over_livia(says, by_lid, by_both, ana):
    by_phone = says("1").conversation
    taken = by_lid("2").conversation
    conversation_take(conversation_id=taken.pk, user=ana)
    thread = by_both("3").conversation
    assert thread.pk == by_phone.pk
    assert (thread.attended_by, thread.taken_by) == (Attendance.PERSON, ana)
    assert not thread.awaits_livia


def test_livia_stays_out_where_a_consultant_serves_the_client(says, by_lid, by_both, ana, new_lead):
    new_lead(owner=ana, phone="+5511998123340")
    assert says("1").conversation.attended_by == Attendance.NONE
    assert by_lid("2").conversation.attended_by == Attendance.LIVIA
    thread = by_both("3").conversation
    assert thread.attended_by == Attendance.NONE and not thread.awaits_livia


def test_an_old_notification_opens_the_thread_that_stays(says, by_lid, by_both, ana):
    kept, gone = says("1").conversation, by_lid("2").conversation
    lead_assign(lead_id=gone.lead_id, consultant_id=ana.pk)
    conversation_take(conversation_id=gone.pk, user=ana)
    Conversation.objects.update(unread_count=0)
    by_lid("está aí?")
    bell = ana.notifications.get(kind="message")
    assert bell.url == f"/conversations/{gone.pk}/"
    by_both("3")
    bell.refresh_from_db()
    assert bell.url == f"/conversations/{kept.pk}/"


def test_an_opt_out_under_either_name_holds(says, by_lid, by_both):
    says("1")
    left = by_lid("sair").conversation
    contact_opt_out(conversation_id=left.pk, confirmation="Tudo bem.")
    assert by_both("2").conversation.contact.opted_out_at
    assert Message.objects.get(text="Tudo bem.").state == MessageState.QUEUED


def test_what_waits_to_leave_under_the_other_name_is_not_sent_after_an_opt_out(says, by_lid, by_both, ana):
    by_phone = says("1").conversation
    message_send(conversation_id=by_phone.pk, text="Olá Maria", user=ana)
    left = by_lid("sair").conversation
    contact_opt_out(conversation_id=left.pk, confirmation="Tudo bem.")
    by_both("2")
    assert Message.objects.get(text="Olá Maria").state == MessageState.CANCELLED


def test_a_message_on_its_way_is_settled_in_the_thread_it_was_moved_to(says, by_lid, by_both, ana, livia_inbox):
    says("1")
    message_send(conversation_id=by_lid("2").conversation.pk, text="Olá", user=ana)
    claimed = outbox_claim(inbox_id=livia_inbox.pk)
    thread = by_both("3").conversation
    outbox_sent(message_id=claimed.message_id, provider_id="OUT1", sent_at=now())
    sent = Message.objects.get(pk=claimed.message_id)
    assert (sent.conversation, sent.state) == (thread, MessageState.SENT)


def test_a_message_both_threads_have_stays_once(says, by_lid, by_both):
    says("1", provider_id="SAME")
    by_lid("1", provider_id="SAME")
    thread = by_both("2").conversation
    assert thread.messages.filter(provider_id="SAME").count() == 1


def test_a_thread_on_another_number_changes_its_contact_and_lead(says, by_lid, by_both, ana):
    other = Inbox.objects.create(name="Consultores", role=InboxRole.CONSULTANTS)
    elsewhere = by_lid("1", inbox=other).conversation
    says("2")
    here = by_both("3").conversation
    elsewhere.refresh_from_db()
    assert Contact.objects.count() == len(live()) == 1
    assert elsewhere.contact == here.contact
    assert elsewhere.lead == here.lead == live()[0]
    assert here.lead.consultant_id == ana.pk  # whom the rotation gave on the consultants' number


def test_pages_are_led_to_the_thread_that_stays(says, by_lid, by_both):
    kept, gone = says("1").conversation, by_lid("2").conversation
    by_both("3")
    latest = {(event.room, event.object_id): event for event in Event.objects.order_by("seq")}
    assert latest["inbox", f"conv-{gone.pk}"].kind == "gone"
    assert latest["inbox", f"conv-{kept.pk}"].kind == "row"
    assert latest["board", f"lead-{gone.lead_id}"].kind == "gone"
    assert f"/conversations/{kept.pk}/" in latest[f"chat.{gone.pk}", f"thread-{gone.pk}"].html["en"]
    assert latest[f"chat.{kept.pk}", f"thread-{kept.pk}"].kind == "stale"


def test_a_client_of_ana_who_wrote_by_lid_is_hers_once_the_phone_is_known(by_lid, by_both, ana, new_lead):
    lead = new_lead(owner=ana, name="", phone="+5511998123340", city="Natal")
    stranger = by_lid("oi").conversation
    assert stranger.lead != lead
    thread = by_both("sou eu").conversation
    assert (thread.pk, thread.lead) == (stranger.pk, lead)
    assert live() == [lead]
    lead.refresh_from_db()
    assert (lead.consultant_id, lead.name, lead.city, lead.last_message_text) == (ana.pk, "Maria", "Natal", "sou eu")
    assert ana.notifications.filter(kind="leads_merged").count() == 1


def test_a_lead_known_by_lid_learns_its_phone_and_is_found_by_it(by_lid, by_both):
    lead = by_lid("oi").conversation.lead
    by_both("de novo")
    lead.refresh_from_db()
    assert lead.phone == "+5511998123340"
    again, created = lead_create(values={"name": "Maria", "phone": "+5511998123340"}, source=Source.FORM)
    assert (again, created) == (lead, False)


def test_two_phones_are_two_people_even_with_one_lid(says, by_both):
    by_both("1")
    says("2", phone="5521987654321")
    says("3", phone="5521987654321", lid=LID)
    assert sorted(Contact.objects.values_list("phone", "lid")) == [("+5511998123340", LID), ("+5521987654321", None)]


def test_the_newest_lid_of_a_phone_counts(by_both, says):
    by_both("1")
    by_both("2", lid="88003344")
    assert Contact.objects.get().lid == "88003344"


@pytest.mark.parametrize("phone", ["551188123340", "5511988123340", "+5511988123340"])
def test_the_ninth_digit_makes_no_second_person(says, phone):
    known = says("1", phone="5511988123340").conversation
    assert says("2", phone=phone).conversation == known
    assert Contact.objects.count() == Lead.objects.count() == 1


@pytest.mark.parametrize("lid", ["5511998123340", "5511998123340@lid", "5511998123340:12@lid"])
def test_the_digits_of_a_lid_are_never_a_phone(says, lid):
    maria = says("1").conversation
    stranger = says("2", phone=None, lid=lid, chat=lid).conversation
    assert stranger != maria
    assert (stranger.contact.phone, stranger.contact.phone_key, stranger.contact.lid) == ("", None, "5511998123340")
    assert stranger.lead.phone == ""


def test_an_address_in_the_place_of_a_phone_is_no_phone(says):
    contact = says("oi", phone="5511998123340@lid", lid="123").conversation.contact
    assert contact.phone == ""


@pytest.mark.parametrize(("push_name", "shown"), [("Maria 💚", "Maria 💚"), ("", "WhatsApp contact")])
def test_somebody_without_a_phone_is_shown_by_name(by_lid, bruno, browse, push_name, shown):
    thread = by_lid("oi", push_name=push_name).conversation
    page = browse(bruno).get(f"/conversations/{thread.pk}/", headers={"accept-language": "en"}).content.decode()
    assert f"{shown} · Lívia" in page
    assert thread.lead.display_name == shown


def test_the_history_tells_of_the_merge_once(says, by_lid, by_both, bruno, browse):
    says("1")
    gone = by_lid("2").conversation.lead
    lead = by_both("3").conversation.lead
    merged = [row.data for row in lead.interactions.filter(kind=InteractionKind.MERGED)]
    assert merged[0]["gone"] == gone.pk
    page = browse(bruno).get(f"/leads/{lead.pk}/").content.decode()
    assert page.count('data-kind="merged"') == 1
    assert page.count('data-kind="created"') == 2
