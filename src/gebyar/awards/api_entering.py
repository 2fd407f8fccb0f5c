"""Calls and entries for other programs: the same queries, services and permissions as the pages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, File, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.awards.models import Edition, Entry
from gebyar.awards.queries.calls import call_of, call_state, shown_editions
from gebyar.awards.queries.entries import entries_of, is_entrant, state_of, visible_to
from gebyar.awards.services import documents, entries
from gebyar.awards.services.entries import Member
from gebyar.registry.models import Certificate, Firm

router = Router(tags=["awards"])

PAGE_SIZE = 50
_LAST_PAGE = 1_000_000
# PostgreSQL stores no zero characters.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Name = Annotated[str, Field(max_length=160, pattern=r"^[^\x00]*$")]
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
EntryKey = Annotated[int, Path(ge=1, le=2**63 - 1)]
Slug = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_-]*$")]
Choice = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]


class CallOut(Schema):
    """An edition of an award; `state` is draft, coming, open, closed or ended."""

    slug: str
    award: str
    year: int
    title: str
    state: str
    opens_at: datetime
    closes_at: datetime
    is_synthetic: bool


class FullCallOut(CallOut):
    """`rules` is the whole document; `rules_sha256` the hash of its canonical text (RFC 8785)."""

    name: str
    summary: str
    seed: int
    rules_version: int
    rules_sha256: str
    rules: dict[str, Any]


class MissingOut(Schema):
    """Something an entry lacks, what to do about it, and on which page of the form."""

    key: str
    words: str
    remedy: str
    part: str


class StandingOut(Schema):
    """How a condition stands: met, not_met, unknown, or officer (looked at later)."""

    id: str
    words: str
    state: str
    said: str
    certain: bool


class DocumentOut(Schema):
    key: str
    sha256: str
    media_type: str
    size: int
    pages: int | None
    verdict: str
    note: str
    certificate_words: str


class EntryLineOut(Schema):
    id: int
    call: str
    category: str
    kind: str
    title: str
    code: str
    status: str
    number: int | None
    firm_id: int | None
    region_code: str
    submitted_at: datetime | None
    receipt_hash: str


class EntryOut(EntryLineOut):
    """An entry with everything on it. `missing` is what stops it from being handed in, `advised` what does not."""

    answers: dict[str, Any]
    declared: dict[str, bool]
    documents: list[DocumentOut]
    members: list[str]
    missing: list[MissingOut]
    advised: list[MissingOut]
    conditions: list[StandingOut]


class PageQuery(Schema):
    page: Annotated[int, Field(ge=1, le=_LAST_PAGE)] = 1


class EntryIn(Schema):
    """A firm's entry names the firm; a person's or group's the code of the regency where they live."""

    call: Choice
    category: Choice
    kind: Literal["firm", "person", "group"] = "firm"
    firm_id: Key | None = None
    region_code: Annotated[str, Field(max_length=13, pattern=r"^[0-9.]*$")] | None = None


class MemberIn(Schema):
    name: Annotated[str, Field(min_length=1, max_length=150, pattern=r"^[^\x00]*$")]
    part: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")] = ""
    birth: date | None = None


class EntryChange(Schema):
    """What is given is kept, what is not stays; an answer of null is taken away."""

    title: Name | None = None
    answers: dict[Choice, bool | int | float | Text | None] | None = None
    declared: dict[Choice, bool] | None = None
    members: Annotated[list[MemberIn], Field(max_length=50)] | None = None


class CertificateIn(Schema):
    certificate_id: Key


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


# --- calls ------------------------------------------------------------------------------------------------------


@router.get("/awards/calls", response=list[CallOut], summary="Calls of awards, the last to close first")
def list_calls(request: HttpRequest, query: Query[PageQuery]) -> list[dict[str, Any]]:
    """Fifty on a page."""
    start = (query.page - 1) * PAGE_SIZE
    return [_call(edition) for edition in shown_editions(request.user)[start : start + PAGE_SIZE]]


def _call(edition: Edition) -> dict[str, Any]:
    names = ("slug", "award", "year", "title", "opens_at", "closes_at", "is_synthetic")
    return {name: getattr(edition, name) for name in names} | {"state": call_state(edition)}


@router.get("/awards/calls/{slug}", response=FullCallOut, summary="One call with its rules")
def get_call(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    edition = get_object_or_404(shown_editions(request.user), slug=slug)
    call, version = call_of(edition), edition.version
    return _call(edition) | {
        "name": call.name, "summary": call.summary,
        "seed": edition.seed, "rules_version": version.number if version else 0,
        "rules_sha256": version.sha256 if version else "", "rules": version.document if version else {},
    }  # fmt: skip


# --- entries ----------------------------------------------------------------------------------------------------


@router.get("/awards/entries", response=list[EntryLineOut], auth=django_auth, summary="Your entries")
def list_my_entries(request: HttpRequest, query: Query[PageQuery]) -> list[dict[str, Any]]:
    """Fifty on a page, the newest first."""
    start = (query.page - 1) * PAGE_SIZE
    return [_line(entry) for entry in entries_of(_person(request))[start : start + PAGE_SIZE]]


def _line(entry: Entry) -> dict[str, Any]:
    names = (
        "id", "kind", "title", "code", "status", "number", "firm_id", "region_code", "submitted_at", "receipt_hash",
    )  # fmt: skip
    told = {name: getattr(entry, name) for name in names}
    return told | {"call": entry.edition.slug, "category": entry.category.key}


@router.post("/awards/entries", response={201: EntryOut}, auth=django_auth, summary="Begin an entry")
def begin_my_entry(request: HttpRequest, wish: EntryIn) -> Status:
    edition = get_object_or_404(shown_editions(request.user), slug=wish.call)
    category = get_object_or_404(edition.categories.select_related("edition__version"), key=wish.category)
    firm = get_object_or_404(Firm, pk=wish.firm_id) if wish.firm_id else None
    made = entries.begin_entry(
        actor=_person(request), category=category, kind=wish.kind, firm=firm, region_code=wish.region_code
    )
    return Status(201, _told(request, made.pk))


@router.get("/awards/entries/{entry_id}", response=EntryOut, auth=django_auth, summary="An entry, and what it lacks")
def get_my_entry(request: HttpRequest, entry_id: EntryKey) -> dict[str, Any]:
    return _told(request, entry_id)


def _told(request: HttpRequest, entry_id: int) -> dict[str, Any]:
    entry = get_object_or_404(visible_to(request.user), pk=entry_id)
    state = state_of(entry)
    return _line(entry) | {
        "answers": entry.answers, "declared": entry.declared,
        "documents": list(state.subject.documents.values()), "members": [one.name for one in state.subject.members],
        "missing": state.missing, "advised": state.advised, "conditions": [
            {"id": one.condition.id, "words": one.words, "state": one.state, "said": one.said, "certain": one.certain}
            for one in state.standings
        ],
    }  # fmt: skip


def _own(request: HttpRequest, entry_id: int) -> Entry:
    entry = get_object_or_404(visible_to(request.user), pk=entry_id)
    if not is_entrant(request.user, entry):
        raise Http404
    return entry


@router.patch("/awards/entries/{entry_id}", response=EntryOut, auth=django_auth, summary="Write on a draft")
def save_my_entry(request: HttpRequest, entry_id: EntryKey, change: EntryChange) -> dict[str, Any]:
    people = None
    if change.members is not None:
        people = [Member(name=one.name, part=one.part, birth=one.birth) for one in change.members]
    entries.save_entry(
        actor=_person(request), entry=_own(request, entry_id), title=change.title, answers=change.answers,
        declared=change.declared, members=people,
    )  # fmt: skip
    return _told(request, entry_id)


@router.post(
    "/awards/entries/{entry_id}/documents/{key}", response=EntryOut, auth=django_auth, summary="Hand a document in"
)
def hand_in_my_document(
    request: HttpRequest, entry_id: EntryKey, key: Slug, file: Annotated[UploadedFile, File()]
) -> dict[str, Any]:
    """A PDF or a picture, as the rules ask; told by its content, not by its name."""
    documents.hand_in(actor=_person(request), entry=_own(request, entry_id), key=key, file=file)
    return _told(request, entry_id)


@router.delete(
    "/awards/entries/{entry_id}/documents/{key}", response=EntryOut, auth=django_auth, summary="Take a document out"
)
def take_out_my_document(request: HttpRequest, entry_id: EntryKey, key: Slug) -> dict[str, Any]:
    documents.take_out(actor=_person(request), entry=_own(request, entry_id), key=key)
    return _told(request, entry_id)


@router.post(
    "/awards/entries/{entry_id}/documents/{key}/certificate", response=EntryOut, auth=django_auth,
    summary="Answer a document by a certificate of the register",
)  # fmt: skip
def use_my_certificate(request: HttpRequest, entry_id: EntryKey, key: Slug, wish: CertificateIn) -> dict[str, Any]:
    entry = _own(request, entry_id)
    certificate = get_object_or_404(Certificate, firm=entry.firm_id, pk=wish.certificate_id)
    documents.use_certificate(actor=_person(request), entry=entry, key=key, certificate=certificate)
    return _told(request, entry_id)


@router.post("/awards/entries/{entry_id}/submit", response=EntryOut, auth=django_auth, summary="Hand an entry in")
def submit_my_entry(request: HttpRequest, entry_id: EntryKey) -> dict[str, Any]:
    """409 with everything that is missing, where something is."""
    entries.submit_entry(actor=_person(request), entry=_own(request, entry_id))
    return _told(request, entry_id)


@router.post("/awards/entries/{entry_id}/withdraw", response=EntryOut, auth=django_auth, summary="Withdraw an entry")
def withdraw_my_entry(request: HttpRequest, entry_id: EntryKey) -> dict[str, Any]:
    entries.withdraw_entry(actor=_person(request), entry=_own(request, entry_id))
    return _told(request, entry_id)
