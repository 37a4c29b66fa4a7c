"""Several counts in one query."""

import pytest
from django.contrib.auth import get_user_model

from crm.core.counting import counts

pytestmark = pytest.mark.django_db


def test_each_is_counted_as_far_as_it_reaches(ana, bruno, caio, django_assert_num_queries):
    everybody = get_user_model().objects.order_by("name")
    with django_assert_num_queries(1):
        found = counts(everybody, everybody[:2], everybody.filter(pk=ana.pk), everybody.filter(pk__in=[]))
    assert found == [3, 2, 1, 0]
