"""What the database itself holds: rules that stand still, marks that are given in time and stand once they are sent.

Versions of rules are never changed and only added while their edition is a draft; a published edition keeps its rules,
seed and opening, and closes later at most. Links to people who were erased may be cut.
"""

from django.db import migrations

RULES_FORWARD = """
CREATE FUNCTION awards_rules_stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.made_by_id IS NULL AND (to_jsonb(NEW) - 'made_by_id') = (to_jsonb(OLD) - 'made_by_id') THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a version of rules never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF (SELECT status FROM awards_edition WHERE id = NEW.edition_id) <> 'draft' THEN
            RAISE EXCEPTION 'the rules of a published edition are frozen' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (SELECT status FROM awards_edition WHERE id = OLD.edition_id) <> 'draft' THEN
        RAISE EXCEPTION 'the rules of a published edition are kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER rules_stand_still BEFORE INSERT OR UPDATE OR DELETE ON awards_rulesversion
    FOR EACH ROW EXECUTE FUNCTION awards_rules_stand_still();

CREATE FUNCTION awards_edition_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (
        NEW.status = 'draft' OR (OLD.status = 'ended' AND NEW.status <> 'ended')
        OR NEW.version_id IS DISTINCT FROM OLD.version_id OR NEW.award <> OLD.award OR NEW.year <> OLD.year
        OR NEW.seed <> OLD.seed OR NEW.opens_at <> OLD.opens_at OR NEW.closes_at < OLD.closes_at
        OR NEW.published_at <> OLD.published_at
    ) THEN
        RAISE EXCEPTION 'a published edition is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_stands_still BEFORE UPDATE ON awards_edition
    FOR EACH ROW EXECUTE FUNCTION awards_edition_stands_still();
"""
RULES_BACK = """
DROP TRIGGER edition_stands_still ON awards_edition;
DROP FUNCTION awards_edition_stands_still();
DROP TRIGGER rules_stand_still ON awards_rulesversion;
DROP FUNCTION awards_rules_stand_still();
"""

# Marks are given while their stage is active and before it closes, by the clock at that moment and not by that of the
# transaction's beginning. Sent marks stand until the organiser opens them again; their history only grows.
SCORES_FORWARD = """
CREATE FUNCTION awards_require_open_stage(number bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM awards_stage WHERE id = number AND status = 'active'
        AND (closes_at IS NULL OR closes_at > clock_timestamp())
    ) THEN
        RAISE EXCEPTION 'judging of this stage is not open' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION awards_score_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    assigned awards_assignment;
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT * INTO assigned FROM awards_assignment WHERE id = OLD.assignment_id;
    ELSE
        SELECT * INTO assigned FROM awards_assignment WHERE id = NEW.assignment_id;
        PERFORM awards_require_open_stage(assigned.stage_id);
    END IF;
    IF assigned.sent_at IS NOT NULL THEN
        RAISE EXCEPTION 'marks that are sent stand' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER score_in_time BEFORE INSERT OR UPDATE OR DELETE ON awards_score
    FOR EACH ROW EXECUTE FUNCTION awards_score_in_time();

CREATE FUNCTION awards_sent_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM awards_require_open_stage(NEW.stage_id);
    RETURN NEW;
END $$;
CREATE TRIGGER sent_in_time BEFORE UPDATE OF sent_at ON awards_assignment
    FOR EACH ROW WHEN (NEW.sent_at IS DISTINCT FROM OLD.sent_at) EXECUTE FUNCTION awards_sent_in_time();

CREATE FUNCTION awards_history_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL AND (to_jsonb(NEW) - 'by_id') = (to_jsonb(OLD) - 'by_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of marks only grows' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER history_only_grows BEFORE UPDATE OR DELETE ON awards_scorechange
    FOR EACH ROW EXECUTE FUNCTION awards_history_only_grows();
"""
SCORES_BACK = """
DROP TRIGGER history_only_grows ON awards_scorechange;
DROP FUNCTION awards_history_only_grows();
DROP TRIGGER sent_in_time ON awards_assignment;
DROP FUNCTION awards_sent_in_time();
DROP TRIGGER score_in_time ON awards_score;
DROP FUNCTION awards_score_in_time();
DROP FUNCTION awards_require_open_stage(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial")]
    operations = [migrations.RunSQL(RULES_FORWARD, RULES_BACK), migrations.RunSQL(SCORES_FORWARD, SCORES_BACK)]
