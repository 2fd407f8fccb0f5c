"""Decision records and audit entries only grow.

The one change that stays possible is to cut the link from an audit entry to a person who has been erased.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION records_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'records_auditentry' THEN
        IF NEW.actor_id IS NULL
           AND (to_jsonb(NEW) - 'actor_id') = (to_jsonb(OLD) - 'actor_id') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON records_auditentry
    FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER decisions_only_grow BEFORE UPDATE OR DELETE ON records_decisionrecord
    FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
"""

BACK = """
DROP TRIGGER audit_only_grows ON records_auditentry;
DROP TRIGGER decisions_only_grow ON records_decisionrecord;
DROP FUNCTION records_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
