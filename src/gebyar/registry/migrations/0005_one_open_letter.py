"""One open letter per firm and address; of several the newest stays."""

from django.db import migrations, models

_NEWEST = """
DELETE FROM registry_firminvitation older USING registry_firminvitation newer
WHERE older.firm_id = newer.firm_id AND older.email = newer.email AND older.id < newer.id
  AND older.accepted_at IS NULL AND newer.accepted_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_photos")]

    operations = [
        migrations.RunSQL(_NEWEST, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="firminvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True)),
                fields=("firm", "email"),
                name="one_open_letter_per_address",
            ),
        ),
    ]
