"""What was asked and what was answered stays: instruments in use and finished answers never change."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION readiness_keep_instrument() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
       AND NOT (OLD.status = 'published' AND NEW.status = 'draft')
       AND NOT (OLD.status = 'retired' AND NEW.status <> 'retired')
       AND (to_jsonb(NEW) - 'status' - 'made_by_id') = (to_jsonb(OLD) - 'status' - 'made_by_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an instrument in use never changes: % is refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER instrument_stays BEFORE UPDATE OR DELETE ON readiness_instrumentversion
    FOR EACH ROW EXECUTE FUNCTION readiness_keep_instrument();

CREATE FUNCTION readiness_keep_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL AND (
        NEW.answers IS DISTINCT FROM OLD.answers OR NEW.index IS DISTINCT FROM OLD.index
        OR NEW.index_low IS DISTINCT FROM OLD.index_low OR NEW.index_high IS DISTINCT FROM OLD.index_high
        OR NEW.level IS DISTINCT FROM OLD.level OR NEW.pillars IS DISTINCT FROM OLD.pillars
        OR NEW.fields IS DISTINCT FROM OLD.fields OR NEW.profiles IS DISTINCT FROM OLD.profiles
        OR NEW.finished_at IS DISTINCT FROM OLD.finished_at
    ) THEN
        RAISE EXCEPTION 'finished answers never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER finished_assessment_stays BEFORE UPDATE ON readiness_assessment
    FOR EACH ROW EXECUTE FUNCTION readiness_keep_answers();
CREATE TRIGGER finished_visit_stays BEFORE UPDATE ON readiness_visit
    FOR EACH ROW EXECUTE FUNCTION readiness_keep_answers();
CREATE TRIGGER finished_sheet_stays BEFORE UPDATE ON readiness_workshopsheet
    FOR EACH ROW EXECUTE FUNCTION readiness_keep_answers();
"""

BACK = """
DROP TRIGGER finished_sheet_stays ON readiness_workshopsheet;
DROP TRIGGER finished_visit_stays ON readiness_visit;
DROP TRIGGER finished_assessment_stays ON readiness_assessment;
DROP FUNCTION readiness_keep_answers();
DROP TRIGGER instrument_stays ON readiness_instrumentversion;
DROP FUNCTION readiness_keep_instrument();
"""


class Migration(migrations.Migration):
    dependencies = [("readiness", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
