"""What facts say about the flow of messages, counted for `/metrics`."""

from django.db import connection

from conversations.events import MessageReceived, MessageSettled
from conversations.models import Author, Message, MessageState
from crm.core import metrics
from crm.core.facts import on

_OVER = (MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN)
_REASONS = frozenset(
    {"not_on_whatsapp", "463", "479", "interrupted", "not_connected", "upload", "file_missing", "crashed", "timeout"}
)
# Only the first reply of the thread's latest turn answers: what follows it is the same answer.
_ANSWERED = """
SELECT extract(epoch FROM reply.state_changed_at - asked.created_at)::float
FROM (SELECT message_ids, reply_ids FROM agent_turn WHERE conversation_id = %s ORDER BY id DESC LIMIT 1) AS turn
JOIN conversations_message reply ON reply.id = %s
JOIN conversations_message asked ON asked.id = (turn.message_ids ->> 0)::bigint
WHERE (turn.reply_ids ->> 0)::bigint = reply.id
"""


@on(MessageReceived)
def _received(fact: MessageReceived) -> None:
    metrics.RECEIVED.inc(1 + len(fact.earlier_ids))


@on(MessageSettled)
def _settled(fact: MessageSettled) -> None:
    if fact.state not in _OVER:
        return
    known = Message.objects.filter(pk=fact.message_id).values_list("author", "error_code").first()
    if known is None:
        return
    author, reason = known
    metrics.SETTLED.labels(author, fact.state).inc()
    if fact.state != MessageState.SENT:
        metrics.FAILED.labels(reason if reason in _REASONS else metrics.OTHER).inc()
    elif author == Author.LIVIA:
        _answered(fact)


def _answered(fact: MessageSettled) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [fact.conversation_id, fact.message_id])
        if row := cursor.fetchone():
            metrics.ANSWER.observe(max(row[0], 0))
