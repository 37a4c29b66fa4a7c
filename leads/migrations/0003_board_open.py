from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_ledger")]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("consultant", None)), fields=["status", "rank", "-id"], name="lead_board_open"
            ),
        ),
    ]
