"""Entering, step by step: each page is kept as soon as it is left, and says what is still missing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_entering import AnswersForm, BeginForm, DeclarationsForm, MemberForm
from gebyar.awards.models import Entry
from gebyar.awards.queries.calls import call_of, standings_of_firms
from gebyar.awards.queries.desk import days_left
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.entries import (
    PEOPLE,
    State,
    answer_pages,
    answer_part,
    is_entrant,
    needs_birth,
    papers_of,
    prefilled,
    questions_of,
    resolved,
    shown_answers,
    state_of,
)
from gebyar.awards.services.entries import Member, begin_entry, save_entry, submit_entry, withdraw_entry
from gebyar.awards.views.access_entering import FORM, crumbs, own_entry, readable_entry, shown_edition
from gebyar.awards.wording_rules import in_language
from gebyar.records.errors import DomainError
from gebyar.records.sealing import open_sealed
from gebyar.reference.awards.rules import EditionRules
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in, tried


@require_http_methods(FORM)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask in which category and for whom; how one's firms stand is said on the same page."""
    edition = shown_edition(request, slug)
    user, rules = signed_in(request), rules_of(edition)
    firms = list(Firm.objects.filter(pk__in=open_firms(user)).order_by("name", "pk"))
    form = BeginForm(request.POST or None, rules=rules, firms=firms)
    if request.method == "POST" and form.is_valid():
        category = get_object_or_404(edition.categories.select_related("edition"), key=form.cleaned_data["category"])
        try:
            made = begin_entry(actor=user, category=category, **form.facts())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Begun. Everything you write is kept; nobody judges it until you hand it in."))
            return redirect("awards:entry_part", pk=made.pk, part=parts_of(made, rules)[0][0])
    context = {
        "form": form, "edition": edition, "call": call_of(edition), "firms": standings_of_firms(user, edition),
        "crumbs": crumbs(_("Enter"), edition=edition), "needs_firm": "firm" in rules.entrants and not firms,
        "can_begin": edition.takes_entries and bool(form.fields["who"].choices),
    }  # fmt: skip
    return render(request, "awards/entering/enter.html", context)


# --- parts ------------------------------------------------------------------------------------------------------


def parts_of(entry: Entry, rules: EditionRules) -> list[tuple[str, str]]:
    """Return the pages of an entry's form in order, as (name, label)."""
    pages = answer_pages(questions_of(rules, entry.category.key))
    answers = [(answer_part(number), _answers_label(number, len(pages))) for number in range(1, len(pages) + 1)]
    firm = [("firm", _("Your firm"))] if entry.firm_id else []
    people = [("members", _("Who enters"))] if entry.kind in PEOPLE else []
    declared = any(condition.kind == "declared" for condition in rules.conditions)
    return [
        *firm, *people, *answers, ("documents", _("Documents")),
        *([("declarations", _("Declarations"))] if declared else []), ("check", _("Check and hand in")),
    ]  # fmt: skip


def _answers_label(number: int, count: int) -> str:
    return _("Questions") if count == 1 else _("Questions %(number)d") % {"number": number}


def _steps(state: State, current: str) -> list[dict[str, str]]:
    entry = state.subject.entry
    open_parts = {one.url for one in state.missing}
    steps = []
    for name, label in parts_of(entry, state.subject.rules):
        url = reverse("awards:entry_part", args=[entry.pk, name])
        lacking = url in open_parts or (name == "documents" and any(one.part == name for one in state.missing))
        done = not lacking and name != "check"
        steps.append(
            {"label": label, "url": url, "state": "current" if name == current else "done" if done else "todo"}
        )
    return steps


@require_http_methods(FORM)
def entry_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Show one page of the form; what is typed is kept before the next one opens."""
    entry = own_entry(request, pk)
    if entry.status != Entry.Status.DRAFT:
        return redirect("awards:entry", pk=pk)
    names = [name for name, _label in parts_of(entry, rules_of(entry.edition))]
    if part not in names:
        raise Http404
    state = state_of(entry)
    page = _PAGES.get(part.partition("-")[0], _plain)
    if request.method == "POST" and not entry.edition.takes_entries:
        messages.error(request, _("This call does not take entries now. Nothing was changed, and your draft is kept."))
        return redirect("awards:entry", pk=pk)
    context = page(request, state, part)
    if context is None:
        return _onward(request, pk, part, names)
    after = names[names.index(part) + 1 :]
    context |= {
        "entry": entry, "state": state, "steps": _steps(state, part), "part": part, "days_left": days_left(entry.edition),
        "next_url": reverse("awards:entry_part", args=[pk, after[0]]) if after else "",
        "draft": f"entry-{pk}-{part}", "crumbs": crumbs(dict(parts_of(entry, state.subject.rules))[part], entry=entry),
    }  # fmt: skip
    name = part.partition("-")[0]
    return render(request, f"awards/entering/part_{name}.html", context)


def _onward(request: HttpRequest, pk: int, part: str, names: list[str]) -> HttpResponse:
    messages.success(request, _("Kept."))
    if "more" in request.POST:
        return redirect(reverse("awards:entry_part", args=[pk, part]) + "?more=1")
    if "stop" in request.POST:
        return redirect("awards:entry", pk=pk)
    return redirect("awards:entry_part", pk=pk, part=names[names.index(part) + 1])


Context = dict[str, Any] | None


def _plain(_request: HttpRequest, state: State, part: str) -> Context:
    if part == "firm":
        return {"facts": prefilled(state.subject.entry)}
    if part == "documents":
        return {"papers": papers_of(state)}
    return {"answers": shown_answers(state.subject.entry), "papers": papers_of(state)}


def _answers(request: HttpRequest, state: State, part: str) -> Context:
    entry, rules = state.subject.entry, state.subject.rules
    number = int(part.partition("-")[2] or 1)
    questions = answer_pages(questions_of(rules, entry.category.key))[number - 1]
    first = {"title": entry.title} if number == 1 else {}
    initial = first | {f"q-{one.id}": resolved(state.subject, one) for one in questions}
    how = {"questions": questions, "with_title": number == 1}
    form = AnswersForm(request.POST if request.method == "POST" else None, initial=initial, **how)
    if request.method == "POST":
        form.is_valid()
        if _kept(form, lambda: save_entry(actor=signed_in(request), entry=entry, **_own(form, state))):
            return None
    sources = {question.id: question.register for question in questions if question.register}
    facts = {one.field: one for one in prefilled(entry)} if sources else {}
    rows = [
        {"field": form[name], "money": _is_money(form, name), "fact": facts.get(sources.get(name.removeprefix("q-"), ""))}
        for name in form.fields
    ]  # fmt: skip
    return {"form": form, "rows": rows}


def _own(form: AnswersForm, state: State) -> dict[str, Any]:
    """Return what was said; an answer that only repeats the register is not kept a second time."""
    said = form.said()
    for question in state.subject.rules.questions:
        if question.register and question.id in said["answers"]:
            own = state.subject.entry.answers.get(question.id)
            if own is None and said["answers"][question.id] == resolved(state.subject, question):
                del said["answers"][question.id]
    return said


def _is_money(form: AnswersForm, name: str) -> bool:
    question = getattr(form.fields[name], "question", None)
    return question is not None and question.kind == "money"


def _kept(form: forms.Form, act: Any) -> bool:
    """Keep what could be read; say what could not. True when all of it could."""
    try:
        act()
    except DomainError as error:
        form.add_error(None, str(error))
    return not form.errors


def _members(request: HttpRequest, state: State, _part: str) -> Context:
    entry, rules = state.subject.entry, state.subject.rules
    alone = entry.kind == Entry.Kind.PERSON
    most = 1 if alone else rules.most_members
    known = [_member_facts(member) for member in state.subject.members]
    shown = min(most, max(len(known) + (1 if "more" in request.GET or len(known) < 2 else 0), 1))
    how = {"birth": needs_birth(rules), "alone": alone}
    if request.method == "POST":
        shown = min(most, max(1, sum(key.endswith("-name") for key in request.POST)))
        lines = [MemberForm(request.POST, prefix=str(number), **how) for number in range(shown)]
        if all([line.is_valid() for line in lines]):  # noqa: C419  each says what is wrong with it
            people = [_member(line) for line in lines if line.cleaned_data["name"]]
            if _kept(lines[0], lambda: save_entry(actor=signed_in(request), entry=entry, members=people)):
                return None
    else:
        lines = [
            MemberForm(prefix=str(number), initial=known[number] if number < len(known) else None, **how)
            for number in range(shown)
        ]
    return {"lines": lines, "may_add": shown < most, "most": most, "alone": alone}


def _member_facts(member: Any) -> dict[str, Any]:
    birth = open_sealed(bytes(member.birth_sealed)) if member.birth_sealed else None
    return {"name": member.name, "part": member.part, "birth": birth}


def _member(line: MemberForm) -> Member:
    said = line.cleaned_data
    return Member(name=said["name"], part=said.get("part", ""), birth=said.get("birth"))


def _declarations(request: HttpRequest, state: State, _part: str) -> Context:
    entry = state.subject.entry
    initial = {f"d-{key}": value for key, value in entry.declared.items()}
    typed = request.POST if request.method == "POST" else None
    form = DeclarationsForm(typed, standings=state.standings, initial=initial)
    act = lambda: save_entry(actor=signed_in(request), entry=entry, declared=form.said())  # noqa: E731
    if request.method == "POST" and form.is_valid() and _kept(form, act):
        return None
    return {"form": form}


_PAGES = {"answers": _answers, "members": _members, "declarations": _declarations}


# --- the entry --------------------------------------------------------------------------------------------------


@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry to whoever acts for it, and to the officers of its region."""
    found = readable_entry(request, pk)
    state = state_of(found)
    names = {category.id: in_language(category.names) for category in state.subject.rules.categories}
    context = {
        "entry": found, "state": state, "category": names[found.category.key], "papers": papers_of(state),
        "answers": shown_answers(found), "is_own": is_entrant(request.user, found), "days_left": days_left(found.edition),
        "is_open": found.edition.takes_entries, "crumbs": crumbs(edition=found.edition),
        "first_part": parts_of(found, state.subject.rules)[0][0],
    }  # fmt: skip
    return render(request, "awards/entering/entry.html", context)


@require_POST
def entry_submit(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_entry(request, pk)
    words = _("Handed in. Keep your receipt; it was also sent to you by mail.")
    if tried(request, lambda: submit_entry(actor=signed_in(request), entry=found), words):
        return redirect("awards:receipt", pk=pk)
    return redirect("awards:entry", pk=pk)


@require_http_methods(FORM)
def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then withdraw."""
    found = own_entry(request, pk)
    if request.method == "POST":
        tried(request, lambda: withdraw_entry(actor=signed_in(request), entry=found), _("The entry was withdrawn."))
        return redirect("awards:entry", pk=pk)
    context = {"entry": found, "crumbs": crumbs(_("Withdraw"), entry=found)}
    return render(request, "awards/entering/withdraw.html", context)
