"""Text as it is searched: PostgreSQL's `unaccent(text)` depends on the search path and so is not immutable."""

from django.db import migrations

FOLD = """
CREATE OR REPLACE FUNCTION crm_fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0005_ledger_of_merged")]

    operations = [migrations.RunSQL(FOLD, "DROP FUNCTION crm_fold(text)")]
