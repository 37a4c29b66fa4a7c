"""Maria's messages survive whatever happens to the process that received them."""

import logging
import os
import threading
from pathlib import Path

import pytest

from whatsapp.spool import Spool
from whatsapp.tests.spools import drain


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events"


def damage(path: Path, needle: bytes) -> None:
    content = path.read_bytes()
    assert needle in content
    path.write_bytes(content.replace(needle, bytes(byte ^ 0xFF for byte in needle)))


def test_records_come_back_in_order_and_whole(path):
    messages = [b"", b"oi", bytes(range(256)) * 50, "olá, Lívia".encode()]
    with Spool(path) as spool:
        for message in messages:
            spool.append(message)
        assert [data for _, data in spool.read(10)] == messages
        assert [data for _, data in spool.read(2)] == messages[:2]
        assert drain(spool) == messages
        assert (spool.read(10), spool.pending) == ([], 0)


def test_what_was_not_committed_is_read_again_after_a_restart(path):
    with Spool(path) as spool:
        for number in range(10):
            spool.append(b"%d" % number)
        spool.commit(spool.read(4)[-1][0])
    with Spool(path) as spool:
        assert drain(spool) == [b"%d" % number for number in range(4, 10)]
    with Spool(path) as spool:
        assert drain(spool) == []


def test_an_older_offset_changes_nothing_and_one_past_the_end_is_refused(path):
    with Spool(path) as spool:
        first, last = spool.append(b"a"), spool.append(b"b")
        spool.commit(last)
        spool.commit(first)
        assert spool.read(10) == []
        with pytest.raises(ValueError, match="past the end"):
            spool.commit(last + 1)


def test_a_lost_offset_means_reading_everything_again(path):
    with Spool(path) as spool:
        spool.append(b"a")
        drain(spool)
    Path(f"{path}.offset").write_bytes(b"")
    with Spool(path) as spool:
        assert drain(spool) == [b"a"]


@pytest.mark.parametrize("cut", [1, 11, 12, 13, 40])
def test_a_torn_tail_is_cut_kept_aside_and_reported(path, caplog, cut):
    with Spool(path) as spool:
        end = spool.append(b"whole")
        spool.append(b"torn by a crash, before it was acknowledged")
    torn_at = path.stat().st_size - (12 + 43) + cut
    os.truncate(path, torn_at)
    with caplog.at_level(logging.ERROR), Spool(path) as spool:
        assert (spool.quarantined, spool.damaged) == (cut, 0)
        spool.append(b"next")
        assert drain(spool) == [b"whole", b"next"]
    assert f"{cut} damaged bytes" in caplog.text
    assert Path(f"{path}.quarantine.{end}").stat().st_size == cut


def test_zeros_after_a_power_loss_are_a_torn_tail(path):
    with Spool(path) as spool:
        spool.append(b"whole")
    with path.open("ab") as file:
        file.write(bytes(5000))
    with Spool(path) as spool:
        assert (spool.quarantined, spool.damaged) == (5000, 1)
        assert drain(spool) == [b"whole"]


@pytest.mark.parametrize("damaged", [b"second", b"\xf5LV\x9e\x00\x00\x00\x06"])
def test_a_damaged_record_in_the_middle_is_set_aside_and_the_rest_is_read(path, caplog, damaged):
    with Spool(path) as spool:
        for message in (b"first one", b"second", b"third one"):
            spool.append(message)
    damage(path, damaged)
    with caplog.at_level(logging.ERROR), Spool(path) as spool:
        assert drain(spool) == [b"first one", b"third one"]
        assert (spool.quarantined, spool.damaged) == (12 + 6, 1)
    assert "set aside" in caplog.text
    with Spool(path) as spool:
        assert (spool.quarantined, spool.damaged) == (0, 0)  # told once


def test_damage_while_open_up_to_the_last_record_does_not_stop_the_spool(path):
    with Spool(path) as spool:
        spool.append(b"lost")
        damage(path, b"lost")
        assert drain(spool) == []
        assert spool.damaged == 1
        spool.append(b"later")
        assert drain(spool) == [b"later"]
        assert spool.pending == 0


def test_damage_across_chunks_is_bridged(path):
    with Spool(path) as spool:
        spool.append(b"A" * 600_000)
        spool.append(b"rest")
    damage(path, b"\xf5LV\x9e\x00\x09\x27\xc0")
    with Spool(path) as spool:
        assert drain(spool) == [b"rest"]
        assert spool.quarantined == 600_012


def test_a_damaged_header_loses_no_record(path, caplog):
    with Spool(path) as spool:
        for message in (b"a", b"b"):
            spool.append(message)
        drain(spool)
        spool.append(b"c")
    damage(path, b"LVSPOOL1")
    with caplog.at_level(logging.ERROR), Spool(path) as spool:
        assert drain(spool) == [b"a", b"b", b"c"]
    assert "damaged header" in caplog.text


def test_a_file_that_lost_its_end_does_not_swallow_new_records(path):
    with Spool(path) as spool:
        for message in (b"a", b"b"):
            spool.append(message)
        drain(spool)
    os.truncate(path, path.stat().st_size - 13)
    with Spool(path) as spool:
        spool.append(b"new")
        assert drain(spool) == [b"new"]


def test_an_offset_that_finds_no_room_does_not_stop_reading(path, caplog):
    with Spool(path) as spool:
        spool.append(b"a")
        Path(f"{path}.offset.new").symlink_to("/dev/full")
        assert drain(spool) == [b"a"]
    assert "no room" in caplog.text
    Path(f"{path}.offset.new").unlink()
    with Spool(path) as spool:
        assert drain(spool) == [b"a"]  # told again rather than lost


def test_a_large_file_begins_anew_once_everything_is_committed(path):
    with Spool(path, rotate_bytes=1000) as spool:
        for number in range(10):
            spool.append(b"%d" % number * 200)
        batch = spool.read(5)
        spool.commit(batch[-1][0])
        assert path.stat().st_size > 1000
        drain(spool)
        assert path.stat().st_size < 100
        spool.commit(batch[-1][0])  # a late, older commit
        spool.append(b"after")
    with Spool(path) as spool:
        assert drain(spool) == [b"after"]


def test_a_crash_inside_the_rotation_reads_again_and_loses_nothing(path):
    with Spool(path) as spool:
        end = spool.append(b"a")
        drain(spool)
        spool._write_header(end)  # the first of the two steps
    with Spool(path) as spool:
        spool.append(b"b")
        assert drain(spool) == [b"a", b"b"]


def test_a_batch_is_bounded_in_bytes(path):
    with Spool(path) as spool:
        for _ in range(10):
            spool.append(b"x" * 1_500_000)
        assert len(spool.read(1000)) == 3
        assert len(drain(spool)) == 10


def test_an_oversized_record_is_refused(path, monkeypatch):
    monkeypatch.setattr("whatsapp.spool.MAX_RECORD", 10)
    with Spool(path) as spool, pytest.raises(ValueError, match="at most 10"):
        spool.append(b"x" * 11)


def test_threads_append_while_another_reads(path):
    with Spool(path, rotate_bytes=5_000) as spool:

        def write(author: int) -> None:
            for number in range(500):
                spool.append(b"%d %d" % (author, number))

        writers = [threading.Thread(target=write, args=(author,)) for author in range(4)]
        for writer in writers:
            writer.start()
        found = []
        while len(found) < 2000 and (any(w.is_alive() for w in writers) or spool.pending):
            found += drain(spool)
        for writer in writers:
            writer.join()
    pairs = [tuple(map(int, data.split())) for data in found]
    for author in range(4):
        assert [number for who, number in pairs if who == author] == list(range(500))


def test_syncing_to_the_disk_can_be_switched_on(path):
    with Spool(path, sync=True) as spool:
        spool.append(b"a")
        assert drain(spool) == [b"a"]


def test_a_spool_is_for_nobody_elses_eyes(path):
    with Spool(path) as spool:
        spool.append(b"a")
        drain(spool)
    assert {entry.stat().st_mode & 0o777 for entry in path.parent.iterdir()} == {0o600}
