"""A listing's photo has a thumbnail; there were no photos before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_initial")]

    operations = [
        migrations.AddField(
            "listingphoto",
            "thumbnail",
            models.FileField(max_length=200, upload_to="listings/", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "listingphoto", "width", models.PositiveSmallIntegerField(default=1), preserve_default=False
        ),
        migrations.AddField(
            "listingphoto", "height", models.PositiveSmallIntegerField(default=1), preserve_default=False
        ),
    ]
