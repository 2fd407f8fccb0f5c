from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fair", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
