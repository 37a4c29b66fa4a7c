"""Closed columns under a chip without a walk through all of them; and what folding costs, so that the planner takes a
search index before it folds message after message."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0007_work")]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("next_task_at", None), _negated=True),
                fields=["status", "rank", "-id"],
                name="lead_board_planned",
            ),
        ),
        migrations.RunSQL("ALTER FUNCTION crm_fold(text) COST 500", "ALTER FUNCTION crm_fold(text) COST 100"),
    ]
