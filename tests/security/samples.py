"""For routes with parameters: where they point. For posts: a form that would work, so that a refusal means something."""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
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

PARAMETERS: dict[str, Sample] = {
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

FORMS: dict[str, Sample] = {
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
