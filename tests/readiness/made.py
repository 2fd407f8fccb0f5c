"""Made-up answers for tests: an instrument in use, complete answers of a wanted height, and what people do with them."""

from datetime import UTC, datetime

from tests.registry.firms import make_firm, make_member

from gebyar.readiness.models import Workshop
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.services.assessments import answer, begin_assessment, finish_assessment
from gebyar.readiness.services.instruments import built_in_versions
from gebyar.readiness.services.workshops import answer_sheet, finish_sheet, join_workshop, open_workshop

STARTS = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)


def version(key="indi40"):
    return built_in_versions()[key]


def instrument(key="indi40"):
    return instrument_of(version(key))


def answers(height=2, key="indi40", **others):
    """Return an answer to every question, each worth `height` or the nearest that it offers."""
    found = {}
    for question in instrument(key).all_questions:
        if question.kind == "single":
            best = min(question.options, key=lambda option: abs(option.value - height))
            found[question.id] = best.id
        else:
            none = next(option.id for option in question.options if option.exclusive)
            counting = [option.id for option in question.options if not option.exclusive]
            found[question.id] = ";".join(counting[:height]) or none
    return {name: text for name, text in {**found, **others}.items() if text}


def begun(firm=None, member=None, key="indi40", occasion=""):
    firm = firm or make_firm()
    member = member or make_member(firm)
    return begin_assessment(actor=member, firm=firm, version=version(key), occasion=occasion), member


def finished(height=2, firm=None, member=None, key="indi40", **others):
    """Return a finished assessment with the person who answered."""
    made, member = begun(firm, member, key)
    answer(actor=member, assessment=made, answers=answers(height, key, **others))
    return finish_assessment(actor=member, assessment=made), member


def many_finished(heights, **facts):
    """Return assessments of as many firms, stored as they would be finished, quickly."""
    return [finished(height, firm=make_firm(**facts))[0] for height in heights]


def workshop(officer=None, key="indi40", **facts) -> Workshop:
    usual = {"name": "Lokakarya Uji", "version": version(key), "starts_at": STARTS, "region_code": "33.74"}
    return open_workshop(actor=officer, **usual | facts)


def sheets(found, heights):
    """Let people join, answer everything and finish; return their tokens."""
    tokens = []
    for height in heights:
        sheet, token = join_workshop(workshop=found)
        answer_sheet(sheet=sheet, answers=answers(height, found.instrument.key))
        finish_sheet(sheet=sheet)
        tokens.append(token)
    return tokens
