from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_one_chain")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="request_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["request_id"], name="audit_request"),
        ),
    ]
