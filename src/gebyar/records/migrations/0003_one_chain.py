"""A decision record is added only behind the last one.

The uniqueness of `previous` already forbids a fork; this forbids a record that follows nothing.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION records_follow_the_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sequence = 1 AND NEW.previous = repeat('0', 64) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM records_decisionrecord last
        WHERE last.hash = NEW.previous AND last.sequence = NEW.sequence - 1
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'decision record % does not follow record %', NEW.sequence, NEW.sequence - 1
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER decisions_follow_the_last BEFORE INSERT ON records_decisionrecord
    FOR EACH ROW EXECUTE FUNCTION records_follow_the_last();
"""

BACK = """
DROP TRIGGER decisions_follow_the_last ON records_decisionrecord;
DROP FUNCTION records_follow_the_last();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_only_grow")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
