"""The pages of an import, as a manager uses them."""

import pytest
from django.urls import reverse

from leads.actors import person
from leads.models import Lead
from leads.services import lead_update
from leads.tests.imports.conftest import undone

pytestmark = pytest.mark.django_db

LIST = "Nome;Telefone;Obs\nMaria;11 99812-3340;\nErro;1;{}\n".format("muito " * 100)


def test_from_a_refusal_every_link_leads_back_to_the_import(checked, browse, bruno):
    batch = checked(LIST)
    answer = browse(bruno).post(reverse("imports:run", args=[batch.pk]), {"consent": "on"})
    assert answer.status_code == 400
    assert f'href="/imports/{batch.pk}/?rows=error#rows"' in answer.content.decode()


def test_rows_for_download_hold_all_that_was_written_and_say_who_was_kept(imported, browse, bruno):
    batch = imported(LIST)
    address, page = reverse("imports:rows", args=[batch.pk]), browse(bruno)
    assert "muito " * 99 in page.get(address, {"rows": "error"}).content.decode()
    lead_update(lead_id=Lead.objects.get().pk, values={"city": "Santos"}, actor=person(bruno))
    undone(batch)
    lines = page.get(address, {"rows": "kept"}).content.decode("utf-8-sig").splitlines()
    line, phone, name, _note, why = lines[1].split(";")
    assert (line, phone, name) == ("2", "(11) 99812-3340", "Maria") and why
