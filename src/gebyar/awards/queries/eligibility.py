"""Whether an entry meets the conditions of its edition, by the facts of the register and what the entrant says.

Shown from the first minute: met, not met, or not known yet, and then which fact is missing and where to give it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.awards.models import Entry, EntryDocument, EntryMember
from gebyar.awards.wording_rules import in_language
from gebyar.methods.size import classify
from gebyar.records.sealing import open_sealed
from gebyar.reference.awards.rules import Condition, EditionRules
from gebyar.reference.size_rules import class_labels, fact_labels
from gebyar.registry.models import Certificate, Contact, Firm, Profile

MET, NOT_MET, UNKNOWN, OFFICER = "met", "not_met", "unknown", "officer"


@dataclass(frozen=True)
class Standing:
    """How one condition stands: `state` is met, not_met, unknown or officer (an officer looks at it later)."""

    condition: Condition
    state: str
    words: str
    said: str = ""  # what the register says, or what is missing
    links: list[tuple[str, str]] = field(default_factory=list)  # (words, address) to put a fact right

    @property
    def certain(self) -> bool:
        return self.condition.certain


@dataclass(frozen=True)
class Subject:
    """What conditions are held against: one entry with its firm's facts, read once."""

    entry: Entry
    rules: EditionRules
    firm: Firm | None
    profile: Profile | None
    certificates: tuple[Certificate, ...]
    members: tuple[EntryMember, ...]
    documents: Mapping[str, EntryDocument]
    closing_day: date


Answer = tuple[str, str, list[tuple[str, str]]]


def with_facts(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Read along what conditions and the list of what is missing ask for: the same queries for any number of entries."""
    current = Profile.objects.filter(is_current=True).select_related("delivery__source")
    return entries.prefetch_related(
        "documents",
        "members",
        Prefetch("firm__profiles", current, to_attr="current_profiles"),
        Prefetch("firm__certificates", Certificate.objects.order_by("kind", "pk"), to_attr="held_certificates"),
        Prefetch("firm__contacts", Contact.objects.order_by("role")),
    )


def gathered(entry: Entry, rules: EditionRules) -> Subject:
    """Put together what `with_facts` read along."""
    firm = entry.firm
    return _subject(
        entry, rules, next(iter(firm.current_profiles), None) if firm else None,
        tuple(firm.held_certificates) if firm else (),
    )  # fmt: skip


def subject_of(entry: Entry, rules: EditionRules) -> Subject:
    """Read what conditions are held against, as it is now: four queries at most."""
    firm = entry.firm
    if entry.pk:
        entry.__dict__.pop("_prefetched_objects_cache", None)
    profiles = firm.profiles.filter(is_current=True).select_related("delivery__source") if firm else None
    return _subject(
        entry, rules, profiles.first() if profiles is not None else None,
        tuple(firm.certificates.order_by("kind", "pk")) if firm else (),
    )  # fmt: skip


def _subject(
    entry: Entry, rules: EditionRules, profile: Profile | None, certificates: tuple[Certificate, ...]
) -> Subject:
    return Subject(
        entry=entry,
        rules=rules,
        firm=entry.firm,
        profile=profile,
        certificates=certificates,
        members=tuple(entry.members.all()) if entry.pk else (),
        documents={paper.key: paper for paper in entry.documents.all()} if entry.pk else {},
        closing_day=timezone.localdate(entry.edition.closes_at),
    )


def standings(subject: Subject) -> list[Standing]:
    """Return how every condition stands that holds for this kind of entrant."""
    found = (_standing(condition, subject) for condition in subject.rules.conditions)
    return [standing for standing in found if standing is not None]


def _standing(condition: Condition, subject: Subject) -> Standing | None:
    answer = _CHECKS[condition.kind](condition.parameters, subject, condition)
    if answer is None:
        return None
    state, said, links = answer
    return Standing(condition, state, in_language(condition.words), said, links)


# --- what only a firm has ---------------------------------------------------------------------------------------


def _fact_link(firm: Firm, name: str, label: str) -> tuple[str, str]:
    return label, reverse("registry:fact", args=[firm.pk, name])


def _certificate_link(firm: Firm) -> tuple[str, str]:
    return _("Add the certificate"), reverse("registry:certificate_add", args=[firm.pk])


def _size(parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    firm = subject.firm
    if firm is None:
        return None
    answer = size_answer(subject.profile, parameters["rule"])
    if answer.startswith("unknown"):
        names = answer.partition(": ")[2].split(", ")
        labels = [in_language(fact_labels()[name]) for name in names]
        links = [_fact_link(firm, name, label) for name, label in zip(names, labels, strict=True)]
        return UNKNOWN, _("Not known yet: %(facts)s") % {"facts": ", ".join(labels).lower()}, links
    words = _("By the register: %(size)s") % {"size": in_language(class_labels()[answer]).lower()}
    links = [] if answer in parameters["classes"] else [_correct(firm)]
    return (MET if answer in parameters["classes"] else NOT_MET), words, links


def size_answer(profile: Profile | None, rule: str) -> str:
    """Return the class by a rule, or "unknown: " and the facts that are missing."""
    known = {name: [getattr(profile, name, None)] for name in fact_labels()}
    answer: str = classify(pl.DataFrame(known, schema=dict.fromkeys(known, pl.Int64))).row(0, named=True)[rule]
    return answer


def _correct(firm: Firm) -> tuple[str, str]:
    return _("Correct the register"), reverse("registry:firm", args=[firm.pk])


def _sector(parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    firm = subject.firm
    if firm is None:
        return None
    return sector_answer(firm, parameters["prefixes"])


def sector_answer(firm: Firm, prefixes: Iterable[str]) -> Answer:
    """Say whether the firm's KBLI code begins with one of the prefixes."""
    link = _fact_link(firm, "kbli_code", _("Give the KBLI code"))
    if not firm.kbli_code:
        return UNKNOWN, _("Not known yet: the KBLI code"), [link]
    said = _("By the register: KBLI %(code)s") % {"code": firm.kbli_code}
    fits = any(firm.kbli_code.startswith(prefix) for prefix in prefixes)
    return (MET, said, []) if fits else (NOT_MET, said, [link])


def _active(_parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    firm = subject.firm
    if firm is None:
        return None
    if firm.is_active:
        return MET, _("By the register: working"), []
    return NOT_MET, _("By the register: not working"), [_fact_link(firm, "is_active", _("Correct it"))]


def _nib(_parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    firm = subject.firm
    if firm is None:
        return None
    if firm.nib:
        return MET, _("In the register"), []
    return _by_certificate(["nib"], subject, firm, [_fact_link(firm, "nib", _("Give the NIB"))])


def _certificate(parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    firm = subject.firm
    if firm is None:
        return None
    return _by_certificate(parameters["kinds"], subject, firm, [_certificate_link(firm)])


def _by_certificate(kinds: Iterable[str], subject: Subject, firm: Firm, links: list[tuple[str, str]]) -> Answer:
    """Any certificate of the kinds that is valid on the closing day does, or a document that shows one."""
    held = [certificate for certificate in subject.certificates if certificate.kind in kinds]
    valid = [one for one in held if is_valid_on(one, subject.closing_day)]
    if valid:
        return MET, _("In the register: %(certificate)s") % {"certificate": valid[0]}, []
    asked = [ask for ask in subject.rules.documents if set(ask.certificate_kinds) & set(kinds)]
    if any(_is_there(subject.documents.get(ask.id)) for ask in asked):
        return MET, _("By the document handed in; an officer looks at it"), []
    if held:
        return NOT_MET, _("In the register, but no longer valid when the call closes"), [_certificate_link(firm)]
    return UNKNOWN, _("Not in the register yet"), links


def _is_there(paper: EntryDocument | None) -> bool:
    return paper is not None and paper.verdict != EntryDocument.Verdict.RETURNED


def is_valid_on(certificate: Certificate, day: date) -> bool:
    return certificate.valid_until is None or certificate.valid_until >= day


def _running_years(parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    firm = subject.firm
    if firm is None:
        return None
    if firm.started_year is None:
        return UNKNOWN, _("Not known yet: the year in which the firm began"), [_correct(firm)]
    said = _("By the register: since %(year)d") % {"year": firm.started_year}
    return _within(subject.closing_day.year - firm.started_year, parameters, said, [_correct(firm)])


def _workers(parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    firm = subject.firm
    if firm is None:
        return None
    workers = subject.profile.workers if subject.profile else None
    link = _fact_link(firm, "workers", _("Give the number of workers"))
    if workers is None:
        return UNKNOWN, _("Not known yet: the number of workers"), [link]
    return _within(workers, parameters, _("By the register: %(count)d workers") % {"count": workers}, [link])


def _within(value: int, bounds: Mapping[str, Any], said: str, links: list[tuple[str, str]]) -> Answer:
    least, most = bounds.get("least"), bounds.get("most")
    fits = (least is None or value >= least) and (most is None or value <= most)
    return (MET, said, []) if fits else (NOT_MET, said, links)


# --- people -----------------------------------------------------------------------------------------------------


def _age(parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    if subject.entry.kind not in {Entry.Kind.PERSON, Entry.Kind.GROUP}:
        return None
    link = (_("Give the days of birth"), _part(subject.entry, "members"))
    unknown = [member for member in subject.members if not member.birth_sealed]
    if unknown or not subject.members:
        return UNKNOWN, _("Not known yet: days of birth"), [link]
    day = date.fromisoformat(str(parameters["on"])) if parameters.get("on") else subject.closing_day
    ages = [age_on(date.fromisoformat(open_sealed(bytes(member.birth_sealed))), day) for member in subject.members]
    wrong = [age for age in ages if _within(age, parameters, "", [])[0] == NOT_MET]
    if not wrong:
        return MET, _("By the days of birth"), []
    return NOT_MET, _("By the days of birth: %(ages)s years") % {"ages": ", ".join(map(str, sorted(wrong)))}, [link]


def age_on(birth: date, day: date) -> int:
    """Return full years of life."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _members(parameters: Mapping[str, Any], subject: Subject, _condition: Condition) -> Answer | None:
    if subject.entry.kind != Entry.Kind.GROUP:
        return None
    link = (_("Change the members"), _part(subject.entry, "members"))
    count = len(subject.members)
    if not count:
        return UNKNOWN, _("Not known yet: who belongs to the group"), [link]
    return _within(count, parameters, _("%(count)d members") % {"count": count}, [link])


def _part(entry: Entry, name: str) -> str:
    return reverse("awards:entry_part", args=[entry.pk, name]) if entry.pk else ""


# --- said, or looked at -----------------------------------------------------------------------------------------


def _declared(_parameters: Mapping[str, Any], subject: Subject, condition: Condition) -> Answer:
    if subject.entry.declared.get(condition.id):
        return MET, _("You declared it"), []
    return UNKNOWN, _("Waits for your declaration"), [(_("Declare it"), _part(subject.entry, "declarations"))]


def _officer(_parameters: Mapping[str, Any], _subject: Subject, _condition: Condition) -> Answer:
    return OFFICER, _("An officer looks at this"), []


_CHECKS: dict[str, Callable[[Mapping[str, Any], Subject, Condition], Answer | None]] = {
    "size": _size, "sector": _sector, "active": _active, "nib": _nib, "certificate": _certificate, "age": _age,
    "members": _members, "running_years": _running_years, "workers": _workers, "declared": _declared,
    "officer": _officer,
}  # fmt: skip
