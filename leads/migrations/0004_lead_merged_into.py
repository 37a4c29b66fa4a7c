import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0003_board_open")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="leads.lead",
                verbose_name="merged into",
            ),
        ),
        migrations.AlterField(
            model_name="interaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "Lead created"),
                    ("returned", "Came back"),
                    ("updated", "Data changed"),
                    ("moved", "Moved"),
                    ("assigned", "Assigned"),
                    ("classified", "Classified"),
                    ("simulated", "Simulation made"),
                    ("handed_over", "Handed over by Lívia"),
                    ("taken_over", "Conversation taken over"),
                    ("handed_back", "Handed back to Lívia"),
                    ("opted_out", "Asked for no more messages"),
                    ("opted_in", "Writes to us again"),
                    ("merged", "Two leads became one"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
