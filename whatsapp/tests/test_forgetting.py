"""A client taken out of what a number keeps on the disk; other clients and the number's own keys stay."""

import sqlite3
from contextlib import closing
from pathlib import Path

from crm.core.privacy import Subject
from whatsapp.erasing import folder_forget
from whatsapp.gateways.neonize.forgetting import store_forget
from whatsapp.models import Session
from whatsapp.spool import Spool

NUMBERS = ["5531987654320", "778899001122"]
_STORE = """
CREATE TABLE whatsmeow_device (jid TEXT PRIMARY KEY, noise_key BLOB);
CREATE TABLE whatsmeow_contacts (our_jid TEXT, their_jid TEXT, full_name TEXT, push_name TEXT);
CREATE TABLE whatsmeow_sessions (our_jid TEXT, their_id TEXT, session BLOB);
CREATE TABLE whatsmeow_lid_map (lid TEXT PRIMARY KEY, pn TEXT);
CREATE TABLE whatsmeow_message_secrets (our_jid TEXT, chat_jid TEXT, sender_jid TEXT, message_id TEXT, key BLOB);
INSERT INTO whatsmeow_device VALUES ('5531987654320:3@s.whatsapp.net', x'00');
INSERT INTO whatsmeow_contacts VALUES ('me', '5531987654320@s.whatsapp.net', 'Zulmira Quintino', 'Zuzu');
INSERT INTO whatsmeow_contacts VALUES ('me', '55319876543209@s.whatsapp.net', 'Outra', 'Outra');
INSERT INTO whatsmeow_sessions VALUES ('5531987654320@x', '5531987654320:0', x'01'), ('me', '778899001122_1:7', x'01');
INSERT INTO whatsmeow_sessions VALUES ('me', '5511998123340:0', x'01');
INSERT INTO whatsmeow_lid_map VALUES ('778899001122', '5531987654320'), ('1', '5511998123340');
INSERT INTO whatsmeow_message_secrets VALUES ('me', '1@g.us', '778899001122:9@lid', 'A', x'01');
"""


def store(folder: Path) -> Path:
    path = folder / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_STORE)
    return path


def rows(path: Path) -> dict[str, int]:
    tables = ("device", "contacts", "sessions", "lid_map", "message_secrets")
    with closing(sqlite3.connect(path)) as connection:
        counts = {name: connection.execute(f"SELECT count(*) FROM whatsmeow_{name}").fetchone()[0] for name in tables}
    return counts


def test_a_person_leaves_the_store_of_a_number(tmp_path):
    path = store(tmp_path)
    assert store_forget(tmp_path, NUMBERS) == 5
    assert rows(path) == {"device": 1, "contacts": 1, "sessions": 1, "lid_map": 1, "message_secrets": 0}
    kept = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert b"Zulmira" not in kept and b"Zuzu" not in kept and b"Outra" in kept
    assert store_forget(tmp_path, NUMBERS) == 0


def test_drained_records_leave_the_disk_and_waiting_ones_stay(tmp_path, settings):
    settings.WHATSAPP_SESSION_DIR = tmp_path
    session, subject = Session(pk=7, gateway="simulator"), Subject(lead_ids=(1,), phones=("+5531987654320",))
    session.folder.mkdir()
    with Spool(session.folder / "spool") as spool:
        spool.append(b"Zulmira 5531987654320")
    folder_forget(session, subject)
    assert b"Zulmira" in (session.folder / "spool").read_bytes()
    with Spool(session.folder / "spool") as spool:
        spool.commit(spool.read(9)[-1][0])
        end = spool.append(b"another")
        spool.commit(end)
    folder_forget(session, subject)
    assert b"Zulmira" not in (session.folder / "spool").read_bytes()
    with Spool(session.folder / "spool") as spool:
        assert spool.append(b"next") > end and [data for _end, data in spool.read(9)] == [b"next"]
