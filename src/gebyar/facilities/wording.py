"""Facilities in the reader's words: texts of documents, verdicts, statuses, reasons of an allotment."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from gebyar.facilities.models import Application, Call
from gebyar.records.wording_places import group_words, verdict_words

Words = str | Promise

VERDICTS: dict[str, tuple[Words, str]] = {
    "met": (_("met"), "good"),
    "not_met": (_("not met"), "wrong"),
    "unknown": (_("not known"), "attention"),
    "asked": (_("you say it when you apply"), "info"),
}
STATUSES: dict[str, tuple[Words, str]] = {
    "could": (_("You could have it"), "good"),
    "not": (_("Not possible now"), "neutral"),
    "unknown": (_("A fact is missing"), "attention"),
}
TONES: dict[str, str] = {
    Application.Status.DRAFT: "neutral",
    Application.Status.SUBMITTED: "info",
    Application.Status.APPROVED: "info",
    Application.Status.REJECTED: "wrong",
    Application.Status.ADMITTED: "good",
    Application.Status.WAITING: "attention",
    Application.Status.REFUSED: "wrong",
    Application.Status.WITHDRAWN: "neutral",
}
POINTS: dict[str, Words] = {
    "readiness": _("Readiness for Industry 4.0 (index of 4)"),
    "first_time": _("First help of the programme"),
    "remote": _("Place outside Java"),
}
CHOICES: dict[str, Words] = {
    "domestic": _("machine made in Indonesia"),
    "imported": _("imported machine"),
    "domestic_small": _("machine made in Indonesia, small firm"),
    "domestic_medium": _("machine made in Indonesia, medium firm"),
    "imported_small": _("imported machine, small firm"),
    "imported_medium": _("imported machine, medium firm"),
}
_GROUPS: dict[str, Words] = {
    "remote": _("firms outside Java"),
    "first_time": pgettext_lazy("group of firms", "first help of the programme"),
    "small": pgettext_lazy("group of firms", "small firms"),
    "province": pgettext_lazy("group of firms", "each province"),
}


def said(text: Mapping[str, str]) -> str:
    """Say a document's text in the reader's language."""
    return text["en" if (get_language() or "id").startswith("en") else "id"]


def choice_words(choice: str) -> str:
    return str(CHOICES.get(choice, choice.replace("_", " ")))


def points_words(call: Call) -> list[tuple[str, float]]:
    """Return what gives points in a call, with its weight."""
    return [(str(POINTS.get(name, name)), weight) for name, weight in call.points.items()]


def reserve_group(group: str) -> str:
    return str(_GROUPS.get(group) or group_words(group))


def reason_words(code: str, parameters: Mapping[str, Any]) -> str:
    """Say why an application was granted, waits or was not granted; "" before that is decided."""
    if not code:
        return ""
    named = dict(parameters)
    if "groups" in named:
        named["groups"] = [reserve_group(group) for group in named["groups"]]
    if "group" in named:
        named["group"] = reserve_group(named["group"])
    for name in ("left", "least", "granted", "asked"):
        if isinstance(named.get(name), int):
            named[name] = grouped(named[name])
    return verdict_words(code, named)


def grouped(number: int) -> str:
    """Write a whole number as the reader's language groups it."""
    written = f"{number:,}"
    return written if (get_language() or "id").startswith("en") else written.replace(",", ".")
