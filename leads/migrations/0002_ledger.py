"""The rotation's turn counter, the ledger of column totals, and search without accents."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

TURN = "CREATE SEQUENCE leads_rotation_turn"

AMOUNT = """
CREATE FUNCTION leads_amount(lead leads_lead) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(CASE WHEN lead.status = 'WON' THEN lead.won_amount END, lead.credit_amount, 0)
$$
"""

# New and deleted rows are summed by statement, so that a bulk load appends one row a column; a change of a lead that
# moves no total writes nothing.
INSERTED = """
CREATE FUNCTION leads_ledger_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_boarddelta (consultant_id, status, leads, amount)
    SELECT l.consultant_id, l.status, count(*), sum(leads_amount(l)) FROM changed l GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_ledger_insert AFTER INSERT ON leads_lead
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION leads_ledger_insert();
"""

DELETED = """
CREATE FUNCTION leads_ledger_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_boarddelta (consultant_id, status, leads, amount)
    SELECT l.consultant_id, l.status, -count(*), -sum(leads_amount(l)) FROM changed l GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_ledger_delete AFTER DELETE ON leads_lead
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION leads_ledger_delete();
"""

UPDATED = """
CREATE FUNCTION leads_ledger_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_boarddelta (consultant_id, status, leads, amount) VALUES
        (OLD.consultant_id, OLD.status, -1, -leads_amount(OLD)), (NEW.consultant_id, NEW.status, 1, leads_amount(NEW));
    RETURN NULL;
END $$;
CREATE TRIGGER leads_ledger_update AFTER UPDATE ON leads_lead FOR EACH ROW
    WHEN ((OLD.consultant_id, OLD.status, OLD.credit_amount, OLD.won_amount)
        IS DISTINCT FROM (NEW.consultant_id, NEW.status, NEW.credit_amount, NEW.won_amount))
    EXECUTE FUNCTION leads_ledger_update();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(TURN, "DROP SEQUENCE leads_rotation_turn"),
        migrations.RunSQL(AMOUNT, "DROP FUNCTION leads_amount"),
        migrations.RunSQL(INSERTED, "DROP FUNCTION leads_ledger_insert CASCADE"),
        migrations.RunSQL(DELETED, "DROP FUNCTION leads_ledger_delete CASCADE"),
        migrations.RunSQL(UPDATED, "DROP FUNCTION leads_ledger_update CASCADE"),
    ]
