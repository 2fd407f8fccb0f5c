"""Many requests at once, from a file or another program: read row by row, every fault named by its row and field."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.fair.errors import FairError
from gebyar.fair.models import MeetingRequest, Participant, Round
from gebyar.fair.services.requests import MOST_IN_A_ROUND, NewRequest

COLUMNS = (
    "asker",
    "asked",
    "wish",
    "rank",
    "answer",
    "answer_wish",
    "time",
    "slot",
    "table",
    "by_organiser",
    "message",
)
WISHES = {"must": 1, "would": 2, "fine": 3, "1": 1, "2": 2, "3": 3}
TIMES = {"morning": 1, "afternoon": 2, "any": 3, "1": 1, "2": 2, "3": 3}
TRUTHS = {"1": True, "true": True, "yes": True, "ya": True, "0": False, "false": False, "no": False, "tidak": False}
MOST_FAULTS = 100
LONGEST_MESSAGE = 500


@dataclass(frozen=True)
class Fault:
    """What is wrong in which field of which row; rows count from 1, without the heading."""

    row: int
    field: str
    words: str

    def __str__(self) -> str:
        return _("row %(row)d, %(field)s: %(words)s") % {"row": self.row, "field": self.field, "words": self.words}


class RowFaults(FairError):
    words = gettext_lazy("Nothing was added. To mend: %(faults)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.list = list(faults)
        super().__init__()

    def __str__(self) -> str:
        shown = "; ".join(map(str, self.list[:5]))
        more = len(self.list) - 5
        return str(self.words) % {"faults": shown + (_("; and %(count)d more") % {"count": more} if more > 0 else "")}


class TooManyRows(FairError):
    words = gettext_lazy("These are %(count)d rows; at most %(most)d are taken. Nothing was added.")


class UnreadableUpload(FairError):
    words = gettext_lazy("This is no CSV in UTF-8 with the columns asker and asked. Nothing was added.")


def rows_of_csv(content: bytes) -> list[dict[str, str]]:
    """Read a CSV, separated by commas or semicolons.

    Raises
    ------
    UnreadableUpload, TooManyRows
    """
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        if not {"asker", "asked"} <= set(names):
            raise UnreadableUpload
        rows = [{name: (value or "").strip() for name, value in row.items() if name in COLUMNS} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableUpload from error
    refuse_too_many(len(rows))
    return rows


def refuse_too_many(count: int) -> None:
    if count > MOST_IN_A_ROUND:
        raise TooManyRows(count=count, most=MOST_IN_A_ROUND)


def read_rows(round_: Round, rows: Iterable[Mapping[str, Any]]) -> list[NewRequest]:
    """Turn rows into requests of a round.

    Parameters
    ----------
    rows
        Any of `COLUMNS`; asker and asked are participants' numbers, slot and table numbers of the round.

    Raises
    ------
    RowFaults
        Naming row and field of the first `MOST_FAULTS` faults.
    """
    reader = _Reader(round_)
    found = [reader.read(number, row) for number, row in enumerate(rows, start=1)]
    if reader.faults:
        raise RowFaults(reader.faults)
    return [one for one in found if one is not None]


class _Reader:
    def __init__(self, round_: Round) -> None:
        people = round_.participants.select_related("firm").exclude(status=Participant.Status.WITHDRAWN)
        self.people = {person.number: person for person in people}
        self.slots = {slot.number: slot for slot in round_.slots.all()}
        self.tables = {table.number: table for table in round_.tables.all()}
        present = round_.requests.filter(withdrawn_at__isnull=True)
        self.pairs: dict[frozenset[int], int] = {frozenset(pair): 0 for pair in present.values_list("asker", "asked")}
        self.ranks = dict.fromkeys(present.filter(rank__isnull=False).values_list("asker", "rank"), 0)
        self.faults: list[Fault] = []
        self.row = 0

    def read(self, row: int, facts: Mapping[str, Any]) -> NewRequest | None:
        if len(self.faults) >= MOST_FAULTS:
            return None
        self.row = row
        before = len(self.faults)
        asker, asked = (self._person(facts, name) for name in ("asker", "asked"))
        answer = str(facts.get("answer") or "open")
        if answer not in MeetingRequest.Answer.values:
            self._fault("answer", _("%(value)s is not open, accepted or declined.") % {"value": answer[:20]})
        read = {
            "wish": self._chosen(facts, "wish", WISHES, 2),
            "rank": self._number(facts, "rank", range(1, 1001)),
            "answer": answer,
            "answer_wish": self._chosen(facts, "answer_wish", WISHES, None),
            "time": self._chosen(facts, "time", TIMES, 3),
            "by_organiser": self._chosen(facts, "by_organiser", TRUTHS, None) or False,
            "fixed_slot": self._of_round(facts, "slot", self.slots),
            "fixed_table": self._of_round(facts, "table", self.tables),
            "message": self._message(facts),
        }
        if asker is not None and asked is not None:
            self._pair(asker, asked)
            self._rank(asker, read["rank"])
        if asker is None or asked is None or len(self.faults) > before:
            return None
        return NewRequest(asker=asker, asked=asked, **read)

    def _message(self, facts: Mapping[str, Any]) -> str:
        text = str(facts.get("message") or "")
        if len(text) > LONGEST_MESSAGE:
            self._fault("message", _("longer than %(most)d letters.") % {"most": LONGEST_MESSAGE})
        if "\x00" in text:
            self._fault("message", _("holds a sign that is no text."))
        return text

    def _fault(self, field: str, words: str) -> None:
        self.faults.append(Fault(self.row, field, words))

    def _person(self, facts: Mapping[str, Any], field: str) -> Participant | None:
        number = self._whole(facts.get(field))
        person = self.people.get(number) if number is not None else None
        if person is None:
            self._fault(field, _("no participant has the number %(value)s.") % {"value": _short(facts.get(field))})
        return person

    def _of_round(self, facts: Mapping[str, Any], field: str, known: Mapping[int, Any]) -> Any:
        if _is_empty(facts.get(field)):
            return None
        number = self._whole(facts[field])
        if number not in known:
            words = _("%(value)s is not in this round, which has 1 to %(most)d.")
            self._fault(field, words % {"value": _short(facts[field]), "most": max(known, default=0)})
            return None
        return known[number]

    def _number(self, facts: Mapping[str, Any], field: str, allowed: range) -> int | None:
        if _is_empty(facts.get(field)):
            return None
        number = self._whole(facts[field])
        if number is None or number not in allowed:
            words = _("%(value)s is no whole number from %(least)d to %(most)d.")
            self._fault(field, words % {"value": _short(facts[field]), "least": allowed[0], "most": allowed[-1]})
            return None
        return number

    def _chosen(self, facts: Mapping[str, Any], field: str, known: Mapping[str, Any], usual: Any) -> Any:
        text = str(facts.get(field) if facts.get(field) is not None else "").strip().lower()
        if text and text not in known:
            words = _("%(value)s is not known; known are %(known)s.")
            self._fault(field, words % {"value": _short(text), "known": ", ".join(known)})
        return known.get(text, usual)

    @staticmethod
    def _whole(value: Any) -> int | None:
        text = str(value).strip()
        return int(text) if text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 9 else None

    def _pair(self, asker: Participant, asked: Participant) -> None:
        pair = frozenset((asker.pk, asked.pk))
        if len(pair) == 1:
            self._fault("asked", _("a participant cannot ask to meet themselves."))
            return
        other = self.pairs.setdefault(pair, self.row)
        if other != self.row:
            words = (
                _("the pair stands in row %(other)d already.") if other else _("the pair has an open request already.")
            )
            self._fault("asked", words % {"other": other})

    def _rank(self, asker: Participant, rank: int | None) -> None:
        if rank is not None and self.ranks.setdefault((asker.pk, rank), self.row) != self.row:
            self._fault("rank", _("another request of this asker has the place %(rank)d.") % {"rank": rank})


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _short(value: Any) -> str:
    return str("" if value is None else value)[:20]
