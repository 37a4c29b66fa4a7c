"""The reasons and hours that stood in the code until managers could set them."""

from django.db import migrations

REASONS = ["rate", "denied", "competitor", "no_answer", "postponed", "not_eligible", "other"]
HOURS = {
    "NEW": (1, 4),
    "CONTACTED": (24, 72),
    "QUALIFIED": (48, 120),
    "PROPOSAL": (72, 168),
    "WON": (0, 0),
    "LOST": (0, 0),
}


def fill(apps, schema_editor):
    reason, expectation = apps.get_model("leads", "LossReason"), apps.get_model("leads", "StageExpectation")
    reason.objects.bulk_create([reason(code=code, position=place) for place, code in enumerate(REASONS)])
    expectation.objects.bulk_create(
        [expectation(status=status, amber_hours=amber, red_hours=red) for status, (amber, red) in HOURS.items()]
    )


class Migration(migrations.Migration):
    dependencies = [("leads", "0009_managers")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
