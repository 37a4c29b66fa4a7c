"""Workers die, meet each other and other people's leads: the list comes out whole."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from crm.core.clock import now
from crm.core.errors import Conflict
from leads.imports import running
from leads.imports.keeping import imports_forget, leftovers_remove
from leads.imports.services import import_go_on, import_run, import_sheet, import_stop
from leads.imports.work import orphans
from leads.models import Consultant, Import, ImportState, Interaction, Lead, Source
from leads.services import lead_create
from leads.tests.imports.conftest import undone

HEAD = "Nome;Telefone;Produto;Valor\n"
RUN = "import django; django.setup(); from leads.imports import running; running.run({})"


def people(count: int) -> str:
    return HEAD + "".join(f"Cliente {n};(11) 9{n:08};home equity;{n}.000\n" for n in range(10_000, 10_000 + count))


def fresh(batch: Import) -> Import:
    return Import.objects.get(pk=batch.pk)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_a_list_that_another_finishes_without_gap_or_double(
    checked, ana, caio, tmp_path
):
    batch = checked(people(3000))
    import_run(import_id=batch.pk, options={})
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": database, "MEDIA_ROOT": str(tmp_path)}
    child = subprocess.Popen([sys.executable, "-c", RUN.format(batch.pk)], env=environment)
    try:
        while fresh(batch).rows_done == 0 and child.poll() is None:
            time.sleep(0.02)
    finally:
        child.kill()
        child.wait()
    assert 0 < fresh(batch).rows_done < 3000
    running.run(batch.pk)
    assert fresh(batch).state == ImportState.RUNNING  # the dead one's claim is young
    Import.objects.filter(pk=batch.pk).update(claimed_at=now() - timedelta(seconds=90))
    assert list(orphans()) == [batch]
    running.run(batch.pk)
    batch = fresh(batch)
    assert (batch.state, batch.created_count, batch.rows_done) == (ImportState.DONE, 3000, 3000)
    assert Lead.objects.count() == Interaction.objects.count() == batch.rows.count() == 3000
    assert sorted(Counter(Lead.objects.values_list("consultant_id", flat=True)).values()) == [1500, 1500]
    assert set(Consultant.objects.values_list("assigned_count", flat=True)) == {1500}


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_leads_that_come_meanwhile_make_each_phone_one_lead(checked, ana, caio):
    batch = checked(people(1000))
    import_run(import_id=batch.pk, options={})
    begun = threading.Barrier(4)

    def in_thread(act, *arguments) -> None:
        begun.wait()
        try:
            act(*arguments)
        finally:
            connection.close()

    def singly(numbers) -> None:
        for n in numbers:
            lead_create(values={"name": "Site", "phone": f"+55119{n:08}"}, source=Source.API)

    with ThreadPoolExecutor(4) as pool:
        waits = [pool.submit(in_thread, running.run, batch.pk) for _ in range(2)]
        for numbers in (range(10_999, 10_979, -1), range(10_500, 10_520)):
            waits.append(pool.submit(in_thread, singly, numbers))
        for wait in waits:
            wait.result()
    batch = fresh(batch)
    assert (batch.state, batch.created_count + batch.known_count, batch.error_count) == (ImportState.DONE, 1000, 0)
    assert Lead.objects.count() == 1000
    owners = Counter(Lead.objects.values_list("consultant_id", flat=True))
    assert max(owners.values()) - min(owners.values()) <= 1


@pytest.mark.django_db
def test_a_list_that_was_stopped_goes_on_or_is_taken_back(checked, ana, bruno):
    known, _created = lead_create(
        values={"name": "Cliente 10001", "phone": "+5511900010001"}, source=Source.MANUAL, assign=False
    )
    batch = checked(people(4))
    import_run(import_id=batch.pk, options={})
    import_stop(import_id=batch.pk, actor=bruno)
    running.run(batch.pk)
    assert (fresh(batch).state, Lead.objects.count()) == (ImportState.FAILED, 1)
    with pytest.raises(Conflict):
        import_sheet(import_id=batch.pk, sheet="")
    import_go_on(import_id=batch.pk)
    running.run(batch.pk)
    assert (fresh(batch).state, Lead.objects.count()) == (ImportState.DONE, 4)
    assert undone(fresh(batch)).state == ImportState.UNDONE
    known.refresh_from_db()
    assert (list(Lead.objects.all()), known.name, known.product) == ([known], "Cliente 10001", "")


@pytest.mark.django_db
def test_a_list_stopped_before_its_first_row_takes_nothing_from_known_leads_when_undone(checked, new_lead, bruno):
    maria = new_lead(name="Cliente 10001", phone="+5511900010001")
    batch = checked(people(4))
    import_run(import_id=batch.pk, options={})
    import_stop(import_id=batch.pk, actor=bruno)
    assert undone(fresh(batch)).state == ImportState.UNDONE
    maria.refresh_from_db()
    assert maria.name == "Cliente 10001"


@pytest.mark.django_db
def test_files_and_their_words_are_forgotten_in_time(imported, ana, tmp_path):
    batch = imported(people(2) + "Sem telefone;;;\n")
    assert batch.rows.exclude(values=None).count() == 1
    assert imports_forget() == 0
    stray = tmp_path / "imports" / "stray"  # of an upload that was cut off
    stray.write_text("Maria;11998123340")
    assert leftovers_remove() == 0
    os.utime(stray, (0, 0))
    assert leftovers_remove() == 1
    Import.objects.update(created_at=now() - timedelta(days=settings.IMPORT_KEEP_DAYS, minutes=1))
    assert imports_forget() == 1
    batch = fresh(batch)
    assert (batch.path, batch.sample, batch.rows.exclude(values=None).count()) == ("", [], 0)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert undone(batch).kept_count == 0
    assert not Lead.objects.exists()
