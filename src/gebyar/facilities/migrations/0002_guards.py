"""What the database itself holds: rules in force never change, a published call goes by what it said, judgements stand.

Links to people who were erased may be cut.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION facilities_rules_stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'rules that were in force are kept' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status <> 'draft' AND (
        NEW.key <> OLD.key OR NEW.number <> OLD.number OR NEW.document <> OLD.document OR NEW.sha256 <> OLD.sha256
        OR NEW.status = 'draft' OR (OLD.status = 'retired' AND NEW.status <> 'retired')
        OR NEW.published_at IS DISTINCT FROM OLD.published_at
    ) THEN
        RAISE EXCEPTION 'rules in force never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rules_stand_still BEFORE UPDATE OR DELETE ON facilities_facilityrules
    FOR EACH ROW EXECUTE FUNCTION facilities_rules_stand_still();

CREATE FUNCTION facilities_call_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (
        NEW.status = 'draft' OR (OLD.status <> 'open' AND NEW.status = 'open')
        OR NEW.rules_id <> OLD.rules_id OR NEW.version <> OLD.version OR NEW.method <> OLD.method
        OR NEW.points <> OLD.points OR NEW.reserves <> OLD.reserves OR NEW.seed <> OLD.seed
        OR NEW.opens_at <> OLD.opens_at OR NEW.closes_at < OLD.closes_at
        OR NEW.budget IS DISTINCT FROM OLD.budget OR NEW.places IS DISTINCT FROM OLD.places
    ) THEN
        RAISE EXCEPTION 'a published call goes by what it said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER call_stands_still BEFORE UPDATE ON facilities_call
    FOR EACH ROW EXECUTE FUNCTION facilities_call_stands_still();

CREATE FUNCTION facilities_judgement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.officer_id IS NULL AND (to_jsonb(NEW) - 'officer_id') = (to_jsonb(OLD) - 'officer_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a judgement stands' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER judgement_stands BEFORE UPDATE ON facilities_judgement
    FOR EACH ROW EXECUTE FUNCTION facilities_judgement_stands();
"""
BACK = """
DROP TRIGGER judgement_stands ON facilities_judgement;
DROP FUNCTION facilities_judgement_stands();
DROP TRIGGER call_stands_still ON facilities_call;
DROP FUNCTION facilities_call_stands_still();
DROP TRIGGER rules_stand_still ON facilities_facilityrules;
DROP FUNCTION facilities_rules_stand_still();
"""


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
