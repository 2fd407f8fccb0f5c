"""For routes with parameters: where they point. For posts: a form that would work, so that a refusal means something."""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from tests.awards import world_entering, world_results
from tests.security.world import TOKEN, World, tiny_photo

from gebyar.fair.queries.floor import board_token

Sample = Callable[[World], dict[str, Any]]

FIRM: Sample = lambda world: {"pk": world.firm.pk}  # noqa: E731
CORRECTION: Sample = lambda world: {"pk": world.things["correction"].pk}  # noqa: E731
CERTIFICATE: Sample = lambda world: {"pk": world.firm.pk, "number": world.things["certificate"].pk}  # noqa: E731
PHOTO: Sample = lambda world: {"pk": world.firm.pk, "number": world.things["photo"].pk}  # noqa: E731
AGENDA: Sample = lambda world: {"token": world.things["participant"].agenda_token}  # noqa: E731
DECISION: Sample = lambda world: {"digest": world.things["decision"].hash}  # noqa: E731
LIST: Sample = lambda world: {"pk": world.things["delivery"].pk}  # noqa: E731
FAIR: Sample = lambda world: {"fair_id": world.things["fair"].pk}  # noqa: E731
ROUND: Sample = lambda world: {"pk": world.things["round"].pk}  # noqa: E731
ROUND_ID: Sample = lambda world: {"round_id": world.things["round"].pk}  # noqa: E731
PLAN: Sample = lambda world: {"pk": world.things["plan"].pk}  # noqa: E731
PLAN_ID: Sample = lambda world: {"plan_id": world.things["plan"].pk}  # noqa: E731
PARTICIPANT: Sample = lambda world: {"pk": world.things["participant"].pk}  # noqa: E731
RECEIVED: Sample = lambda world: {"pk": world.things["received"].pk}  # noqa: E731
MEETING: Sample = lambda world: {"pk": world.things["meeting"].pk}  # noqa: E731
PLACE: Sample = lambda world: {"slot": world.things["slots"][1].pk, "table": world.things["table"].pk}  # noqa: E731
TIMES = {
    "first_day": "", "last_day": "", "opens": "09:30", "closes": "11:00", "slot": 20, "buffer": 5, "breaks": "",
    "tables": "2",
}  # fmt: skip
LIMITS = {"name": "Putaran Baru", "most_requests": 5, "least_meetings": 0, "fairness": 2}

DAY: Sample = lambda world: {"round_id": world.things["day"].pk}  # noqa: E731
DAY_MEETING: Sample = lambda world: {"request_id": world.things["day_request"].pk}  # noqa: E731

LISTING: Sample = lambda world: {"pk": world.things["listing"].pk}  # noqa: E731
LISTING_PHOTO: Sample = lambda world: {**LISTING(world), "number": world.things["listing_photo"].pk}  # noqa: E731
DEAL: Sample = lambda world: {"pk": world.things["deal"].pk}  # noqa: E731
STATEMENT: Sample = lambda world: {**DEAL(world), "number": world.things["statement"].pk}  # noqa: E731
LISTING_ID: Sample = lambda world: {"listing_id": world.things["listing"].pk}  # noqa: E731
DEAL_ID: Sample = lambda world: {"deal_id": world.things["deal"].pk}  # noqa: E731


def _stages(name: str, parameter: str = "pk") -> Sample:
    return lambda world: {parameter: world.things["award_stages"][name].pk}


def _judging(name: str, parameter: str = "pk") -> Sample:
    return lambda world: {parameter: world.things["judging"][name].pk}


MARKS = {"value_idea": "80", "reason_idea": "", "value_market": "", "reason_market": ""}

CALL: Sample = lambda world: {"pk": world.things["call"].pk}  # noqa: E731
CALL_DRAFT: Sample = lambda world: {"pk": world.things["call_draft"].pk}  # noqa: E731
CALL_ID: Sample = lambda world: {"call_id": world.things["call"].pk}  # noqa: E731
APPLICATION: Sample = lambda world: {"pk": world.things["application"].pk}  # noqa: E731
APPLICATION_DRAFT: Sample = lambda world: {"pk": world.things["application_draft"].pk}  # noqa: E731
APPLICATION_ID: Sample = lambda world: {"application_id": world.things["application"].pk}  # noqa: E731
APPLICATION_DRAFT_ID: Sample = lambda world: {"application_id": world.things["application_draft"].pk}  # noqa: E731
GRANTED: Sample = lambda world: {"pk": world.things["granted"].pk}  # noqa: E731
GRANTED_ID: Sample = lambda world: {"application_id": world.things["granted"].pk}  # noqa: E731
FACILITY: Sample = lambda _world: {"key": "machine_restructuring"}  # noqa: E731
RULES_DRAFT: Sample = lambda world: {**FACILITY(world), "number": 2}  # noqa: E731

READY_FIRM: Sample = lambda world: {"firm_id": world.firm.pk}  # noqa: E731
ASSESSMENT: Sample = lambda world: {"pk": world.things["assessment"].pk}  # noqa: E731
FINISHED: Sample = lambda world: {"pk": world.things["finished"].pk}  # noqa: E731
VISIT: Sample = lambda world: {"pk": world.things["visit"].pk}  # noqa: E731
WORKSHOP: Sample = lambda world: {"pk": world.things["workshop"].pk}  # noqa: E731
JOIN: Sample = lambda world: {"code": world.things["workshop"].join_code}  # noqa: E731
INSTRUMENT: Sample = lambda world: {"pk": world.things["instrument"].pk}  # noqa: E731

PARAMETERS: dict[str, Sample] = {
    # readiness
    "readiness:firm": READY_FIRM,
    "readiness:begin": READY_FIRM,
    "readiness:plan": READY_FIRM,
    "readiness:step": lambda world: {"pk": world.things["step"].pk},
    "readiness:result": FINISHED,
    "readiness:result_sheet": FINISHED,
    "readiness:report": FINISHED,
    "readiness:visit_begin": FINISHED,
    "readiness:question": lambda world: {**ASSESSMENT(world), "number": 1},
    "readiness:open_questions": ASSESSMENT,
    "readiness:finish": ASSESSMENT,
    "readiness:visit": VISIT,
    "readiness:visit_question": lambda world: {**VISIT(world), "number": 1},
    "readiness:evidence": lambda world: {"pk": world.things["visit_evidence"].pk},
    "readiness:evidence_remove": lambda world: {"pk": world.things["visit_evidence"].pk},
    "readiness:workshop": WORKSHOP,
    "readiness:workshop_state": WORKSHOP,
    "readiness:paper": WORKSHOP,
    "readiness:paper_sheet": WORKSHOP,
    "readiness:join": JOIN,
    "readiness:sheet_question": lambda world: {**JOIN(world), "number": 1},
    "readiness:sheet_finish": JOIN,
    "readiness:sheet_result": JOIN,
    "readiness:group": JOIN,
    "readiness:take_home": JOIN,
    "readiness:instrument": INSTRUMENT,
    "readiness:document": INSTRUMENT,
    "readiness:new_version": INSTRUMENT,
    "readiness:instrument_edit": lambda world: {**INSTRUMENT(world), "part": "words"},
    "readiness:instrument_state": INSTRUMENT,
    "api:begin_readiness": READY_FIRM,
    "api:list_firm_readiness": READY_FIRM,
    "api:get_instrument": lambda _world: {"key": "indi40"},
    "api:get_readiness": lambda world: {"assessment_id": world.things["finished"].pk},
    "api:answer_readiness": lambda world: {"assessment_id": world.things["assessment"].pk},
    "api:finish_readiness": lambda world: {"assessment_id": world.things["assessment"].pk},
    "api:list_gaps": lambda world: {"assessment_id": world.things["finished"].pk},
    "api:list_steps": READY_FIRM,
    "api:create_step": READY_FIRM,
    "api:get_workshop": lambda world: {"workshop_id": world.things["workshop"].pk},
    "facilities:facility": FACILITY,
    "facilities:offers": FIRM,
    "facilities:call_new": FACILITY,
    "facilities:call": CALL,
    "facilities:call_change": CALL_DRAFT,
    "facilities:call_publish": CALL_DRAFT,
    "facilities:call_extend": CALL,
    "facilities:allot": CALL,
    "facilities:apply": CALL,
    "facilities:application": APPLICATION,
    "facilities:application_form": APPLICATION_DRAFT,
    "facilities:submit": APPLICATION_DRAFT,
    "facilities:withdraw": APPLICATION,
    "facilities:document": lambda world: {**APPLICATION(world), "key": "faktur"},
    "facilities:visit": APPLICATION,
    "facilities:judge": APPLICATION,
    "facilities:pay": GRANTED,
    "facilities:follow_up": GRANTED,
    "facilities:rules": FACILITY,
    "facilities:rules_change": FACILITY,
    "facilities:rules_file": RULES_DRAFT,
    "facilities:rules_publish": RULES_DRAFT,
    "api:get_facility": FACILITY,
    "api:get_facility_call": CALL_ID,
    "api:firm_facilities": lambda world: {"firm_id": world.firm.pk},
    "api:get_application": APPLICATION_ID,
    "api:answer_application": APPLICATION_DRAFT_ID,
    "api:hand_in_application": APPLICATION_DRAFT_ID,
    "api:withdraw_one_application": APPLICATION_ID,
    "api:judge_one_application": APPLICATION_ID,
    "api:pay_application": GRANTED_ID,
    "api:allot_one_call": CALL_ID,
    **world_entering.PARAMETERS,
    **world_results.PARAMETERS,
    # judging
    "awards:judgeship_answer": _judging("own"),
    "awards:judge_profile": _judging("own"),
    "awards:declare": _judging("own"),
    "awards:declare_done": _judging("own"),
    "awards:score": _judging("drafted"),
    "awards:assignment_answer": _judging("proposed"),
    "awards:assignment_tied": _judging("drafted"),
    "awards:judge_document": lambda world: {**_judging("drafted")(world), "key": "photo"},
    "awards:accept_all": _judging("stage"),
    "awards:send_all": _judging("stage"),
    "awards:judges": _judging("edition"),
    "awards:judge_invite": _judging("edition"),
    "awards:conflicts_detect": _judging("edition"),
    "awards:judge": _judging("second"),
    "awards:conflicts_enter": _judging("second"),
    "awards:conflict_lift": _judging("tie"),
    "awards:judging_board": _judging("stage"),
    "awards:judging_remind": _judging("stage"),
    "awards:panels": _judging("stage"),
    "awards:panel_entry": lambda world: {**_judging("stage")(world), **_judging("entry", "entry_id")(world)},
    "awards:panel_plan": _judging("plan"),
    "awards:panel_progress": _judging("plan"),
    "awards:panel_force": _judging("plan"),
    "awards:assignment_take_out": _judging("drafted"),
    "awards:assignment_reopen": _judging("sent"),
    "awards:rankings": _judging("closed"),
    "awards:ranking": _judging("ranking"),
    "awards:ranking_final": _judging("ranking"),
    "api:get_assignment": _judging("drafted", "assignment_id"),
    "api:give_marks": _judging("drafted", "assignment_id"),
    "api:answer_one_assignment": _judging("proposed", "assignment_id"),
    "api:list_panel_plans": _judging("stage", "stage_id"),
    "api:make_panel_plan": _judging("stage", "stage_id"),
    "api:get_panel_plan": _judging("plan", "plan_id"),
    "api:force_panel_plan": _judging("plan", "plan_id"),
    "api:assign_judge": _judging("stage", "stage_id"),
    "api:judging_progress": _judging("stage", "stage_id"),
    "api:list_rankings": _judging("closed", "stage_id"),
    "api:make_stage_ranking": _judging("closed", "stage_id"),
    "api:get_ranking": _judging("ranking", "ranking_id"),
    # stages of awards
    "awards:board": _stages("stages_edition"),
    "awards:stage": _stages("contested_stage"),
    "awards:stage_begin": _stages("waiting_stage"),
    "awards:stage_extend": _stages("checking_stage"),
    "awards:stage_close": _stages("checking_stage"),
    "awards:stage_choose": _stages("coached_stage"),
    "awards:stage_decide": _stages("checking_stage"),
    "awards:stage_fill": _stages("contested_stage"),
    "awards:stars": _stages("contested_stage"),
    "awards:coaching": _stages("coached_stage"),
    "awards:coaching_session_new": _stages("coached_stage"),
    "awards:coaching_session": _stages("session"),
    "awards:coaching_session_remove": _stages("session"),
    "awards:attendance": _stages("session"),
    "awards:objection": _stages("objection"),
    "awards:check": _stages("checking"),
    "awards:check_document": lambda world: {**_stages("checking")(world), "key": "nib"},
    "awards:prize": _stages("prize"),
    "awards:prize_revoke": _stages("prize"),
    "awards:proposal": _stages("proposal"),
    "awards:proposal_new": _stages("stages_edition", "edition_id"),
    "awards:progress": _stages("coached"),
    "awards:prototype_add": lambda world: {**_stages("coached")(world), **_stages("coached_stage", "stage_id")(world)},
    "awards:prototype_remove": _stages("prototype"),
    "awards:prototype_picture": _stages("prototype"),
    "awards:objection_file": _stages("contested"),
    "awards:objection_withdraw": _stages("objection"),
    "api:list_stages": _stages("stages_edition", "edition_id"),
    "api:list_passages": _stages("contested_stage", "stage_id"),
    "api:begin_stage": _stages("waiting_stage", "stage_id"),
    "api:move_deadline": _stages("checking_stage", "stage_id"),
    "api:end_stage": _stages("checking_stage", "stage_id"),
    "api:preview_stage": _stages("checking_stage", "stage_id"),
    "api:decide_on_stage": _stages("checking_stage", "stage_id"),
    "api:answer_one_objection": _stages("objection", "objection_id"),
    "api:check_one_entry": _stages("checking", "passage_id"),
    "api:entry_progress": _stages("coached", "entry_id"),
    "api:object_to_outcome": _stages("contested", "passage_id"),
    "partnership:listing": LISTING,
    "partnership:listing_photo": LISTING_PHOTO,
    "partnership:listing_photo_small": LISTING_PHOTO,
    "partnership:listing_photo_remove": LISTING_PHOTO,
    "partnership:listing_step": lambda world: {**LISTING(world), "number": 1},
    "partnership:listing_finish": LISTING,
    "partnership:send_listing": LISTING,
    "partnership:close_listing": LISTING,
    "partnership:decide_listing": LISTING,
    "partnership:suggestions": LISTING,
    "partnership:deal_new": lambda world: {"pk": world.things["shown_listing"].pk},
    "partnership:deal": DEAL,
    "partnership:statement_withdraw": STATEMENT,
    "partnership:evidence": STATEMENT,
    "api:get_listing": LISTING_ID,
    "api:hand_in_listing": LISTING_ID,
    "api:decide_on_listing": LISTING_ID,
    "api:list_suggestions": LISTING_ID,
    "api:get_deal": DEAL_ID,
    "api:create_statement": DEAL_ID,
    "accounts:person": lambda world: {"pk": world.people["visitor"].pk},
    "accounts:grant_role": lambda world: {"pk": world.people["visitor"].pk},
    "accounts:end_grant": lambda world: {"pk": world.people["judge"].grants.get().pk},
    "accounts:withdraw_invitation": lambda world: {"pk": world.things["invitation"].pk},
    "accounts:accept_invitation": lambda _world: {"token": TOKEN},
    "account_reset_password_from_key": lambda _world: {"uidb36": "1", "key": "abc-def"},
    "registry:firm": FIRM,
    "registry:ask_membership": FIRM,
    "registry:fact": lambda world: {"pk": world.firm.pk, "field": "address"},
    "registry:contact": FIRM,
    "registry:certificate_add": FIRM,
    "registry:certificate_file": CERTIFICATE,
    "registry:certificate_remove": CERTIFICATE,
    "registry:photo": PHOTO,
    "registry:photo_small": PHOTO,
    "registry:photo_add": FIRM,
    "registry:photo_remove": PHOTO,
    "registry:members": FIRM,
    "registry:end_membership": lambda world: {
        "pk": world.firm.pk,
        "number": world.things["second_member"].pk,
    },
    "registry:accept_invitation": lambda _world: {"token": TOKEN},
    "registry:correction": CORRECTION,
    "registry:decide_correction": CORRECTION,
    "registry:withdraw_correction": CORRECTION,
    "registry:delivery": LIST,
    "registry:delivery_mapping": LIST,
    "registry:delivery_check": LIST,
    "registry:delivery_take_in": LIST,
    "registry:delivery_problems": LIST,
    "registry:delivery_progress": LIST,
    "statistics:snapshot_file": lambda world: {"pk": world.things["snapshot"].pk},
    "fair:fair_change": FAIR,
    "fair:round_new": FAIR,
    "fair:round": ROUND,
    "fair:round_change": ROUND,
    "fair:round_times": ROUND,
    "fair:round_state": ROUND,
    "fair:session_new": ROUND,
    "fair:participants": ROUND,
    "fair:participants_add": ROUND,
    "fair:participants_upload": ROUND,
    "fair:requests": ROUND,
    "fair:request_new": ROUND,
    "fair:requests_upload": ROUND,
    "fair:plans": ROUND,
    "fair:plan_compare": ROUND,
    "fair:plan_undo": ROUND,
    "fair:participant": PARTICIPANT,
    "fair:request_fix": RECEIVED,
    "fair:request_remove": RECEIVED,
    "fair:plan": PLAN,
    "fair:plan_progress": PLAN,
    "fair:plan_stop": PLAN,
    "fair:plan_publish": PLAN,
    "fair:meeting_lock": MEETING,
    "fair:meeting_move": MEETING,
    "fair:participation": PARTICIPANT,
    "fair:take_part": PARTICIPANT,
    "fair:others": PARTICIPANT,
    "fair:when": PARTICIPANT,
    "fair:answer": RECEIVED,
    "fair:session_remove": lambda world: {"pk": world.things["session"].pk},
    "fair:request_place": lambda world: {**PLAN(world), "request_id": world.things["made"].pk},
    "fair:ask": lambda world: {**PARTICIPANT(world), "number": 2},
    "fair:withdraw": lambda world: {"pk": world.things["made"].pk},
    # the day
    "fair:check_in": lambda world: {"token": world.things["day_guest"].agenda_token},
    "fair:board": lambda world: {"token": board_token(world.things["day"])},
    "fair:desk": DAY,
    "fair:missing": lambda world: {**DAY(world), "number": 2},
    "fair:plan_from_now": DAY,
    "fair:undo_repair": DAY,
    "fair:floor": DAY,
    "fair:table": lambda world: {**DAY(world), "number": 1},
    "fair:cards": DAY,
    "fair:hall_plan": DAY,
    "fair:badges": DAY,
    "fair:log_meeting": DAY_MEETING,
    "fair:outcome": DAY_MEETING,
    "fair:dashboard": DAY,
    "fair:dashboard_export": DAY,
    "api:list_floor": DAY,
    "api:check_in_participant": DAY,
    "api:log_one_meeting": DAY_MEETING,
    "api:repair_round_plan": DAY,
    "api:say_outcome": DAY_MEETING,
    "api:round_figures": DAY,
    "fair:agenda": AGENDA,
    "fair:agenda_sheet": AGENDA,
    "fair:agenda_calendar": AGENDA,
    "records:record": DECISION,
    "records:record_file": DECISION,
    "records:record_minutes": DECISION,
    "api:get_firm": lambda world: {"firm_id": world.firm.pk},
    "api:propose_correction": lambda world: {"firm_id": world.firm.pk},
    "api:decide_correction": lambda world: {"correction_id": world.things["correction"].pk},
    "api:list_participants": ROUND_ID,
    "api:add_round_participants": ROUND_ID,
    "api:list_requests": ROUND_ID,
    "api:add_round_requests": ROUND_ID,
    "api:list_plans": ROUND_ID,
    "api:make_round_plan": ROUND_ID,
    "api:undo_round_plan": ROUND_ID,
    "api:compare_plans": ROUND_ID,
    "api:get_plan": PLAN_ID,
    "api:stop_making_plan": PLAN_ID,
    "api:publish_round_plan": PLAN_ID,
    "api:ask_participant": lambda world: {"participant_id": world.things["participant"].pk},
    "api:answer_meeting": lambda world: {"request_id": world.things["received"].pk},
    "api:get_agenda": AGENDA,
    "api:get_record": DECISION,
    "mfa_edit_webauthn": lambda _world: {"pk": 1},
    "mfa_remove_webauthn": lambda _world: {"pk": 1},
}

_FAIR_FORM = {
    "name": "Gebyar Baru", "venue": "Solo", "starts_on": "2026-11-12", "ends_on": "2026-11-13", "time_zone": "Asia/Jakarta",
}  # fmt: skip


def _times(world: World) -> dict[str, Any]:
    day = world.things["fair"].starts_on.isoformat()
    return {**TIMES, "first_day": day, "last_day": day}


WHAT = {"direction": "offer", "role": "supplier", "title": "Kain batik baru", "description": "", "relation": "order"}

_SESSION = {"title": "Label", "starts_at": "2099-01-01T09:00", "ends_at": "2099-01-01T10:00"}

_PAYMENT = {"amount": 1000, "paid_on": "2024-11-01", "reference": "SP2D 1"}
_CALL_FORM = {
    "name": "Mesin baru", "opens_at": "2026-11-01T09:00", "closes_at": "2030-11-01T09:00", "budget": 5_000_000,
    "method": "ranked",
}  # fmt: skip

FORMS: dict[str, Sample] = {
    # readiness
    "readiness:begin": lambda world: {"instrument": world.things["assessment"].instrument_id},
    "readiness:plan": lambda _world: {"question": "keamanan", "target": "b"},
    "readiness:step": lambda _world: {"status": "done"},
    "readiness:question": lambda _world: {"answer": "b"},
    "readiness:finish": lambda _world: {"although_open": "1"},
    "readiness:visit": lambda _world: {"visited_on": "2024-11-01", "summary": "Sesuai"},
    "readiness:visit_question": lambda _world: {"answer": "b", "note": "Rapi"},
    "readiness:workshop_new": lambda world: {
        "name": "Lokakarya Baru",
        "instrument": world.things["assessment"].instrument_id,
        "starts_at": "2026-11-12T09:00",
    },
    "readiness:workshop_state": lambda _world: {"act": "show"},
    "readiness:paper": lambda _world: {"file": ContentFile(b"keamanan\na\n", name="p.csv")},
    "readiness:join_code": lambda world: {"code": world.things["workshop"].join_code},
    "readiness:instrument_list": lambda _world: {"file": ContentFile(b"id: x", name="x.yaml")},
    "readiness:instrument_edit": lambda _world: {"minutes": "10"},
    "readiness:instrument_state": lambda _world: {"act": "discard"},
    "api:begin_readiness": lambda _world: {"instrument": "indi40"},
    "api:list_firm_readiness": lambda _world: {"instrument": "indi40"},
    "api:answer_readiness": lambda _world: {"answers": {"keamanan": "b"}},
    "api:finish_readiness": lambda _world: {"although_open": True},
    "api:list_steps": lambda _world: {"question": "keamanan"},
    "api:create_step": lambda _world: {"question": "keamanan"},
    "facilities:call_new": lambda _world: _CALL_FORM,
    "facilities:call_change": lambda _world: _CALL_FORM,
    "facilities:call_extend": lambda _world: {"closes_at": "2031-11-01T09:00"},
    "facilities:application_form": lambda _world: {"said_mesin_baru": "yes", "choice": "domestic", "price": "1000"},
    "facilities:apply": lambda world: {"firm": world.firm.pk},
    "facilities:visit": lambda _world: {"visited_on": "2024-11-01", "is_as_said": "yes", "findings": "Ada"},
    "facilities:judge": lambda _world: {"is_fit": "yes", "note": ""},
    "facilities:pay": lambda _world: _PAYMENT,
    "facilities:follow_up": lambda _world: {"workers": 15, "sales": "", "production_value": "", "note": ""},
    "facilities:unused_export": lambda _world: {"format": "csv", "facility": "bpipi"},
    "facilities:rules": lambda _world: {"file": ContentFile(b"id: other", name="rules.yaml")},
    "facilities:rules_change": lambda _world: {"name_id": "Mesin", "name_en": "Machines"},
    "api:begin_one_application": lambda world: {**CALL_ID(world), "firm_id": world.firm.pk},
    "api:list_applications": lambda world: {**CALL_ID(world), "firm_id": world.firm.pk},
    "api:answer_application": lambda _world: {"said": {"mesin_baru": True}},
    "api:get_application": lambda _world: {"said": {"mesin_baru": True}},
    "api:judge_one_application": lambda _world: {"is_fit": True},
    "api:pay_application": lambda _world: _PAYMENT,
    "api:allot_one_call": lambda _world: {},
    **world_entering.FORMS,
    **world_results.FORMS,
    # judging
    "awards:judgeship_answer": lambda _world: {"answer": "decline", "reason": "Bertugas di luar negeri"},
    "awards:judge_profile": lambda _world: {"expertise": "10", "languages": "id", "least": 1, "most": 9},
    "awards:declare": lambda world: {"entry": world.things["judging"]["entry"].pk, "kind": "family"},
    "awards:score": lambda _world: MARKS,
    "awards:assignment_answer": lambda _world: {"answer": "accept"},
    "awards:assignment_tied": lambda _world: {"kind": "family"},
    "awards:judges": lambda world: {"user": world.things["judging"]["addable"].pk},
    "awards:judge_invite": lambda _world: {"email": "juri@lain.example"},
    "awards:judge": lambda _world: {"expertise": "10", "languages": "id", "least": 1, "most": 9},
    "awards:conflicts_enter": lambda world: {"entry": world.things["judging"]["entry"].pk, "kind": "other"},
    "awards:conflict_lift": lambda _world: {"reason": "Ternyata orang lain"},
    "awards:panels": lambda _world: {"seed": 3},
    "awards:panel_entry": lambda world: {"judge": world.things["judging"]["third"].pk},
    "awards:assignment_take_out": lambda _world: {"reason": "Pindah ke kategori lain"},
    "awards:assignment_reopen": lambda _world: {"reason": "Juri salah membaca skala"},
    "api:give_marks": lambda _world: {"marks": [{"criterion": "idea", "value": 70}]},
    "api:answer_one_assignment": lambda _world: {"accept": True},
    "api:make_panel_plan": lambda _world: {"seed": 3},
    "api:assign_judge": lambda world: {
        "entry": world.things["judging"]["entry"].code,
        "judge": world.things["judging"]["third"].number,
    },
    # stages of awards
    "awards:stage_begin": lambda _world: {"closes_at": "2099-01-01T10:00"},
    "awards:stage_extend": lambda _world: {"closes_at": "2099-01-01T10:00"},
    "awards:stage_choose": lambda world: {
        "passage": world.things["award_stages"]["coached"].passages.get().pk,
        "passes": "yes",
        "reason": "Baru",
    },
    "awards:coaching_session_new": lambda _world: _SESSION,
    "awards:coaching_session": lambda _world: _SESSION,
    "awards:attendance": lambda _world: {"save": "1"},
    "awards:objection": lambda _world: {"upheld": "yes", "answer": "Benar"},
    "awards:check": lambda _world: {"verdict": "in_order"},
    "awards:prize": lambda _world: {"text": "Pelatihan"},
    "awards:prize_revoke": lambda _world: {"reason": "Izin habis"},
    "awards:proposal": lambda _world: {"agrees": "yes"},
    "awards:prototype_add": lambda _world: {"title": "Rasa ketiga", "file": tiny_photo()},
    "awards:objection_file": lambda _world: {"text": "Keliru"},
    "api:begin_stage": lambda _world: {"closes_at": "2099-01-01T10:00:00+07:00"},
    "api:move_deadline": lambda _world: {"closes_at": "2099-01-01T10:00:00+07:00"},
    "api:decide_on_stage": lambda _world: {"deviations": []},
    "api:answer_one_objection": lambda _world: {"upheld": True, "answer": "Benar"},
    "api:check_one_entry": lambda _world: {"verdict": "in_order"},
    "api:object_to_outcome": lambda _world: {"text": "Keliru"},
    "partnership:listing_new": lambda _world: WHAT,
    "partnership:listing_step": lambda _world: WHAT,
    "partnership:listing_finish": lambda _world: {"file": tiny_photo(), "alternative": "Kain batik"},
    "partnership:decide_listing": lambda _world: {"decision": "approve", "note": ""},
    "partnership:deal_new": lambda world: {
        "firm": world.firm.pk,
        "title": "Tempe",
        "relation": "order",
        "origin_date": "2024-11-01",
    },
    "partnership:deal": lambda _world: {"stage": "sample", "amount": "", "on_date": "2024-11-01", "note": ""},
    "partnership:deal_export": lambda _world: {"format": "csv"},
    "api:create_listing": lambda world: {**WHAT, "firm_id": world.firm.pk},
    "api:list_listings": lambda world: {**WHAT, "firm_id": world.firm.pk},
    "api:decide_on_listing": lambda _world: {"approve": True, "note": ""},
    "api:create_deal": lambda world: {
        "listing_id": world.things["shown_listing"].pk,
        "firm_id": world.firm.pk,
        "is_seller": True,
        "title": "Tempe",
        "relation": "order",
        "origin_date": "2024-11-01",
    },
    "api:list_deals": lambda world: {
        "listing_id": world.things["shown_listing"].pk,
        "firm_id": world.firm.pk,
        "is_seller": True,
        "title": "Tempe",
        "relation": "order",
        "origin_date": "2024-11-01",
    },
    "api:create_statement": lambda _world: {"side": "seller", "stage": "sample", "on_date": "2024-11-01"},
    # the day
    "fair:missing": lambda world: {"from_slot": world.things["day_slot"].pk, "until_slot": ""},
    "fair:log_meeting": lambda _world: {"state": "held"},
    "fair:outcome": lambda _world: {"interest": "maybe", "next_step": "", "potential": ""},
    "api:check_in_participant": lambda _world: {"number": 2},
    "api:log_one_meeting": lambda _world: {"state": "held"},
    "api:repair_round_plan": lambda _world: {"from_slot": 2},
    "api:say_outcome": lambda _world: {"interest": "maybe"},
    "set_language": lambda _world: {"language": "en", "next": "/"},
    "web:theme": lambda _world: {"theme": "dark", "next": "/"},
    "accounts:me": lambda _world: {"action": "name", "about-name": "Nama Baru"},
    "accounts:erase_me": lambda _world: {"sure": "on"},
    "accounts:grant_role": lambda _world: {"role": "judge"},
    "accounts:invite": lambda _world: {"email": "lain@uji.example", "role": "judge"},
    "accounts:accept_invitation": lambda _world: {"name": "Ani", "password": "gudeg-becak-melati"},
    "registry:ask_membership": lambda _world: {"reason": "Saya pemiliknya"},
    "registry:fact": lambda _world: {"value": "Jalan Baru 1", "reason": "Pindah"},
    "registry:contact": lambda _world: {"role": "owner", "name": "Pemilik Baru"},
    "registry:photo_add": lambda _world: {"file": tiny_photo(), "alt": "Kain batik"},
    "registry:certificate_add": lambda _world: {"kind": "pirt", "number": "P-IRT 1"},
    "registry:members": lambda _world: {"email": "lain@uji.example"},
    "registry:decide_correction": lambda _world: {"decision": "approve", "note": ""},
    "registry:firm_register": lambda _world: {"name": "Usaha Baru", "nib": ""},
    "registry:export": lambda _world: {"format": "csv"},
    "registry:delivery_mapping": lambda world: {
        f"field_{number}": column["field"] or ""
        for number, column in enumerate(world.things["delivery"].mapping["columns"].values())
    },
    "registry:delivery_take_in": lambda _world: {"mode": "good_rows"},
    "fair:fair_new": lambda _world: _FAIR_FORM,
    "fair:fair_change": lambda _world: _FAIR_FORM,
    "fair:round_new": lambda world: {**_times(world), **LIMITS, "save": "1"},
    "fair:round_change": lambda _world: LIMITS,
    "fair:round_times": lambda world: {**_times(world), "save": "1"},
    "fair:round_state": lambda _world: {"act": "close"},
    "fair:session_new": lambda _world: {"name": "Sesi", "starts_at": "2026-11-12T09:30", "ends_at": "2026-11-12T10:00"},
    "fair:participants_add": lambda world: {"firm": world.things["newcomer"].pk},
    "fair:participants_upload": lambda world: {"numbers": world.things["newcomer"].nib},
    "fair:participant": lambda _world: {"status": "confirmed", "tier": 2, "delegates": 2},
    "fair:request_new": lambda _world: {"asker": 2, "asked": 3},
    "fair:request_fix": PLACE,
    "fair:requests_upload": lambda _world: {"file": ContentFile(b"asker,asked\n2,3\n", name="p.csv")},
    "fair:plans": lambda _world: {"kind": "full", "seed": 1, "seconds": 5},
    "fair:meeting_lock": lambda _world: {"locked": "1"},
    "fair:meeting_move": PLACE,
    "fair:request_place": PLACE,
    "fair:take_part": lambda _world: {"comes": "no"},
    "fair:ask": lambda _world: {"wish": 1, "time": 3},
    "fair:when": lambda world: {"absent": world.things["slots"][1].pk},
    "fair:answer": lambda _world: {"answer": "accept"},
    "api:propose_correction": lambda _world: {"field": "address", "value": "Jalan Baru 1", "reason": "Pindah"},
    "api:decide_correction": lambda _world: {"approve": True, "note": ""},
    "api:add_round_participants": lambda world: {"firms": [world.things["newcomer"].pk]},
    "api:add_round_requests": lambda _world: {"rows": [{"asker": 2, "asked": 3}]},
    "api:make_round_plan": lambda _world: {"seed": 1, "seconds": 5},
    "api:ask_participant": lambda _world: {"asked": 2},
    "api:answer_meeting": lambda _world: {"accept": True},
}
