"""A small programme for the journeys: made-up firms of the whole country, a fair day, and one well-known firm."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from tests.factories import PASSWORD, TOTP_SECRET, UserFactory, person
from tests.registry.firms import make_firm, make_profile

from gebyar.accounts.demo import DemoPerson
from gebyar.accounts.models import User
from gebyar.fair import services as fair
from gebyar.fair.models import Participant, Round
from gebyar.fair.timetable import SlotTimes, ZoneTables
from gebyar.registry.models import Firm, FirmMember
from gebyar.registry.services.search import refresh_search
from gebyar.registry.services.synthesis import fill_with_synthetic_firms
from gebyar.statistics.services import take_snapshot

FIRMS = 3000
AS_OF = date(2024, 11, 1)
FAIR_DAY = date(2024, 11, 12)
# One for each journey's firm; the search knows no words of digits alone.
NAMES = iter(
    [
        "Aruna",
        "Bestari",
        "Candra",
        "Dahlia",
        "Embun",
        "Fajar",
        "Gita",
        "Hapsari",
        "Intan",
        "Jelita",
        "Kirana",
        "Lestari",
        "Mutiara",
        "Nirmala",
        "Pertiwi",
        "Ratih",
        "Saraswati",
        "Teratai",
        "Wulan",
        "Yudha",
        "Zamrud",
        "Anggrek",
        "Cempaka",
        "Kamboja",
        "Melur",
        "Seruni",
    ]
)
# The server hashes as in real life, not as fast as tests do; one hash serves all.
_hashed = PBKDF2PasswordHasher().encode(PASSWORD, "garam-uji", iterations=1000)


@dataclass(frozen=True)
class World:
    round: Round

    def firm(self, region_code: str = "33.74.10.1001") -> Firm:
        """Return a new firm, in Kota Semarang, with figures of an office; each journey takes its own."""
        firm = make_firm(name=f"Batik Kenanga {next(NAMES)}", region_code=region_code, is_synthetic=True)
        make_profile(firm)
        refresh_search(firm_ids=[firm.pk])
        return firm

    def officer(self, role: str, region: str = "") -> tuple[User, DemoPerson]:
        """Return somebody in office, and what they hold to sign in."""
        user = person(role, region, second_factor=True)
        return user, _keys(user, TOTP_SECRET)

    def member(self, firm: Firm) -> tuple[User, DemoPerson]:
        user = UserFactory()
        FirmMember.objects.create(firm=firm, user=user)
        return user, _keys(user)


def _keys(user: User, secret: str = "") -> DemoPerson:
    User.objects.filter(pk=user.pk).update(password=_hashed)
    return DemoPerson("", user.email, PASSWORD, secret)


def build_world() -> World:
    fill_with_synthetic_firms(actor=None, firms=FIRMS, seed=7, as_of=AS_OF)
    round_ = _round()
    take_snapshot(actor=None)
    return World(round_)


def _round() -> Round:
    """Six small firms, each of which asks two of three buyers, in the four slots of a morning; open for requests."""
    opened = fair.create_fair(
        actor=None, name="Gebyar Uji", venue="Semarang", starts_on=FAIR_DAY, ends_on=FAIR_DAY, is_synthetic=True
    )
    start = datetime(2024, 11, 12, 2, 30, tzinfo=UTC)
    begins = [start + timedelta(minutes=25 * number) for number in range(4)]
    slots = [SlotTimes(moment, moment + timedelta(minutes=20), is_morning=True) for moment in begins]
    round_ = fair.create_round(
        actor=None, fair=opened, name="Temu Bisnis", slots=slots, tables=[ZoneTables("", 3)], most_meetings=4
    )
    fair.add_participants(actor=None, round_=round_, firms=Firm.objects.order_by("pk")[:9])
    taking_part = list(Participant.objects.filter(round=round_).order_by("number"))
    small, buyers = taking_part[:6], taking_part[6:]
    fair.open_requests(actor=None, round_=round_)
    pairs = [(firm, buyers[(number + step) % 3]) for number, firm in enumerate(small) for step in range(2)]
    fair.add_requests(actor=None, round_=round_, requests=pairs)
    return Round.objects.select_related("fair").get(pk=round_.pk)
