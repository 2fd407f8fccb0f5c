"""For routes with parameters: where they point. For posts: a form that would work, so that a refusal means something."""

from collections.abc import Callable
from typing import Any

from tests.security.world import TOKEN, World, tiny_photo

Sample = Callable[[World], dict[str, Any]]

FIRM: Sample = lambda world: {"pk": world.firm.pk}  # noqa: E731
CORRECTION: Sample = lambda world: {"pk": world.things["correction"].pk}  # noqa: E731
CERTIFICATE: Sample = lambda world: {"pk": world.firm.pk, "number": world.things["certificate"].pk}  # noqa: E731
PHOTO: Sample = lambda world: {"pk": world.firm.pk, "number": world.things["photo"].pk}  # noqa: E731
AGENDA: Sample = lambda world: {"token": world.things["participant"].agenda_token}  # noqa: E731
DECISION: Sample = lambda world: {"digest": world.things["decision"].hash}  # noqa: E731
LIST: Sample = lambda world: {"pk": world.things["delivery"].pk}  # noqa: E731
DAY: Sample = lambda world: {"day_id": world.things["day"].pk}  # noqa: E731

PARAMETERS: dict[str, Sample] = {
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
    "fair:day": DAY,
    "fair:make_plan": DAY,
    "fair:publish": lambda world: {"plan_id": world.things["plan"].pk},
    "fair:agenda": AGENDA,
    "fair:agenda_sheet": AGENDA,
    "fair:agenda_calendar": AGENDA,
    "records:record": DECISION,
    "records:record_file": DECISION,
    "records:record_minutes": DECISION,
    "api:get_firm": lambda world: {"firm_id": world.firm.pk},
    "api:propose_correction": lambda world: {"firm_id": world.firm.pk},
    "api:decide_correction": lambda world: {"correction_id": world.things["correction"].pk},
    "api:list_plans": DAY,
    "api:make_day_plan": DAY,
    "api:publish_day_plan": lambda world: {**DAY(world), "version": 1},
    "api:get_agenda": AGENDA,
    "api:get_record": DECISION,
    "mfa_edit_webauthn": lambda _world: {"pk": 1},
    "mfa_remove_webauthn": lambda _world: {"pk": 1},
}

FORMS: dict[str, Sample] = {
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
    "fair:make_plan": lambda _world: {"seed": 1, "seconds": 5},
    "api:propose_correction": lambda _world: {"field": "address", "value": "Jalan Baru 1", "reason": "Pindah"},
    "api:decide_correction": lambda _world: {"approve": True, "note": ""},
    "api:make_day_plan": lambda _world: {"seed": 1, "seconds": 5},
}
