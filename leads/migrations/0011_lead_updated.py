from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0010_pipeline_choices")]

    operations = [
        migrations.AddIndex(model_name="lead", index=models.Index(fields=["updated_at", "id"], name="lead_updated")),
    ]
