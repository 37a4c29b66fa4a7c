"""Words by which the team sorts threads."""

import pytest

from conversations.labels import conversation_label, label_make
from conversations.models import Label
from crm.core.errors import Invalid
from crm.realtime.models import Event


def test_a_member_makes_gives_and_takes_a_label(maria_thread, ana, browse):
    client, address = browse(ana), f"/conversations/{maria_thread.pk}/labels/"
    assert client.post(address, {"new": "Urgente", "color": "red"}).status_code == 204
    label = Label.objects.get()
    assert (label.name, label.color) == ("Urgente", "red")
    row = Event.objects.filter(kind="row").latest("pk").html["pt-br"]
    assert "Urgente" in row and f'data-labels=" {label.pk} "' in row
    page = client.get(f"/conversations/?label={label.pk}").content.decode()
    assert f'id="conv-{maria_thread.pk}"' in page
    client.post(address, {})
    assert not maria_thread.labels.exists()
    assert f'id="conv-{maria_thread.pk}"' not in client.get(f"/conversations/?label={label.pk}").content.decode()


def test_the_same_word_is_the_same_label(db):
    assert label_make(name=" urgente ") == label_make(name="URGENTE")


@pytest.mark.parametrize("name", ["", "   ", "x" * 31])
def test_a_label_has_a_name_of_thirty_characters_at_most(db, name):
    with pytest.raises(Invalid):
        label_make(name=name)


def test_what_is_no_label_is_not_given(maria_thread, ana, browse):
    address = f"/conversations/{maria_thread.pk}/labels/"
    assert browse(ana).post(address, {"label": ["abc", "999999", "-1", "9" * 40]}).status_code == 204
    assert not maria_thread.labels.exists()


def test_two_threads_that_become_one_keep_the_labels_of_both(says, by_lid, by_both):
    for thread, name in ((says("1").conversation, "Um"), (by_lid("2").conversation, "Dois")):
        conversation_label(conversation_id=thread.pk, label_ids=[], new=name)
    kept = by_both("3").conversation
    assert {label.name for label in kept.labels.all()} == {"Um", "Dois"}
