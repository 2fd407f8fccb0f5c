"""The form of a decision record: canonical JSON (RFC 8785) that carries its own SHA-256 and that of the one before.

Pure: no Django, so that `gebyar verify` needs nothing but the file.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gebyar.records.canonical import canonical_bytes, plain, sha256

FORMAT = "gebyar-record/1"
GENESIS = "0" * 64
HASH_DIGITS = frozenset("0123456789abcdef")
FIELDS: dict[str, type | tuple[type, ...]] = {
    "format": str,
    "sequence": int,
    "previous": str,
    "method": dict,
    "title": str,
    "decided_at": str,
    "decided_by": str,
    "inputs": dict,
    "seed": (int, type(None)),
    "result": dict,
    "hash": str,
}


@dataclass(frozen=True)
class DecisionBody:
    """What is decided.

    Attributes
    ----------
    sequence
        Place in the chain, from 1.
    previous
        Hash of the record before, or 64 zeros for the first.
    method, version
        Which rule of `gebyar.records.replay` gives the result.
    title
        What was decided, in words.
    decided_by
        The role that decided, never a person.
    inputs, seed, result
        Plain data without personal data; the method makes `result` from the other two.
    decided_at
        A moment with its time zone.
    """

    sequence: int
    previous: str
    method: str
    version: str
    title: str
    decided_by: str
    inputs: dict[str, Any]
    seed: int | None
    result: dict[str, Any]
    decided_at: datetime = field(default_factory=lambda: datetime.now(UTC))


def sealed(body: DecisionBody) -> dict[str, Any]:
    """Return the record with its hash.

    Raises
    ------
    gebyar.records.canonical.NotPlain
        If inputs, seed or result are no plain data.
    """
    record = {
        "format": FORMAT,
        "sequence": body.sequence,
        "previous": body.previous,
        "method": {"name": body.method, "version": body.version},
        "title": body.title,
        "decided_at": body.decided_at.isoformat(timespec="seconds"),
        "decided_by": body.decided_by,
        "inputs": plain(body.inputs),
        "seed": body.seed,
        "result": plain(body.result),
    }
    return {**record, "hash": record_hash(record)}


def record_hash(record: dict[str, Any]) -> str:
    """Return the SHA-256 over everything but the hash itself, as 64 hexadecimal digits."""
    return sha256(canonical_bytes({key: value for key, value in record.items() if key != "hash"}))


def canonical_text(record: dict[str, Any]) -> str:
    """Return the one way to write this record."""
    return canonical_bytes(record).decode()


def text_hash(text: str, claimed: str) -> str:
    """Return the hash of a record kept as its canonical text, without reading it as JSON.

    In canonical JSON quotes within a text are escaped, so the member cut out here can only be the record's own; any
    other change of the text changes the hash.
    """
    return sha256(text.replace(f'"hash":"{claimed}",', "", 1).encode())


def malformed(record: dict[str, Any]) -> str | None:
    """Say what keeps a JSON object from being a record of this format; None when nothing does."""
    if record.get("format") != FORMAT:
        return f"The format is {record.get('format')!r}; this Gebyar reads {FORMAT!r}."
    for name, kind in FIELDS.items():
        if name not in record:
            return f"The field {name!r} is missing."
        if not isinstance(record[name], kind) or isinstance(record[name], bool):
            return f"The field {name!r} is of the wrong kind."
    method = record["method"]
    if not isinstance(method.get("name"), str) or not isinstance(method.get("version"), str):
        return "The field 'method' must name a method and its version."
    return _bad_hash(record, "hash") or _bad_hash(record, "previous")


def _bad_hash(record: dict[str, Any], name: str) -> str | None:
    value = record[name]
    if len(value) == len(GENESIS) and HASH_DIGITS.issuperset(value):
        return None
    return f"The field {name!r} must hold 64 hexadecimal digits."
