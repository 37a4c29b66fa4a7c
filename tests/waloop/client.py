"""A bare neonize client for the loopback's own tests, and to explore: `python client.py STORE.sqlite`.

Events go to stdout as JSON lines; each line on stdin is one command as JSON: {"do": "send", "to": …, "text": …}.
Started with the environment of `Loopback.environment()`. Ids of messages are appended to STORE.messages as they come.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pylibmagic  # noqa: F401  (finds libmagic for neonize)
from neonize import events
from neonize.client import NewClient
from neonize.utils.enum import ChatPresence, ChatPresenceMedia, ReceiptType
from neonize.utils.jid import Jid2String, JIDToNonAD, build_jid

STORE = Path(sys.argv[1])
writing = threading.Lock()
kept: dict[str, Any] = {}  # messages by id, for replies and downloads


def say(event: str, **fields: object) -> None:
    with writing:
        sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
        sys.stdout.flush()


def on_message(client: NewClient, message: Any) -> None:
    info = message.Info
    with writing:
        os.write(spool, f"{info.ID}\n".encode())
    kept[info.ID] = message
    source = info.MessageSource
    say(
        "Message",
        id=info.ID,
        chat=Jid2String(source.Chat),
        sender=Jid2String(source.Sender),
        alt=Jid2String(source.SenderAlt) if source.SenderAlt.User else "",
        from_me=source.IsFromMe,
        group=source.IsGroup,
        name=info.Pushname,
        at=info.Timestamp,
        fields=[field.name for field, _ in message.Message.ListFields()],
        text=message.Message.conversation or message.Message.extendedTextMessage.text,
        media=info.MediaType,
    )


def on_receipt(client: NewClient, receipt: Any) -> None:
    say("Receipt", type=int(receipt.Type), ids=list(receipt.MessageIDs), chat=Jid2String(receipt.MessageSource.Chat))


def on_connected(client: NewClient, event: Any) -> None:
    client.set_force_activate_delivery_receipts(True)
    say("Connected")


def jid(text: str) -> Any:
    user, _, server = text.partition("@")
    return build_jid(user, server or "s.whatsapp.net")


class Commands:
    """One method a command; what it returns is the result's fields."""

    def __init__(self, client: NewClient) -> None:
        self.client = client

    def send(self, to: str, text: str) -> dict[str, object]:
        return {"id": self.client.send_message(jid(to), text).ID}

    def reply(self, to: str, text: str) -> dict[str, object]:
        return {"id": self.client.reply_message(text, kept[to]).ID}

    def image(self, to: str, path: str, caption: str) -> dict[str, object]:
        return {"id": self.client.send_image(jid(to), path, caption=caption).ID}

    def document(self, to: str, path: str, name: str) -> dict[str, object]:
        sent = self.client.send_document(jid(to), path, filename=name, mimetype="application/pdf")
        return {"id": sent.ID}

    def download(self, id: str, to: str) -> dict[str, object]:
        Path(to).write_bytes(self.client.download_any(kept[id].Message))
        return {}

    def read(self, id: str) -> dict[str, object]:
        source = kept[id].Info.MessageSource
        self.client.mark_read(id, chat=source.Chat, sender=source.Sender, receipt=ReceiptType.READ)
        return {}

    def typing(self, to: str) -> dict[str, object]:
        self.client.send_chat_presence(
            jid(to), ChatPresence.CHAT_PRESENCE_COMPOSING, ChatPresenceMedia.CHAT_PRESENCE_MEDIA_TEXT
        )
        return {}

    def check(self, numbers: list[str]) -> dict[str, object]:
        answers = self.client.is_on_whatsapp(*numbers)
        return {"found": [[one.Query, one.IsIn, Jid2String(JIDToNonAD(one.JID))] for one in answers]}

    def number_of(self, lid: str) -> dict[str, object]:
        return {"jid": Jid2String(self.client.get_pn_from_lid(jid(lid)))}

    def code(self, number: str) -> dict[str, object]:
        return {"code": self.client.PairPhone(number, True)}

    def logout(self) -> dict[str, object]:
        self.client.logout()
        return {}


def obey(client: NewClient) -> None:
    commands = Commands(client)
    for line in sys.stdin:
        order = json.loads(line)
        tag, verb = order.pop("tag", None), order.pop("do")
        try:
            say("Done", do=verb, tag=tag, **getattr(commands, verb)(**order))
        except Exception as error:
            say("Failed", do=verb, tag=tag, error=str(error), kind=type(error).__name__)
    os._exit(0)


def listen(client: NewClient) -> None:
    client.event.qr(lambda _, data: say("QR", data=data.decode()))
    client.event(events.MessageEv)(on_message)
    client.event(events.ReceiptEv)(on_receipt)
    client.event(events.ConnectedEv)(on_connected)
    for kind in events.EVENT_TO_INT:
        if kind not in (events.MessageEv, events.ReceiptEv, events.ConnectedEv) and kind.__name__ != "Device":
            client.event(kind)(lambda _, event, name=kind.__name__: say(name, detail=str(event)[:500]))


spool = os.open(STORE.with_suffix(".messages"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
client = NewClient(str(STORE), uuid="loopback-test")
listen(client)
threading.Thread(target=obey, args=(client,), daemon=True).start()
try:
    client.connect()
    say("Ended")
except BaseException as error:
    say("Ended", error=str(error), kind=type(error).__name__)
client.stop()
os._exit(0)
