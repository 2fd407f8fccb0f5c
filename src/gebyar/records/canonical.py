"""Plain data, the one way to write it (RFC 8785), and its SHA-256.

Source: RFC 8785, JSON Canonicalization Scheme; FIPS 180-4 for SHA-256.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import rfc8785

# Beyond this a double, which is what a number in JSON is, does not hold every whole number (RFC 8785, 3.2.2.3).
LARGEST_INTEGER = 2**53 - 1
# From here on RFC 8785 writes a power of ten, below it digits that read as a whole number.
POWERS_OF_TEN = 1e21


class NotPlain(ValueError):
    """A value that has no one way to be written; the message says where it stands."""


class NotJson(ValueError):
    """Text that is no JSON, or JSON that two readers could read in two ways."""


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows.

    Parameters
    ----------
    value
        Texts, numbers, booleans, None; dates and times (ISO 8601; a moment needs its time zone), decimals
        (exact, as text), enumerations (their value), dataclasses (their fields), mappings with text keys,
        lists, tuples, and sets of things that can be ordered.

    Returns
    -------
    object
        Only dict, list, str, int, float, bool and None.

    Raises
    ------
    NotPlain
        For not-a-number, infinity, whole numbers beyond ±(2**53 - 1), moments without a time zone and
        anything else, with its place as a JSON pointer.
    """
    return _plain(value, "")


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, Enum):
        return _plain(value.value, where)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value, where)
    if isinstance(value, date | time):
        return _moment(value, where)
    return _container(value, where)


def _number(value: float | Decimal, where: str) -> int | float | str:
    if not math.isfinite(value):
        raise NotPlain(f"{where or '/'}: {value} is no number. Write null where a value is not known.")
    if isinstance(value, Decimal):
        return format(value, "f")
    inexact = abs(value) > LARGEST_INTEGER and (isinstance(value, int) or abs(value) < POWERS_OF_TEN)
    if inexact:
        raise NotPlain(f"{where or '/'}: {value} is too large for a number in JSON. Write it as text.")
    return value


def _moment(value: date | time, where: str) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise NotPlain(f"{where or '/'}: {value.isoformat()} has no time zone.")
    return value.isoformat()


def _container(value: Any, where: str) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        members = {member.name: getattr(value, member.name) for member in fields(value)}
        return _members(members, where)
    if isinstance(value, Mapping):
        return _members(value, where)
    if isinstance(value, list | tuple):
        return _items(value, where)
    if isinstance(value, set | frozenset):
        return _items(sorted(value), where)
    raise NotPlain(f"{where or '/'}: a {type(value).__name__} cannot be written as plain data.")


def _members(members: Mapping[Any, Any], where: str) -> dict[str, Any]:
    for key in members:
        if not isinstance(key, str):
            raise NotPlain(f"{where or '/'}: the key {key!r} is no text.")
    return {key: _plain(item, f"{where}/{escape(key)}") for key, item in members.items()}


def _items(items: Iterable[Any], where: str) -> list[Any]:
    return [_plain(item, f"{where}/{number}") for number, item in enumerate(items)]


def escape(key: str) -> str:
    """Write a key as part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def canonical_bytes(value: Any) -> bytes:
    """Return the one way to write a value: keys in order, no white space, shortest numbers, UTF-8.

    Raises
    ------
    NotPlain
        As `plain` does, and for text that is no Unicode.
    """
    try:
        return rfc8785.dumps(plain(value))
    except rfc8785.CanonicalizationError as error:
        raise NotPlain(str(error)) from error


def sha256(content: bytes) -> str:
    """Return the SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def parse(text: str) -> Any:
    """Read JSON strictly: no key twice, no NaN or Infinity.

    Raises
    ------
    NotJson
        With the place, where the reader knows it.
    """
    try:
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotJson(str(error)) from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJson("A key stands twice in one object.")
    return members


def _no_constant(name: str) -> Any:
    raise NotJson(f"{name} is no number in JSON.")
