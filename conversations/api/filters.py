"""What lists of version 1 can be narrowed to."""

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from conversations.models import (
    Contact,
    Conversation,
    ConversationStatus,
    Direction,
    Message,
    MessageKind,
    MessageState,
)
from conversations.selectors import conversations_visible_to
from crm.api.filtering import AnyOfFilter, MomentFilter, WholeFilter, YesNoFilter
from crm.core.phones import phone_identity, phone_normalise
from leads.models import Attendance

NOBODY = "nobody"  # a filter cannot be empty
_ATTENDING = [(code or NOBODY, label) for code, label in Attendance.choices]
_KINDS = [choice for choice in MessageKind.choices if choice[0] != MessageKind.REACTION]


class ConversationFilters(FilterSet):
    lead = WholeFilter(help_text="Of this lead.")
    contact = WholeFilter(help_text="With this contact.")
    inbox = WholeFilter(help_text="On this number.")
    label = WholeFilter(field_name="labels", help_text="With this label.")
    state = AnyOfFilter(choices=ConversationStatus.choices, field_name="status", help_text="In one of these states.")
    attended_by = ChoiceFilter(choices=_ATTENDING, method="of_attending", help_text="Who answers the client now.")
    unread = YesNoFilter(method="of_unread", help_text="With messages nobody has read.")
    snoozed = YesNoFilter("snoozed_until", lookup_expr="isnull", exclude=True, help_text="Put off until later.")
    archived = YesNoFilter(method="of_archived", help_text="Put away.")
    last_message_after = MomentFilter(
        field_name="last_message_at", lookup_expr="gte", help_text="Whose last message is of this moment or later."
    )
    last_message_before = MomentFilter(
        field_name="last_message_at", lookup_expr="lt", help_text="Whose last message is of an earlier moment."
    )

    class Meta:
        model = Conversation
        fields: tuple[str, ...] = ()

    def of_attending(self, threads: QuerySet[Conversation], _name: str, value: str) -> QuerySet[Conversation]:
        return threads.filter(attended_by="" if value == NOBODY else value)

    def of_unread(self, threads: QuerySet[Conversation], _name: str, value: bool) -> QuerySet[Conversation]:
        return threads.filter(unread_count__gt=0) if value else threads.filter(unread_count=0)

    def of_archived(self, threads: QuerySet[Conversation], _name: str, value: bool) -> QuerySet[Conversation]:
        archived = {"status": ConversationStatus.ARCHIVED}
        return threads.filter(**archived) if value else threads.exclude(**archived)


class MessageFilters(FilterSet):
    direction = ChoiceFilter(choices=Direction.choices, help_text="`in`: from the client; `out`: everything else.")
    kind = AnyOfFilter(choices=_KINDS, help_text="Of one of these kinds.")
    state = AnyOfFilter(choices=MessageState.choices, help_text="In one of these states.")
    after_id = WholeFilter(field_name="pk", lookup_expr="gt", help_text="Later than this one.")
    before_id = WholeFilter(field_name="pk", lookup_expr="lt", help_text="Earlier than this one.")

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()


class ContactFilters(FilterSet):
    phone = CharFilter(
        method="of_phone", max_length=40, help_text="With this number, however it is written: with 9 or without."
    )
    lead = WholeFilter(method="of_lead", help_text="Who writes about this lead.")
    opted_out = YesNoFilter("opted_out_at", lookup_expr="isnull", exclude=True, help_text="Who want no messages.")

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()

    def of_phone(self, contacts: QuerySet[Contact], _name: str, value: str) -> QuerySet[Contact]:
        return contacts.filter(phone_key=phone_identity(phone_normalise(value)))

    def of_lead(self, contacts: QuerySet[Contact], _name: str, value: int) -> QuerySet[Contact]:
        """By what whoever asks may see, not by what there is."""
        threads = conversations_visible_to(self.request.user).filter(lead=value)
        return contacts.filter(pk__in=threads.values("contact"))
