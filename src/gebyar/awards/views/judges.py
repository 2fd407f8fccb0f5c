"""Judges: for organisers who ask them, for themselves who answer and declare what ties them to entrants."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_judging import (
    AddJudgeForm,
    AnswerForm,
    ConflictForm,
    EntrantsFilter,
    InviteJudgeForm,
    JudgeByOrganiserForm,
    JudgeForm,
    ReasonForm,
    category_names,
)
from gebyar.awards.models import Edition, Judge
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.judges import addable, conflicts_of, entrant_lines, entrants_of, judges_of
from gebyar.awards.queries.judging import judgeships_of, work_of
from gebyar.awards.services import conflicts, judges
from gebyar.awards.views.judging_access import (
    FORM,
    PER_PAGE,
    conflict_of,
    edition_of,
    judge_crumbs,
    judge_of,
    own_judgeship,
)
from gebyar.awards.wording_judging import conflict_words
from gebyar.awards.wording_rules import in_language
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

# --- for organisers ---------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def judges_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who judges in an edition, and ask somebody."""
    edition = edition_of(pk)
    form = AddJudgeForm(request.POST or None, people=addable(edition))
    if request.method == "POST" and form.is_valid():
        try:
            judge = judges.add_judge(actor=signed_in(request), edition=edition, user=form.cleaned_data["user"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Judge %(number)d is asked by mail.") % {"number": judge.number})
            return redirect("awards:judge", pk=judge.pk)
    context = {
        "edition": edition,
        "form": form,
        "invitation": InviteJudgeForm(),
        "may_invite": signed_in(request).has_perm("accounts.administer"),
        "page": Paginator(judges_of(edition), PER_PAGE).get_page(request.GET.get("page")),
        "stages": _judging_stages(edition),
        "crumbs": [{"label": edition.title, "url": ""}],
    }
    return render(request, "awards/judging/judges.html", context)


def _judging_stages(edition: Edition) -> list[dict[str, Any]]:
    """Return the stages in which marks are given, with their names, in the order of categories."""
    rules = rules_of(edition)
    scored = {one.id: in_language(one.names) for one in rules.stages if one.criteria}
    categories = category_names(rules.categories)
    return [
        {"stage": stage, "category": categories[category.key], "name": scored[stage.key]}
        for category in edition.categories.prefetch_related("stages")
        for stage in category.stages.all()
        if stage.key in scored
    ]


@require_POST
def judge_invite(request: HttpRequest, pk: int) -> HttpResponse:
    edition = edition_of(pk)
    form = InviteJudgeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give an e-mail address."))
        return redirect("awards:judges", pk=pk)
    try:
        judge = judges.invite_judge(actor=signed_in(request), edition=edition, email=form.cleaned_data["email"])
    except DomainError as error:
        messages.error(request, str(error))
    else:
        sent = _("An invitation is sent. Once it is accepted you can add this person here.")
        asked = _("This person holds the role already and is asked by mail.")
        messages.success(request, sent if judge is None else asked)
    return redirect("awards:judges", pk=pk)


@require_POST
def conflicts_detect(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for ties in the register."""
    count = conflicts.detect_conflicts(actor=signed_in(request), edition=edition_of(pk))
    none = _("No new tie was found in the register.")
    words = ngettext("%(count)d new tie was found.", "%(count)d new ties were found.", count) % {"count": count}
    messages.success(request, words if count else none)
    return redirect("awards:judges", pk=pk)


@require_http_methods(FORM)
def judge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a judge with their ties, and change what is known of them."""
    judge = judge_of(pk)
    names = category_names(rules_of(judge.edition).categories)
    form = JudgeByOrganiserForm(request.POST or None, instance=judge, names=names)
    if request.method == "POST" and form.is_valid():
        facts = {**form.facts, "categories": form.cleaned_data["categories"]}
        try:
            judges.change_judge(actor=signed_in(request), judge=judge, **facts)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("What you changed is kept."))
            return redirect("awards:judge", pk=pk)
    page = Paginator(conflicts_of(judge), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "judge": Judge.objects.select_related("edition", "user").get(pk=pk),  # not as a faulty form left it
        "form": form,
        "page": page,
        "ties": [(tie, conflict_words(tie)) for tie in page],
        "reason": ReasonForm(prefix="lift"),
        "crumbs": [
            {"label": judge.edition.title, "url": reverse("awards:judges", args=[judge.edition_id])},
            {"label": _("Judge %(number)d") % {"number": judge.number}, "url": ""},
        ],
    }
    return render(request, "awards/judging/judge.html", context)


@require_POST
def conflict_lift(request: HttpRequest, pk: int) -> HttpResponse:
    conflict = conflict_of(pk)
    reason = request.POST.get("reason", "")
    act = lambda: conflicts.lift_conflict(actor=signed_in(request), conflict=conflict, reason=reason)  # noqa: E731
    tried(request, act, _("The tie is lifted."))
    return redirect("awards:judge", pk=conflict.judge_id)


# --- ties: declared by the judge, or entered by the organiser ---------------------------------------------------


@never_cache
@require_http_methods(FORM)
def conflicts_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the organiser go through the entrants of a judge."""
    judge = judge_of(pk)
    return _entrants(request, judge, reverse("awards:conflicts_enter", args=[pk]), own=False)


@never_cache
@require_http_methods(FORM)
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a judge go through the names of all entrants and say to whom they are tied."""
    judge = own_judgeship(request, pk)
    if judge.status == Judge.Status.DECLINED:
        raise Http404  # who does not judge has no business with the names
    return _entrants(request, judge, reverse("awards:declare", args=[pk]), own=True)


def _entrants(request: HttpRequest, judge: Judge, here: str, *, own: bool) -> HttpResponse:
    filters = EntrantsFilter(request.GET)
    words = filters.cleaned_data["q"] if filters.is_valid() else ""
    entries = entrants_of(judge, words)
    if request.method == "POST":
        _declare(request, judge, entries)
        query = request.GET.urlencode()
        return redirect(f"{here}?{query}" if query else here)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    names = category_names(rules_of(judge.edition).categories)
    context = {
        "judge": judge,
        "own": own,
        "here": here,
        "form": filters,
        "page": page,
        "lines": [(line, names.get(line.entry.category.key, "")) for line in entrant_lines(page)],
        "tie": ConflictForm(),
        "crumbs": judge_crumbs(_("Ties to entrants"))
        if own
        else [
            {"label": judge.edition.title, "url": reverse("awards:judges", args=[judge.edition_id])},
            {
                "label": _("Judge %(number)d") % {"number": judge.number},
                "url": reverse("awards:judge", args=[judge.pk]),
            },
            {"label": _("Ties to entrants"), "url": ""},
        ],
    }
    return render(request, "awards/judging/entrants.html", context)


def _declare(request: HttpRequest, judge: Judge, entries: QuerySet[Any]) -> None:
    form = ConflictForm(request.POST)
    key = request.POST.get("entry", "")
    entry = get_object_or_404(entries, pk=int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else 0)
    if not form.is_valid():
        messages.error(request, _("Choose what ties you."))
        return
    facts = form.cleaned_data
    act = lambda: conflicts.declare_conflict(actor=signed_in(request), judge=judge, entry=entry, **facts)  # noqa: E731
    tried(request, act, _("The tie is noted."))


@require_POST
def declare_done(request: HttpRequest, pk: int) -> HttpResponse:
    judge = own_judgeship(request, pk)
    act = lambda: judges.declare_done(actor=signed_in(request), judge=judge)  # noqa: E731
    tried(request, act, _("Thank you. It is noted that you went through the list."))
    return redirect("awards:my_judging")


# --- for judges -------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def my_judging(request: HttpRequest) -> HttpResponse:
    """Show a judge what they are asked and what they have to do."""
    context = {
        "judgeships": list(judgeships_of(request.user)),
        "work": work_of(request.user),
        "answer": AnswerForm(),
    }
    return render(request, "awards/judging/my_judging.html", context)


@require_POST
def judgeship_answer(request: HttpRequest, pk: int) -> HttpResponse:
    judge = own_judgeship(request, pk)
    accept = request.POST.get("answer") == "accept"
    reason = request.POST.get("reason", "")
    act = lambda: judges.answer_judgeship(  # noqa: E731
        actor=signed_in(request), judge=judge, accept=accept, reason=reason
    )
    done = tried(request, act, _("Thank you for judging.") if accept else _("Your answer is noted."))
    return redirect("awards:judge_profile", pk=pk) if done and accept else redirect("awards:my_judging")


@never_cache
@require_http_methods(FORM)
def judge_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a judge say what they know and how much they can take."""
    judge = own_judgeship(request, pk)
    form = JudgeForm(request.POST or None, instance=judge)
    if request.method == "POST" and form.is_valid():
        try:
            judges.change_judge(actor=signed_in(request), judge=judge, **form.facts)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("What you said is kept."))
            return redirect("awards:my_judging")
    context = {"judge": judge, "form": form, "crumbs": judge_crumbs(_("About you as a judge"))}
    return render(request, "awards/judging/judge_profile.html", context)
