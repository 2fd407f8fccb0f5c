import pytest

from gebyar.records.decision import GENESIS, DecisionBody, sealed
from gebyar.records.replay import METHODS


@pytest.fixture
def summing(monkeypatch):
    """Make the method "test.sum" known."""
    monkeypatch.setitem(METHODS, ("test.sum", "1"), "tests.records.summing:replay")


def summed(numbers=(2, 3), seed=4, sequence=1, previous=GENESIS, **changes):
    """Return a sealed record of "test.sum"; `changes` replace fields before it is sealed."""
    fields = {
        "sequence": sequence,
        "previous": previous,
        "method": "test.sum",
        "version": "1",
        "title": "Jumlah “tiga” angka",
        "decided_by": "programme_officer",
        "inputs": {"numbers": list(numbers)},
        "seed": seed,
        "result": {"total": sum(numbers) + (seed or 0), "parts": [{"number": number} for number in numbers]},
        **changes,
    }
    return sealed(DecisionBody(**fields))


def chained(count):
    """Return that many records, each behind the other."""
    records, previous = [], GENESIS
    for sequence in range(1, count + 1):
        records.append(summed(numbers=(sequence,), sequence=sequence, previous=previous))
        previous = records[-1]["hash"]
    return records
