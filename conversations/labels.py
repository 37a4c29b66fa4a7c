"""The words a team sorts threads by. Any member gives and makes them; managers rename and delete them in the admin."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from conversations.models import Label, LabelColor
from conversations.realtime import publish_row, publish_side
from conversations.upkeep import conversation_lock, conversation_save
from crm.core.errors import Conflict, Invalid
from crm.core.text import clean_line
from crm.core.work import service

LONGEST = 30
MOST = 100


@service
def conversation_label(
    *, conversation_id: int, label_ids: Collection[int], new: str = "", color: str = LabelColor.GRAY
) -> None:
    """Give a thread exactly these labels, and one that is made now if `new` names it. Raises Invalid, Conflict."""
    conversation = conversation_lock(conversation_id)
    labels = list(Label.objects.filter(pk__in=label_ids))
    if new.strip():
        labels.append(label_make(name=new, color=color))
    before = {label.pk for label in conversation.labels.all()}
    if before == {label.pk for label in labels}:
        return
    conversation.labels.set(labels)
    conversation_save(conversation)
    publish_row(conversation)
    publish_side(conversation)


@service
def label_make(*, name: str, color: str = LabelColor.GRAY) -> Label:
    """The label of that name, whatever its capitals; made if there is none."""
    clean = clean_line(name, limit=LONGEST + 1)
    if not clean or len(clean) > LONGEST:
        raise Invalid(_("A label has 1 to 30 characters."))
    known = Label.objects.filter(name__iexact=clean).first()
    if known is not None:
        return known
    if Label.objects.count() >= MOST:
        raise Conflict(_("There are 100 labels already. Ask a manager to remove some."), code="too_many")
    label, _created = Label.objects.get_or_create(
        name=clean, defaults={"color": color if color in LabelColor.values else LabelColor.GRAY}
    )
    return label
