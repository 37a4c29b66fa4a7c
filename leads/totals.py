"""Keeping the ledger of column totals short."""

from django.db import connection, transaction

_FOLD = """
WITH gone AS (
    DELETE FROM leads_boarddelta WHERE id IN (
        SELECT id FROM leads_boarddelta ORDER BY id LIMIT 50000 FOR UPDATE SKIP LOCKED
    ) RETURNING consultant_id, status, leads, amount
)
INSERT INTO leads_boarddelta (consultant_id, status, leads, amount)
SELECT consultant_id, status, sum(leads), sum(amount) FROM gone
GROUP BY consultant_id, status HAVING sum(leads) <> 0 OR sum(amount) <> 0
"""


def totals_compact() -> None:
    """Fold the ledger to one row per owner and column; readers see either all old rows or the folded one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD)
