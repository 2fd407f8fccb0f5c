"""One account per role for a made-up programme; password and second factors lie in the data folder."""

import base64
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from gebyar.accounts.errors import NoDemoAccount
from gebyar.accounts.models import Role, User
from gebyar.accounts.services import grant_role

FILE_NAME = "demo-accounts.json"
DOMAIN = "gebyar.example"
PASSWORD_BYTES = 9
SECRET_BYTES = 20  # RFC 4226 recommends 160 bits
PERIOD = 30
DIGITS = 6

PEOPLE = {
    "administrator": ("admin", "Ratna Administrator", Role.ADMINISTRATOR),
    "programme_officer": ("petugas", "Bagus Petugas Program", Role.PROGRAMME_OFFICER),
    "local_officer": ("dinas", "Sari Petugas Dinas", Role.LOCAL_OFFICER),
    "judge": ("juri", "Wayan Juri", Role.JUDGE),
    "firm_member": ("ikm", "Dewi Pemilik IKM", None),
    "partner_member": ("mitra", "Hendra Mitra", None),
    "visitor": ("pengunjung", "Tono Pengunjung", None),
}


@dataclass(frozen=True)
class DemoPerson:
    """What somebody who tries the demo needs to sign in; `secret` is empty where no code is asked."""

    key: str
    email: str
    password: str
    secret: str = ""

    def code(self, at: float | None = None) -> str:
        """Return the one-time code of a moment (seconds since 1970; now when left out), RFC 6238."""
        key = base64.b32decode(self.secret)
        totp = TOTP(key, DIGITS, SHA1(), PERIOD)  # noqa: S303  SHA-1 is what authenticator apps use
        return totp.generate(int(time.time() if at is None else at)).decode()


@transaction.atomic
def create_demo_people(*, folder: Path, regency: str) -> dict[str, tuple[DemoPerson, User]]:
    """Create the demo's people, or give those that exist the password and secrets of the folder again.

    Parameters
    ----------
    folder
        Data folder; the accounts are kept there in ``demo-accounts.json``, readable by its owner only.
    regency
        Code of the province or regency of the local officer.

    Returns
    -------
    dict
        By key: the roles, and firm_member, partner_member, visitor. The caller makes the members of firms.
    """
    known = _read(folder)
    password = next((person.password for person in known.values()), secrets.token_urlsafe(PASSWORD_BYTES))
    people = {}
    for key, (mailbox, name, role) in PEOPLE.items():
        secret = known[key].secret if key in known else _new_secret() if role else ""
        person = DemoPerson(key, f"{mailbox}@{DOMAIN}", password, secret)
        people[key] = (person, _account(person, name))
        if role:
            _ensure_role(people[key][1], role, regency if role == Role.LOCAL_OFFICER else "")
    _write(folder, [person for person, _user in people.values()])
    return people


def demo_code(*, folder: Path, email: str) -> str:
    """Return the current second-factor code of a demo account.

    Raises
    ------
    NoDemoAccount
        If the folder holds no such account, or it needs no code.
    """
    for person in _read(folder).values():
        if person.email == email.strip().lower() and person.secret:
            return person.code()
    raise NoDemoAccount


def _new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _account(person: DemoPerson, name: str) -> User:
    user = User.objects.filter(email=person.email).first() or User.objects.create_user(person.email, name=name)
    user.set_password(person.password)
    user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
    if person.secret:
        data = {"secret": get_adapter().encrypt(person.secret)}
        Authenticator.objects.update_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": data})
    return user


def _ensure_role(user: User, role: str, region_code: str) -> None:
    if not user.grants.filter(role=role, region_code=region_code, ended_at__isnull=True).exists():
        grant_role(actor=None, user=user, role=role, region_code=region_code)


def _read(folder: Path) -> dict[str, DemoPerson]:
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    return {facts["key"]: DemoPerson(**facts) for facts in json.loads(path.read_text())}


def _write(folder: Path, people: list[DemoPerson]) -> None:
    path = folder / FILE_NAME
    # Created closed: between a plain write and a later chmod anybody could read it.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(person) for person in people], file, indent=2)
    path.chmod(0o600)
