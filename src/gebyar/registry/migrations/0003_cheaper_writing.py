"""Make writing a fact cheaper, without holding it to less: what is checked per row today is checked per statement."""

import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models

_TABLES = ("firm", "factchange", "profile", "certificate", "contact")

# What a foreign key does, with one look-up per statement. FOR KEY SHARE is the lock that a foreign key takes: nobody
# can delete the delivery before this transaction ends.
_WRITTEN = """
CREATE FUNCTION registry_delivery_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    missing bigint;
BEGIN
    WITH named AS (
        SELECT DISTINCT delivery_id FROM written WHERE delivery_id IS NOT NULL
    ), held AS (
        SELECT id FROM registry_delivery WHERE id IN (SELECT delivery_id FROM named) FOR KEY SHARE
    )
    SELECT delivery_id INTO missing FROM named WHERE delivery_id NOT IN (SELECT id FROM held) LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('delivery %s is not there, but a row of %s names it', missing, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
"""

# A delivery is deleted before anybody can name it, or not at all.
_DELETED = """
CREATE FUNCTION registry_delivery_is_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {named} THEN
        RAISE foreign_key_violation USING MESSAGE = format('delivery %s has facts', OLD.id);
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_delivery BEFORE DELETE OR UPDATE OF id ON registry_delivery
    FOR EACH ROW EXECUTE FUNCTION registry_delivery_is_named();
""".format(named=" OR ".join(f"EXISTS (SELECT FROM registry_{t} WHERE delivery_id = OLD.id)" for t in _TABLES))

_TRIGGERS = "".join(
    f"""
    CREATE TRIGGER delivery_is_there_{event.lower()} AFTER {event} ON registry_{table}
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION registry_delivery_is_there();
    """
    for table in _TABLES
    for event in ("INSERT", "UPDATE")
)
_NO_TRIGGERS = "".join(
    f"DROP TRIGGER delivery_is_there_{event} ON registry_{table};"
    for table in _TABLES
    for event in ("insert", "update")
)


def _delivery_of(model: str, *, null: bool) -> migrations.AlterField:
    return migrations.AlterField(
        model_name=model,
        name="delivery",
        field=models.ForeignKey(
            db_constraint=False,
            db_index=False,
            null=null,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="registry.delivery",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_firm_started_year"),
    ]

    operations = [
        *(_delivery_of(model, null=model != "profile") for model in _TABLES),
        migrations.RunSQL(
            _WRITTEN + _DELETED + _TRIGGERS,
            _NO_TRIGGERS + "DROP TRIGGER keep_delivery ON registry_delivery;"
            "DROP FUNCTION registry_delivery_is_named(); DROP FUNCTION registry_delivery_is_there();",
        ),
        # Lists are searched by KBLI through the words of the search documents; nothing read this index.
        migrations.RemoveIndex(
            model_name="firm",
            name="firm_kbli",
        ),
        migrations.AlterField(
            model_name="firm",
            name="nib",
            field=models.CharField(blank=True, max_length=13, null=True),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.UniqueConstraint(fields=("nib",), name="one_firm_per_nib"),
        ),
        migrations.RemoveConstraint(
            model_name="firm",
            name="firm_region_form",
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.In(
                    models.Func(
                        models.F("region_code"),
                        models.Value("0123456789"),
                        models.Value("0000000000"),
                        function="translate",
                        output_field=models.TextField(),
                    ),
                    ["00", "00.00", "00.00.00", "00.00.00.0000"],
                ),
                name="firm_region_form",
            ),
        ),
    ]
