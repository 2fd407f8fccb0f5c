"""Entries: who sees which, what is missing and what to do about it, and how answers and documents are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.accounts.queries import region_filter
from gebyar.awards.models import Category, Entry, EntryDocument
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.eligibility import (
    NOT_MET,
    UNKNOWN,
    Standing,
    Subject,
    is_valid_on,
    sector_answer,
    standings,
    subject_of,
)
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.rules import DocumentAsk, EditionRules, Question
from gebyar.registry.facts import facts
from gebyar.registry.models import Certificate, Firm
from gebyar.registry.queries.firms import FactLine, firm_page
from gebyar.registry.rules import open_firms

PEOPLE = (Entry.Kind.PERSON, Entry.Kind.GROUP)


def with_edition(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Read each entry's edition, category and firm along."""
    found = entries.select_related("edition__version", "category", "firm", "entrant")
    return found.defer("edition__version__document")


def visible_to(user: Any) -> QuerySet[Entry]:
    """Return the entries a person may read: of their firms, their own, and those of their region as an officer.

    Judges read what they are given through their assignments, not here.
    """
    region = region_filter(user)
    if not region:  # the whole country
        return with_edition(Entry.objects.all())
    return with_edition(Entry.objects.filter(region | _own(user)))


def _own(user: Any) -> Q:
    if not isinstance(user, User):
        return Q(pk__in=[])
    theirs = Q(firm__isnull=True) | Q(kind=Entry.Kind.REGENCY)
    return Q(firm__in=open_firms(user)) | (Q(entrant=user) & theirs)


def entries_of(user: User) -> QuerySet[Entry]:
    """Return what a person or their firms enter, the newest first."""
    return with_edition(Entry.objects.filter(_own(user))).order_by("-made_at", "-pk")


def is_entrant(user: Any, entry: Entry) -> bool:
    """Say whether a person acts for this entry: a member of its firm, or who began it where no firm enters by itself."""
    if not isinstance(user, User):
        return False
    if entry.firm_id is not None and entry.firm_id in open_firms(user):
        return True
    began_it = entry.entrant_id == user.pk
    return began_it and (entry.firm_id is None or entry.kind == Entry.Kind.REGENCY)


def desk_entries(user: Any) -> QuerySet[Entry]:
    """Return the entries of an officer's region; nothing for anybody else."""
    return with_edition(Entry.objects.filter(region_filter(user)))


# --- what is missing --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """Something that an entry lacks before it can be handed in, what to do about it, and on which page."""

    key: str
    words: str
    remedy: str
    part: str  # answers, documents, declarations, members, conditions
    url: str = ""


@dataclass(frozen=True)
class State:
    """An entry as it stands: conditions, what is missing, and what is advised but not needed."""

    subject: Subject
    standings: list[Standing]
    missing: list[Missing]
    advised: list[Missing]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def missing(entry: Entry) -> list[Missing]:
    """Return everything that an entry lacks, in the order of its form."""
    return state_of(entry).missing


def state_of(entry: Entry, rules: EditionRules | None = None) -> State:
    """Look an entry through; a fixed number of queries."""
    rules = rules or rules_of(entry.edition)
    subject = subject_of(entry, rules)
    found = standings(subject)
    return State(subject, found, [*unfinished(subject), *_failed(found, subject)], _advice(found))


def unfinished(subject: Subject) -> list[Missing]:
    """Return what the entrant still has to write or hand in; quick, so that lists can ask it of every entry."""
    return [
        *_missing_people(subject),
        *_missing_answers(subject),
        *_missing_papers(subject),
        *_missing_declarations(subject),
    ]


def part_url(entry: Entry, part: str) -> str:
    return reverse("awards:entry_part", args=[entry.pk, part])


QUESTIONS_PER_PAGE = 4
"""As many as a phone shows without getting lost; the name of the entry stands on the first page, before them."""


def answer_pages(questions: Sequence[Question]) -> list[list[Question]]:
    """Deal the questions to pages; there is always a first one, for the name of the entry."""
    pages = [list(questions[at : at + QUESTIONS_PER_PAGE]) for at in range(0, len(questions), QUESTIONS_PER_PAGE)]
    return pages or [[]]


def answer_part(number: int) -> str:
    """Name a page of answers, counted from 1."""
    return "answers" if number == 1 else f"answers-{number}"


def questions_of(rules: EditionRules, category: str) -> list[Question]:
    """Return the questions that this category is asked."""
    return [one for one in rules.questions if not one.categories or category in one.categories]


def documents_of(rules: EditionRules, category: str) -> list[DocumentAsk]:
    """Return the documents that this category is asked for."""
    return [one for one in rules.documents if not one.categories or category in one.categories]


def _missing_people(subject: Subject) -> Iterable[Missing]:
    entry = subject.entry
    if entry.kind not in PEOPLE:
        return
    url = part_url(entry, "members")
    if not subject.members:
        yield Missing("members", _("Who enters"), _("Write down everybody who takes part."), "members", url)
    elif needs_birth(subject.rules) and any(not member.birth_sealed for member in subject.members):
        yield Missing("births", _("Days of birth"), _("An age limit holds; give each day of birth."), "members", url)
    elif entry.kind == Entry.Kind.GROUP and len(subject.members) < 2:
        yield Missing("members", _("The group"), _("A group has at least two people."), "members", url)


def needs_birth(rules: EditionRules) -> bool:
    return any(condition.kind == "age" for condition in rules.conditions)


def _missing_answers(subject: Subject) -> Iterable[Missing]:
    entry = subject.entry
    if not entry.title.strip():
        url = part_url(entry, "answers")
        yield Missing("title", _("Name of the product or work"), _("Give it a name."), "answers", url)
    for number, page in enumerate(answer_pages(questions_of(subject.rules, entry.category.key)), 1):
        url = part_url(entry, answer_part(number))
        for question in page:
            if question.required and resolved(subject, question) in (None, ""):
                yield Missing(question.id, in_language(question.names), _("Answer this question."), "answers", url)


def resolved(subject: Subject, question: Question) -> Any:
    """Return the answer to a question: the entrant's own, or what the register says (once only)."""
    own = subject.entry.answers.get(question.id)
    if own not in (None, "") or not question.register:
        return own
    stored = subject.entry.facts.get("register", {}).get(question.id)
    if stored is not None:
        return stored["value"]
    return register_value(subject, question.register)


def register_value(subject: Subject, name: str) -> Any:
    """Return a fact of the firm as the register has it now, None where it is not known."""
    some = facts().get(name)
    holder = subject.profile if some is not None and some.yearly else subject.firm
    value = getattr(holder, name, None) if holder is not None else None
    return ", ".join(value) if isinstance(value, list) else value


def _missing_papers(subject: Subject) -> Iterable[Missing]:
    entry = subject.entry
    for ask in documents_of(subject.rules, entry.category.key):
        paper = subject.documents.get(ask.id)
        url = reverse("awards:entry_document", args=[entry.pk, ask.id])
        if paper is not None and paper.verdict == EntryDocument.Verdict.RETURNED:
            words = _("To be handed in again: %(name)s") % {"name": in_language(ask.names)}
            yield Missing(ask.id, words, paper.note, "documents", url)
        elif paper is None and ask.required:
            yield Missing(ask.id, in_language(ask.names), _remedy(ask, subject), "documents", url)


def _remedy(ask: DocumentAsk, subject: Subject) -> str:
    if usable_certificates(ask, subject):
        return _("The register has it already: use it with one press.")
    return in_language(ask.help) or _("Photograph it or upload it.")


def usable_certificates(ask: DocumentAsk, subject: Subject) -> list[Certificate]:
    """Return the certificates of the register that answer a document and are valid when the call closes."""
    kinds = ask.certificate_kinds
    return [one for one in subject.certificates if one.kind in kinds and is_valid_on(one, subject.closing_day)]


def _missing_declarations(subject: Subject) -> Iterable[Missing]:
    url = part_url(subject.entry, "declarations")
    for condition in subject.rules.conditions:
        if condition.kind == "declared" and not subject.entry.declared.get(condition.id):
            words, remedy = in_language(condition.words), _("Declare it, if it is so.")
            yield Missing(condition.id, words, remedy, "declarations", url)


def _failed(found: Iterable[Standing], subject: Subject) -> Iterable[Missing]:
    """Name the conditions that are not met by the facts as they stand; a fact that is wrong can be corrected."""
    for standing in found:
        if standing.state == NOT_MET:
            url = standing.links[0][1] if standing.links else ""
            remedy = _("%(said)s. If that is wrong, put it right first.") % {"said": standing.said}
            yield Missing(standing.condition.id, standing.words, remedy, "conditions", url)
    sectors, firm = subject.rules.category(subject.entry.category.key).sectors, subject.firm
    if sectors and firm is not None:
        state, said, links = sector_answer(firm, sectors)
        if state == NOT_MET:
            words, remedy = (
                _("Your industry fits this category"),
                _("%(said)s. Choose another category.") % {"said": said},
            )
            yield Missing("category", words, remedy, "conditions", links[0][1])


def _advice(found: Iterable[Standing]) -> list[Missing]:
    """Name what is not known and does not stop anybody, but will be asked at the check."""
    return [
        Missing(one.condition.id, one.words, one.said, "conditions", one.links[0][1] if one.links else "")
        for one in found
        if one.state == UNKNOWN and one.condition.kind not in {"declared", "age", "members"}
    ]


# --- shown --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prefilled:
    """A fact of the firm that nobody is asked again, with its source and where to correct it."""

    field: str
    line: FactLine
    url: str


FIRM_FACTS = ("name", "nib", "region_code", "kbli_code", "products", "workers", "investment", "sales")


def prefilled(entry: Entry) -> list[Prefilled]:
    """Return the facts of the register that an entry builds on, with source, date and a way to correct them."""
    firm = entry.firm
    if firm is None:
        return []
    page = firm_page(firm)
    lines = {line.fact.field: line for line in (*page.identity, *page.yearly)}
    asked = [question.register for question in rules_of(entry.edition).questions if question.register]
    names = dict.fromkeys([*FIRM_FACTS, *asked])
    return [
        Prefilled(name, lines[name], reverse("registry:fact", args=[firm.pk, name])) for name in names if name in lines
    ]


@dataclass(frozen=True)
class ShownAnswer:
    """An answer as pages show it: `value` plain, `words` for choices and yes or no."""

    question: Question
    name: str
    value: Any
    words: str
    from_register: bool

    @property
    def kind(self) -> str:
        return self.question.kind


def shown_answers(entry: Entry, *, anonymised: bool = False) -> list[ShownAnswer]:
    """Return the answers of an entry in order; without those that tell who it is, where it is anonymised."""
    rules = rules_of(entry.edition)
    subject = subject_of(entry, rules)
    asked = questions_of(rules, entry.category.key)
    return [_shown(subject, question) for question in asked if not (anonymised and question.identifies)]


def _shown(subject: Subject, question: Question) -> ShownAnswer:
    value = resolved(subject, question)
    own = subject.entry.answers.get(question.id)
    return ShownAnswer(
        question,
        in_language(question.names),
        value,
        answer_words(question, value),
        own in (None, "") and value is not None,
    )


def answer_words(question: Question, value: Any) -> str:
    """Write an answer in the reader's language where it is a choice or yes or no; else as it is."""
    if value in (None, ""):
        return ""
    if question.kind == "choice":
        return next((in_language(words) for option, words in question.options if option == value), str(value))
    if question.kind == "yes_no" or isinstance(value, bool):
        return _("Yes") if value else _("No")
    if question.kind == "date":
        return str(date.fromisoformat(str(value)))
    return str(value)


@dataclass(frozen=True)
class Paper:
    """A document that is asked for, what was handed in, and what the register could give instead."""

    ask: DocumentAsk
    name: str
    help: str
    document: EntryDocument | None
    certificates: list[Certificate]


def papers_of(state: State) -> list[Paper]:
    """Return every document that is asked for in the entry's category."""
    entry = state.subject.entry
    subject = state.subject
    return [
        Paper(
            ask, in_language(ask.names), in_language(ask.help), subject.documents.get(ask.id),
            usable_certificates(ask, subject),
        )
        for ask in documents_of(subject.rules, entry.category.key)
    ]  # fmt: skip


def categories_open(user: User, category: Category) -> list[Firm]:
    """Return the firms a person acts for that have no open entry in a category."""
    taken = Entry.objects.filter(category=category, firm__isnull=False).exclude(status=Entry.Status.WITHDRAWN)
    firms = Firm.objects.filter(pk__in=open_firms(user)).exclude(pk__in=taken.values("firm"))
    return list(firms.order_by("name", "pk"))
