"""Threads of leads that become one, and two again; the chat on the lead page."""

from conversations.services import conversation_take
from leads.actors import person
from leads.merge import leads_merge
from leads.models import Interaction, InteractionKind, Lead
from leads.unmerge import lead_unmerge


def merged(keep: Lead, gone: Lead, actor) -> Interaction:
    leads_merge(keep_id=keep.pk, gone_id=gone.pk, actor=actor)
    return Interaction.objects.filter(lead=keep, kind=InteractionKind.MERGED).first()


def test_threads_follow_both_ways_and_livia_leaves_where_a_consultant_has_come(maria_thread, ana, bruno, new_lead):
    keep, stranger = new_lead(owner=ana, name="Maria", phone=""), maria_thread.lead
    merger = merged(keep, stranger, person(bruno))
    maria_thread.refresh_from_db()
    assert (maria_thread.lead_id, maria_thread.attended_by) == (keep.pk, "")
    conversation_take(conversation_id=maria_thread.pk, user=ana)
    lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    maria_thread.refresh_from_db()
    stranger.refresh_from_db()
    keep.refresh_from_db()
    assert maria_thread.lead_id == stranger.pk
    assert (stranger.last_message_text, stranger.attended_by) == ("oi", "person")
    assert (keep.last_message_text, keep.unread_count) == ("", 0)


def test_the_lead_page_shows_the_latest_thread_and_follows_its_room(maria_thread, says, bruno, browse):
    says("<b>boa tarde</b>")
    page = browse(bruno).get(f"/leads/{maria_thread.lead_id}/").content.decode()
    assert "&lt;b&gt;boa tarde" in page
    assert f'id="msgs-{maria_thread.pk}"' in page
    assert f"chat.{maria_thread.pk}" in page
