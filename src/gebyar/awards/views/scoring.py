"""An entry as its judge sees it: what was handed in, the rubric, drafts, sending; on a phone, and without a line."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_judging import AnswerForm, ConflictForm, ScoreForm
from gebyar.awards.models import Assignment, Stage
from gebyar.awards.queries.judging import (
    assigned_to,
    document_for,
    judging_rules,
    marks_of,
    others_marks,
    shown_entry,
    takes_scores,
)
from gebyar.awards.services import conflicts, panels, scores
from gebyar.awards.services.scores import name_of
from gebyar.awards.views.judging_access import FORM, judge_crumbs, own_assignment, stage_names
from gebyar.awards.views.papers import send_document
from gebyar.awards.wording_rules import in_language
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

QUEUED = "X-Gebyar-Queued"  # set by the script that sends what was entered without a line


@never_cache
@require_http_methods(FORM)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry with its rubric; keep marks as a draft, or send them."""
    assignment = own_assignment(request, pk)
    rules = judging_rules(assignment.stage)
    form = ScoreForm(request.POST or None, marks=marks_of(assignment, rules))
    if request.method == "POST":
        answer = _take(request, assignment, form)
        if answer is not None:
            return answer
    return render(request, "awards/judging/score.html", _score_context(request, assignment, form))


def _take(request: HttpRequest, assignment: Assignment, form: ScoreForm) -> HttpResponse | None:
    """Keep what was entered; None where the form has to be shown again."""
    is_queued = request.headers.get(QUEUED) == "1"
    if not form.is_valid():
        return _refused(" ".join(_faults(form))) if is_queued else None
    sends = "send" in request.POST
    actor = signed_in(request)
    try:
        if assignment.sent_at is None or not sends:  # a device may send the same once more
            scores.save_scores(actor=actor, assignment=assignment, given=form.given)
        if sends:
            scores.send_scores(actor=actor, assignment=assignment)
    except DomainError as error:
        if is_queued:
            return _refused(str(error))
        form.add_error(None, str(error))
        return None
    words = _("Your marks are sent.") if sends else _("Kept as a draft. Marks count once you send them.")
    if is_queued:
        return JsonResponse({"state": "sent" if sends else "kept", "words": words})
    messages.success(request, words)
    return redirect(_next(request, assignment, sends=sends))


def _refused(words: str) -> JsonResponse:
    return JsonResponse({"state": "refused", "words": words}, status=422)


def _faults(form: ScoreForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _next(request: HttpRequest, assignment: Assignment, *, sends: bool) -> str:
    """Return where to go on: to the next criterion after a step, to the list after sending."""
    here = reverse("awards:score", args=[assignment.pk])
    if sends:
        return reverse("awards:my_judging")
    step = request.POST.get("next", "")
    known = {criterion.id for criterion in judging_rules(assignment.stage).criteria}
    return f"{here}#criterion-{step}" if step in known else here


def _score_context(request: HttpRequest, assignment: Assignment, form: ScoreForm) -> dict[str, Any]:
    stage, rules = assignment.stage, judging_rules(assignment.stage)
    names = {one.id: name_of(one) for one in rules.criteria}
    entry = shown_entry(assignment.entry, stage)
    groups = form.groups
    for at, group in enumerate(groups):
        group["next"] = groups[at + 1]["mark"].criterion.id if at + 1 < len(groups) else ""
    return {
        "assignment": assignment,
        "names": stage_names(stage),
        "rules": rules,
        "entry": entry,
        "answers": [(in_language(one.question.names), _answer_words(one)) for one in entry.answers],
        "documents": [(in_language(one.names) or one.key, one.document) for one in entry.documents],
        "form": form,
        "groups": groups,
        "can_score": assignment.status == Assignment.Status.ACCEPTED
        and assignment.sent_at is None
        and takes_scores(stage),
        "is_open": takes_scores(stage),
        "others": others_marks(assignment, rules),
        "marks": [(names[mark.criterion.id], mark) for mark in form.marks],
        "history": [
            (names.get(one.criterion, one.criterion), one) for one in assignment.changes.order_by("-at", "-pk")[:50]
        ],
        "answer": AnswerForm(),
        "tie": ConflictForm(),
        "neighbours": _neighbours(request, assignment),
        "crumbs": judge_crumbs(entry.title),
    }


def _answer_words(answer: Any) -> str:
    """Say an answer: chosen options by their names, yes and no in words."""
    value, question = answer.value, answer.question
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    options = {key: in_language(names) for key, names in question.options}
    values = value if isinstance(value, list) else [value]
    return ", ".join(options.get(str(one), str(one)) for one in values)


def _neighbours(request: HttpRequest, assignment: Assignment) -> dict[str, int | None]:
    """Return the entries before and after this one on the judge's list."""
    rows = assigned_to(request.user).filter(stage=assignment.stage).order_by("entry__code")
    keys = list(rows.values_list("pk", flat=True))
    at = keys.index(assignment.pk)
    return {"before": keys[at - 1] if at else None, "after": keys[at + 1] if at + 1 < len(keys) else None}


@require_safe
def judge_document(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """Send a document of an entry as a download, if its judge may see it."""
    document = document_for(own_assignment(request, pk), key)
    if document is None:
        raise Http404
    if document.file:
        return send_document(document)
    if document.certificate is None or not document.certificate.file:
        raise Http404
    ending = document.certificate.file.name.rpartition(".")[2]
    name = f"{document.entry.code}-{key}.{ending}"
    response = FileResponse(document.certificate.file.open("rb"), as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def assignment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an entry, or decline it with a reason."""
    assignment = own_assignment(request, pk)
    accept = request.POST.get("answer") == "accept"
    reason = request.POST.get("reason", "")
    act = lambda: panels.answer_assignment(  # noqa: E731
        actor=signed_in(request), assignment=assignment, accept=accept, reason=reason
    )
    done = tried(request, act, _("Accepted.") if accept else _("You gave this entry back."))
    return redirect("awards:score", pk=pk) if accept or not done else redirect("awards:my_judging")


@require_POST
def assignment_tied(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an entry back because of a tie that the judge noticed while reading it."""
    assignment = own_assignment(request, pk)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what ties you."))
        return redirect("awards:score", pk=pk)
    act = lambda: conflicts.declare_conflict(  # noqa: E731
        actor=signed_in(request), judge=assignment.judge, entry=assignment.entry, **form.cleaned_data
    )
    done = tried(request, act, _("The tie is noted, and the entry goes to somebody else."))
    return redirect("awards:my_judging") if done else redirect("awards:score", pk=pk)


def _own_stage(request: HttpRequest, pk: int) -> tuple[Stage, list[Assignment]]:
    rows = list(assigned_to(request.user).filter(stage=pk).order_by("pk"))
    if not rows:
        raise Http404
    return get_object_or_404(Stage, pk=pk), rows


@require_POST
def accept_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept everything that waits for the judge's word in a stage."""
    stage, rows = _own_stage(request, pk)
    try:
        count = panels.answer_all(actor=signed_in(request), judge=rows[0].judge, stage=stage)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(count)d entry is accepted.", "%(count)d entries are accepted.", count)
        messages.success(request, words % {"count": count})
    return redirect("awards:my_judging")


@require_POST
def send_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Send whatever is complete."""
    _stage, rows = _own_stage(request, pk)
    waiting = [row for row in rows if row.sent_at is None and row.status == Assignment.Status.ACCEPTED]
    try:
        sent, left = scores.send_all(actor=signed_in(request), assignments=waiting)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("awards:my_judging")
    words = ngettext("Your marks for %(count)d entry are sent.", "Your marks for %(count)d entries are sent.", sent)
    if sent:
        messages.success(request, words % {"count": sent})
    if left:
        short = ngettext("%(count)d entry is not complete yet.", "%(count)d entries are not complete yet.", left)
        messages.warning(request, short % {"count": left})
    return redirect("awards:my_judging")


@require_safe
def judging_worker(_request: HttpRequest) -> HttpResponse:
    """Serve the service worker from beside the judges' pages: a worker rules only over addresses below its own."""
    content = render_to_string("awards/judging/worker.js")
    response = HttpResponse(content, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
