"""Ties between judges and entrants that the register already knows of.

Each is found by one query over all judges and entrants of an edition. The codes name what was found; `wording_judging`
says them in the reader's language.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from gebyar.accounts.models import Role, RoleGrant
from gebyar.awards.models import Conflict, Edition, Entry, EntryMember, Judge
from gebyar.partnership.models import Deal
from gebyar.reference import regions
from gebyar.registry.models import Contact, FirmMember

Kind = Conflict.Kind

# Everybody has an address there, so sharing one means nothing.
COMMON_DOMAINS = frozenset(
    [
        "gmail.com",
        "yahoo.com",
        "yahoo.co.id",
        "ymail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "icloud.com",
        "proton.me",
    ]
)
_LEGAL_FORMS = frozenset(["pt", "cv", "ud", "pd", "tbk", "koperasi", "firma", "fa", "persero"])
_WORDS = re.compile(r"[^\W_]+")
REGENCY_CODE = 5  # characters of a regency's code, "33.74"
MOST_SHARING = 3  # a domain of more entrants than these is a provider's


@dataclass(frozen=True, slots=True)
class Tie:
    """Why a judge must not see an entry; `code` says how it was found."""

    judge: int
    entry: int
    firm: int | None
    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class _Sides:
    """Judges and entries of an edition, by what a tie is looked up with."""

    judges: list[Judge]
    entries: list[Entry]
    by_firm: dict[int, list[Entry]]

    @property
    def people(self) -> dict[int, Judge]:
        return {judge.user_id: judge for judge in self.judges}

    def ties(self, judge: Judge, firm: int, kind: str, code: str) -> Iterator[Tie]:
        for entry in self.by_firm.get(firm, ()):
            yield Tie(judge.pk, entry.pk, firm, kind, code)


def ties_in(edition: Edition) -> list[Tie]:
    """Return every tie between a judge and an entry of the edition, each kind once for a pair, in a fixed order."""
    sides = _sides(edition)
    found: dict[tuple[int, int, str], Tie] = {}
    for tie in _all(sides):
        found.setdefault((tie.judge, tie.entry, tie.kind), tie)
    return sorted(found.values(), key=lambda tie: (tie.judge, tie.entry, tie.kind))


def _sides(edition: Edition) -> _Sides:
    judges = list(edition.judges.exclude(status=Judge.Status.DECLINED).select_related("user"))
    entries = list(edition.entries.exclude(status=Entry.Status.WITHDRAWN).select_related("firm", "entrant"))
    by_firm: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.firm_id:
            by_firm[entry.firm_id].append(entry)
    return _Sides(judges, entries, dict(by_firm))


def _all(sides: _Sides) -> Iterator[Tie]:
    memberships = _memberships(sides)
    yield from _own_firms(sides, memberships)
    yield from _employers(sides)
    yield from _trading(sides, memberships)
    yield from _officers(sides)
    yield from _entrants(sides, memberships)
    yield from _domains(sides)


def _memberships(sides: _Sides) -> dict[int, list[Judge]]:
    """Return who of the judges acts for which firm, whether it enters or not."""
    firms: dict[int, list[Judge]] = defaultdict(list)
    rows = FirmMember.objects.filter(user__in=sides.people, ended_at__isnull=True)
    for firm, user in rows.values_list("firm", "user"):
        firms[firm].append(sides.people[user])
    return dict(firms)


def _own_firms(sides: _Sides, memberships: dict[int, list[Judge]]) -> Iterator[Tie]:
    for firm, judges in memberships.items():
        for judge in judges:
            yield from sides.ties(judge, firm, Kind.SAME_FIRM, "member")


def plain_name(name: str) -> str:
    """Return a firm's name without its legal form, capitals and stops, as people write it differently."""
    words = _WORDS.findall(name.casefold())
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)


def _employers(sides: _Sides) -> Iterator[Tie]:
    by_name: dict[str, set[int]] = defaultdict(set)
    for entry in sides.entries:
        if entry.firm_id and entry.firm:
            by_name[plain_name(entry.firm.name)].add(entry.firm_id)
    for judge in sides.judges:
        for firm in sorted(by_name.get(plain_name(judge.employer), ())) if judge.employer else ():
            yield from sides.ties(judge, firm, Kind.EMPLOYER, "employer")


def _trading(sides: _Sides, memberships: dict[int, list[Judge]]) -> Iterator[Tie]:
    """Deals between an entrant and a firm that a judge acts for or is employed by."""
    own = {firm: list(judges) for firm, judges in memberships.items()}
    employers: dict[str, list[Judge]] = defaultdict(list)
    for judge in sides.judges:
        employers[plain_name(judge.employer)].append(judge)
    employers.pop("", None)
    entrants = Q(seller__in=sides.by_firm) | Q(buyer__in=sides.by_firm)
    rows = Deal.objects.filter(entrants).values_list("seller", "buyer", "seller__name", "buyer__name")
    for seller, buyer, seller_name, buyer_name in rows.order_by("pk"):
        for entrant, other, name in ((seller, buyer, buyer_name), (buyer, seller, seller_name)):
            for judge in [*own.get(other, ()), *employers.get(plain_name(name), ())]:
                yield from sides.ties(judge, entrant, Kind.SUPPLY, "deal")


def _officers(sides: _Sides) -> Iterator[Tie]:
    """Local officers of an entrant's regency; those of a whole province are tied to every regency in it."""
    grants = RoleGrant.objects.filter(user__in=sides.people, role=Role.LOCAL_OFFICER, ended_at__isnull=True)
    for user, code in grants.order_by("pk").values_list("user", "region_code"):
        judge = sides.people[user]
        for entry in sides.entries:
            if regions.contains(code, entry.region_code[:REGENCY_CODE]):
                yield Tie(judge.pk, entry.pk, entry.firm_id, Kind.REGENCY, "officer")


def _entrants(sides: _Sides, memberships: dict[int, list[Judge]]) -> Iterator[Tie]:
    """Whoever takes part, in person or with a firm, judges nobody of the same category; nor does a group's member."""
    for category, judge in dict.fromkeys(_taking_part(sides, memberships)):
        for entry in sides.entries:
            if entry.category_id == category:
                yield Tie(judge.pk, entry.pk, entry.firm_id, Kind.ENTRANT, "takes_part")
    names = {judge.user.name.casefold(): judge for judge in sides.judges if judge.user.name}
    members = EntryMember.objects.filter(entry__in=[entry.pk for entry in sides.entries]).order_by("pk")
    for name, entry_id in members.values_list("name", "entry"):
        if judge := names.get(name.casefold()):
            yield Tie(judge.pk, entry_id, None, Kind.ENTRANT, "group_name")


def _taking_part(sides: _Sides, memberships: dict[int, list[Judge]]) -> Iterator[tuple[int, Judge]]:
    """Yield categories with the judges who have an entry there."""
    for entry in sides.entries:
        for judge in memberships.get(entry.firm_id or 0, ()):
            yield entry.category_id, judge
        if entry.kind in {Entry.Kind.PERSON, Entry.Kind.GROUP} and entry.entrant_id in sides.people:
            yield entry.category_id, sides.people[entry.entrant_id]


def _domains(sides: _Sides) -> Iterator[Tie]:
    """Addresses of one house: that alone proves nothing, so it is barred as "other" and easily lifted."""
    domains: dict[str, set[int]] = defaultdict(set)
    for address, entry_id in _addresses(sides):
        domains[_domain(address)].add(entry_id)
    firms = {entry.pk: entry.firm_id for entry in sides.entries}
    for judge in sides.judges:
        domain = _domain(judge.user.email)
        sharing = domains.get(domain, set())
        if domain in COMMON_DOMAINS or len(sharing) > MOST_SHARING:
            continue
        for entry_id in sorted(sharing):
            yield Tie(judge.pk, entry_id, firms[entry_id], Kind.OTHER, "domain")


def _addresses(sides: _Sides) -> Iterator[tuple[str, int]]:
    """Yield addresses of entrants, of their firms' members and contacts, each with an entry."""
    for entry in sides.entries:
        if entry.entrant and entry.kind != Entry.Kind.REGENCY:
            yield entry.entrant.email, entry.pk
    members = FirmMember.objects.filter(firm__in=sides.by_firm, ended_at__isnull=True).exclude(user__in=sides.people)
    contacts = Contact.objects.filter(firm__in=sides.by_firm).exclude(email="")
    pairs: Iterable[tuple[int, str]] = [
        *members.values_list("firm", "user__email"),
        *contacts.values_list("firm", "email"),
    ]
    for firm, address in pairs:
        for entry in sides.by_firm[firm]:
            yield address, entry.pk


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()
