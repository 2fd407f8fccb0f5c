"""Verify decision records from a file alone: hash, chain, and the result made again from its inputs.

Pure: no Django and no database, so anybody can do it with the file they were given.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from gebyar.records.canonical import NotJson, NotPlain, parse, plain
from gebyar.records.comparing import MISSING, Difference, differences
from gebyar.records.decision import FIELDS, GENESIS, malformed, record_hash
from gebyar.records.replay import Replayed, UnknownMethod, replay

Record = dict[str, Any]
# What a method raises when inputs are not what it takes; the record then cannot have come from them.
REFUSALS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
SHOWN = 20


class Outcome(IntEnum):
    """The value is the exit code of `gebyar verify`."""

    SAME = 0
    DIFFERS = 1
    UNREADABLE = 2


@dataclass(frozen=True)
class Verification:
    """What verifying a file found.

    Attributes
    ----------
    outcome
        The worst of all its records.
    words
        What was found, in plain words, one line each, the first differences among them.
    differences
        Every place that is not as it should be; pointers start with the record's place in a file of several.
    """

    outcome: Outcome
    words: list[str]
    differences: list[Difference] = field(default_factory=list)


class Unreadable(ValueError):
    """A file that holds no decision record; the message says why."""


def verify_file(path: Path) -> Verification:
    """Verify a record, or a chain of records (a JSON array, or one record a line).

    Parameters
    ----------
    path
        A UTF-8 file; white space and the order of keys do not matter.

    Returns
    -------
    Verification
        ``SAME``: every hash matches, each record follows the one before it, every result is what its inputs give.
        ``DIFFERS``: the places where that is not so. ``UNREADABLE``: no record, or a method this Gebyar lacks.
    """
    try:
        records = _read(path)
    except Unreadable as error:
        return Verification(Outcome.UNREADABLE, [str(error)])
    several = len(records) > 1
    parts = [verify_record(record, f"/{place}" if several else "") for place, record in enumerate(records)]
    if several and all(malformed(record) is None for record in records):
        parts.append(_verify_chain(records))
    return _all_of(parts)


def _all_of(parts: list[Verification]) -> Verification:
    return Verification(
        outcome=max(part.outcome for part in parts),
        words=[words for part in parts for words in part.words],
        differences=[difference for part in parts for difference in part.differences],
    )


def _verification(outcome: Outcome, words: str, found: list[Difference], where: str = "") -> Verification:
    """Put the first differences into the words, and every pointer behind the record's place in the file."""
    moved = [replace(difference, pointer=where + difference.pointer) for difference in found]
    more = [f"  … and {len(moved) - SHOWN} more places"] if len(moved) > SHOWN else []
    return Verification(outcome, [words, *(f"  {difference}" for difference in moved[:SHOWN]), *more], moved)


# --- reading ------------------------------------------------------------------------------------------------


def _read(path: Path) -> list[Record]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is no text in UTF-8 (byte {error.start}), so it is no decision record.") from error
    try:
        records = _parsed(text)
    except NotJson as error:
        raise Unreadable(f"{path} is no JSON, so it is no decision record: {error}") from error
    if not records or not all(map(_resembles_record, records)):
        raise Unreadable(f"{path} holds something else than decision records.")
    return records


def _parsed(text: str) -> list[Any]:
    try:
        value = parse(text)
    except NotJson:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].rstrip().endswith("}"):
            raise
        return [parse(line) for line in lines]
    return value if isinstance(value, list) else [value]


def _resembles_record(value: Any) -> bool:
    """Tell a damaged record, which differs, from something that never was one."""
    return isinstance(value, dict) and len(FIELDS.keys() & value.keys()) > len(FIELDS) // 2


# --- one record ---------------------------------------------------------------------------------------------


def verify_record(record: Record, where: str = "") -> Verification:
    """Verify one record: its hash first, then its result.

    Parameters
    ----------
    record
        A JSON object that at least resembles a record.
    where
        Put before every pointer.
    """
    hashed = list(_verify_hash(record))
    fault = malformed(record)
    if fault is not None:
        return _without_result(record, hashed, fault, where)
    try:
        again, result = _replayed(record)
    except UnknownMethod as error:
        return _without_result(record, hashed, str(error), where)
    outcome = Outcome.DIFFERS if hashed or result else Outcome.SAME
    words = f"{_named(record)}: {_hash_words(hashed)}; {_result_words(record, again, result)}"
    return _verification(outcome, words, hashed + result, where)


def _verify_hash(record: Record) -> Iterator[Difference]:
    try:
        expected = record_hash(record)
    except NotPlain as error:
        yield Difference("", words=str(error))
        return
    if record.get("hash") != expected:
        yield Difference("/hash", expected, record.get("hash", MISSING))


def _replayed(record: Record) -> tuple[Replayed | None, list[Difference]]:
    method = record["method"]
    try:
        again = replay(method["name"], method["version"], record["inputs"], record["seed"], record["result"])
        return again, _result_differences(record, again)
    except UnknownMethod:
        raise
    except REFUSALS as error:
        return None, [Difference("/inputs", words=f"{type(error).__name__}: {error}")]


def _result_differences(record: Record, again: Replayed) -> list[Difference]:
    if again.kind == "checked":
        return [Difference("/result", words=fault) for fault in again.faults]
    return list(differences(plain(again.result), record["result"], "/result"))


def _without_result(record: Record, hashed: list[Difference], why: str, where: str) -> Verification:
    """Where the result cannot be made again, a wrong hash still shows that the record was changed."""
    outcome = Outcome.DIFFERS if hashed else Outcome.UNREADABLE
    return _verification(outcome, f"{_named(record)}: {_hash_words(hashed)}. {why}", hashed, where)


def _named(record: Record) -> str:
    return f"Record {record.get('sequence', '?')}, “{record.get('title', '?')}”"


def _hash_words(hashed: list[Difference]) -> str:
    return "the hash does not match, so the record was changed" if hashed else "the hash matches"


def _result_words(record: Record, again: Replayed | None, result: list[Difference]) -> str:
    method = f"{record['method']['name']} {record['method']['version']}"
    if again is None:
        return f"{method} does not take these inputs, so the result cannot have come from them."
    if again.kind == "recomputed":
        return f"the result {'differs from' if result else 'is the same as'} that recomputed by {method}."
    if result:
        return f"the result breaks rules of {method}."
    return (
        f"the result keeps every rule of {method} and its figures were recounted. "
        "It was checked and not recomputed, because the clock had ended that run."
    )


# --- the chain ----------------------------------------------------------------------------------------------


def _verify_chain(records: list[Record]) -> Verification:
    found = list(_chain_differences(records))
    first, last = records[0]["sequence"], records[-1]["sequence"]
    if found:
        words = f"Chain from record {first} to {last}: broken."
    else:
        words = f"Chain from record {first} to {last}: each record follows the one before it."
    return _verification(Outcome.DIFFERS if found else Outcome.SAME, words, found)


def _chain_differences(records: list[Record]) -> Iterator[Difference]:
    if records[0]["sequence"] == 1 and records[0]["previous"] != GENESIS:
        yield Difference("/0/previous", GENESIS, records[0]["previous"])
    for place, (before, record) in enumerate(pairwise(records), start=1):
        if record["sequence"] != before["sequence"] + 1:
            yield Difference(f"/{place}/sequence", before["sequence"] + 1, record["sequence"])
        if record["previous"] != before["hash"]:
            yield Difference(f"/{place}/previous", before["hash"], record["previous"])
