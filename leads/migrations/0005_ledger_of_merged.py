"""A lead that was merged into another counts in no column."""

from django.db import migrations

INSERTED = """
CREATE OR REPLACE FUNCTION leads_ledger_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_boarddelta (consultant_id, status, leads, amount)
    SELECT l.consultant_id, l.status, count(*), sum(leads_amount(l)) FROM changed l {alone} GROUP BY 1, 2;
    RETURN NULL;
END $$
"""

DELETED = """
CREATE OR REPLACE FUNCTION leads_ledger_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_boarddelta (consultant_id, status, leads, amount)
    SELECT l.consultant_id, l.status, -count(*), -sum(leads_amount(l)) FROM changed l {alone} GROUP BY 1, 2;
    RETURN NULL;
END $$
"""

UPDATED = """
CREATE OR REPLACE FUNCTION leads_ledger_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_boarddelta (consultant_id, status, leads, amount)
    SELECT l.consultant_id, l.status, l.leads, l.amount FROM (VALUES
        (OLD.consultant_id, OLD.status, -1, -leads_amount(OLD), {old_merged}),
        (NEW.consultant_id, NEW.status, 1, leads_amount(NEW), {new_merged})
    ) AS l (consultant_id, status, leads, amount, merged_into_id) {alone};
    RETURN NULL;
END $$;
DROP TRIGGER leads_ledger_update ON leads_lead;
CREATE TRIGGER leads_ledger_update AFTER UPDATE ON leads_lead FOR EACH ROW
    WHEN ((OLD.consultant_id, OLD.status, OLD.credit_amount, OLD.won_amount, {old_merged})
        IS DISTINCT FROM (NEW.consultant_id, NEW.status, NEW.credit_amount, NEW.won_amount, {new_merged}))
    EXECUTE FUNCTION leads_ledger_update();
"""

MERGED = {
    "alone": "WHERE l.merged_into_id IS NULL",
    "old_merged": "OLD.merged_into_id",
    "new_merged": "NEW.merged_into_id",
}
BEFORE = {"alone": "", "old_merged": "NULL::bigint", "new_merged": "NULL::bigint"}


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_lead_merged_into")]

    operations = [
        migrations.RunSQL(function.format(**MERGED), function.format(**BEFORE))
        for function in (INSERTED, DELETED, UPDATED)
    ]
