"""Text as it is searched: without accents and capitals."""

from django.db.models import Func, TextField


class Fold(Func):
    """`crm_fold(text)`, made by a migration of `leads`: PostgreSQL's own unaccent is not immutable, so no index and no
    generated column may use it."""

    function = "crm_fold"
    arity = 1
    output_field = TextField()
