"""Find listings by words at once, and open a deal once however often its form is sent."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

_TRIGGERS = """
CREATE FUNCTION partnership_listing_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := concat_ws(' ', NEW.title, NEW.description, (SELECT name FROM registry_firm WHERE id = NEW.firm_id));
    RETURN NEW;
END $$;
CREATE TRIGGER listing_words BEFORE INSERT OR UPDATE OF title, description, firm_id, words ON partnership_listing
    FOR EACH ROW EXECUTE FUNCTION partnership_listing_words();

CREATE FUNCTION partnership_firm_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE partnership_listing SET words = '' WHERE firm_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER listing_words_of_firm AFTER UPDATE OF name ON registry_firm
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION partnership_firm_renamed();

UPDATE partnership_listing SET words = '';
"""
_NO_TRIGGERS = """
DROP TRIGGER listing_words_of_firm ON registry_firm;
DROP TRIGGER listing_words ON partnership_listing;
DROP FUNCTION partnership_firm_renamed();
DROP FUNCTION partnership_listing_words();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0002_photo_thumbnails"),
        ("registry", "0004_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="words",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("status", "approved")),
                fields=["-decided_at", "-id"],
                include=("changed_at",),
                name="listing_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("words"), name="gin_trgm_ops"
                ),
                condition=models.Q(("status", "approved")),
                name="listing_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.UniqueConstraint(
                fields=("seller", "buyer", "relation", "title", "origin", "origin_date", "listing"),
                name="one_deal_of_each_kind_and_day",
                nulls_distinct=False,
            ),
        ),
    ]
