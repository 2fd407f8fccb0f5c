import hashlib
import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gebyar.records.canonical import LARGEST_INTEGER, NotJson, NotPlain, canonical_bytes, parse, plain, sha256

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(min_value=1e21, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
PLAIN = st.recursive(
    SCALARS,
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), parts, max_size=4)
    ),
    max_leaves=20,
)


class Part(Enum):
    MORNING = "morning"


@dataclass(frozen=True)
class Meeting:
    first: int
    part: Part


def test_canonical_bytes_of_the_example_of_rfc_8785_are_those_printed_there():
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical_bytes(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_sha256_is_that_of_fips_180_4():
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(PLAIN)
def test_canonical_bytes_read_back_give_the_same_bytes(value):
    written = canonical_bytes(value)
    assert canonical_bytes(parse(written.decode())) == written


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), SCALARS, max_size=6))
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(members):
    turned = dict(reversed(members.items()))
    assert sha256(canonical_bytes(turned)) == hashlib.sha256(canonical_bytes(members)).hexdigest()


def test_plain_writes_dates_decimals_enumerations_dataclasses_tuples_and_sets():
    value = {
        "on": date(2024, 11, 12),
        "at": datetime(2024, 11, 12, 3, tzinfo=UTC),
        "share": Decimal("20.970"),
        "meetings": (Meeting(1, Part.MORNING),),
        "slots": frozenset({3, 1}),
    }
    assert plain(value) == {
        "on": "2024-11-12",
        "at": "2024-11-12T03:00:00+00:00",
        "share": "20.970",
        "meetings": [{"first": 1, "part": "morning"}],
        "slots": [1, 3],
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [1, math.nan]}, "/a/1: nan is no number"),
        ({"a": {"b/c": math.inf}}, "/a/b~1c: inf is no number"),
        ({"a": Decimal("NaN")}, "/a: NaN is no number"),
        ({"a": LARGEST_INTEGER + 1}, "/a: 9007199254740992 is too large"),
        ({"a": 2.0**53}, "/a: 9007199254740992.0 is too large"),
        ({"a": datetime(2024, 11, 12, tzinfo=UTC).replace(tzinfo=None)}, "/a: 2024-11-12T00:00:00 has no time zone"),
        ({1: "a"}, "/: the key 1 is no text"),
        ({"a": object()}, "/a: a object cannot be written"),
        ({"a": b"bytes"}, "/a: a bytes cannot be written"),
        ({"a": "\ud800"}, "non-UTF-8"),
    ],
)
def test_canonical_bytes_of_something_without_one_way_to_write_it_is_refused(value, words):
    with pytest.raises(NotPlain, match=words.replace("(", r"\(")):
        canonical_bytes(value)


@pytest.mark.parametrize("text", ["", "{", '{"a":1,"a":2}', '{"a":NaN}', "[-Infinity]", "[" * 100_000])
def test_parse_of_text_with_no_or_two_meanings_is_refused(text):
    with pytest.raises(NotJson):
        parse(text)


def test_parse_of_json_reads_it_as_the_standard_library_does():
    text = '{"a": [1, 2.5, "ñ", null, true]}'
    assert parse(text) == json.loads(text)
