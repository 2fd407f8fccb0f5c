"""Answers to the questions of a call: read as their kind asks, whichever way they come in."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.reference.awards.rules import Question
from gebyar.registry.imports.amounts import AmountRule, parse_amount
from gebyar.registry.imports.fields import Kind
from gebyar.registry.imports.reasons import describe

MOST_TEXT, MOST_LONG, MOST_URL = 200, 5000, 500
MOST_NUMBER = 2**53 - 1


class Unfit(ValueError):
    """An answer that cannot be taken; the message says why, in the reader's language."""


def read_answer(question: Question, said: Any) -> Any:
    """Return an answer as it is kept: text, whole or broken number, "2026-11-12", an option's id, True or False.

    Parameters
    ----------
    said
        What was typed, or plain data from a program; None and "" take the answer away.

    Raises
    ------
    Unfit
    """
    if said is None or (isinstance(said, str) and not said.strip()):
        return None
    return _READERS[question.kind](question, said)


def _text(question: Question, said: Any) -> str:
    return _limited(str(said).strip(), question.most or MOST_TEXT)


def _long(question: Question, said: Any) -> str:
    return _limited(str(said).strip().replace("\r\n", "\n"), question.most or MOST_LONG)


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        raise Unfit(_("At most %(most)d characters; these are %(count)d.") % {"most": most, "count": len(text)})
    if "\x00" in text:
        raise Unfit(_("This text holds a character that cannot be kept."))
    return text


def _number(question: Question, said: Any) -> float | int:
    return _bounded(_amount(said, Kind.NUMBER), question)


def _money(question: Question, said: Any) -> int:
    return int(_bounded(_amount(said, Kind.MONEY), question))


def _amount(said: Any, kind: Kind) -> float | int:
    if isinstance(said, int | float) and not isinstance(said, bool):
        said = f"{said:.10g}" if isinstance(said, float) else str(said)
        style = "en"
    else:
        style = "en" if (get_language() or "").startswith("en") else "id"
    cell = parse_amount(str(said), AmountRule(kind, style=style))
    if cell.value is None:
        raise Unfit(" ".join(describe(cell.reason or "", cell.parameters)))
    value: float | int = cell.value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _bounded(value: float, question: Question) -> float | int:
    most = question.most if question.most is not None else MOST_NUMBER
    if value > most:
        raise Unfit(_("This can be at most %(most)s.") % {"most": f"{most:,}".replace(",", ".")})
    return value


def _date(_question: Question, said: Any) -> str:
    try:
        return date.fromisoformat(str(said)).isoformat()
    except ValueError as error:
        raise Unfit(_("This is no day. Choose one, or write it as 2026-11-12.")) from error


def _choice(question: Question, said: Any) -> str:
    if said not in [option for option, _words in question.options]:
        raise Unfit(_("Choose one of the answers."))
    return str(said)


def _yes_no(_question: Question, said: Any) -> bool:
    if isinstance(said, bool):
        return said
    if str(said) in {"true", "True", "yes", "1"}:
        return True
    if str(said) in {"false", "False", "no", "0"}:
        return False
    raise Unfit(_("Choose yes or no."))


def _url(_question: Question, said: Any) -> str:
    text = _limited(str(said).strip(), MOST_URL)
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Unfit(_("This is no web address.")) from error
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or any(one.isspace() for one in address):
        raise Unfit(_("This is no web address."))
    return address


_READERS: dict[str, Callable[[Question, Any], Any]] = {
    "text": _text, "long": _long, "number": _number, "money": _money, "date": _date, "choice": _choice,
    "yes_no": _yes_no, "url": _url,
}  # fmt: skip
