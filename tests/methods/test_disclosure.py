from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gebyar.methods.disclosure import (
    DOMINATED,
    FEW_FIRMS,
    SECONDARY,
    UnfitTable,
    feasible_ranges,
    suppress,
    with_totals,
)


def firms_table(rows: int, columns: int, seed: int, mean: float) -> list[list[np.ndarray]]:
    """Each firm's value, in the cell it lies in."""
    random = np.random.default_rng(seed)
    counts = random.poisson(random.choice([mean / 4, mean, 4 * mean], size=(rows, columns)))
    return [[np.ceil(random.lognormal(3, 1.5, count)) for count in row] for row in counts]


def matrices(firms: list[list[np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values = np.array([[cell.sum() for cell in row] for row in firms])
    counts = np.array([[len(cell) for cell in row] for row in firms])
    shares = np.array([[cell.max() / cell.sum() if len(cell) else 0.0 for cell in row] for row in firms])
    return values, counts, shares


def attack(firms: list[list[np.ndarray]]):
    values, counts, shares = matrices(firms)
    result = suppress(values, counts, shares)
    full = with_totals(values)
    return full, result, *feasible_ranges(full, result.mask)


tables = st.builds(
    firms_table, st.integers(1, 7), st.integers(1, 6), st.integers(0, 10**6), st.sampled_from([0.7, 2.0, 6.0])
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_hidden_cell_can_be_computed_from_the_totals(firms):
    full, result, lower, upper = attack(firms)
    hidden = result.mask
    assert np.all(upper[hidden] - lower[hidden] > 1e-6 * np.maximum(full[hidden], 1))


@settings(max_examples=60, deadline=None)
@given(tables)
def test_cells_of_the_primary_rule_stay_uncertain_by_a_tenth_both_ways(firms):
    full, result, lower, upper = attack(firms)
    primary = (result.reasons == FEW_FIRMS) | (result.reasons == DOMINATED)
    assert np.all(upper[primary] >= full[primary] * 1.0999)
    assert np.all(lower[primary] <= full[primary] * 0.9001)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_hidden_cells_of_a_line_together_fulfil_the_primary_rule(firms):
    values, counts, shares = matrices(firms)
    mask = suppress(values, counts, shares).mask
    for table, hidden in ((firms, mask), (list(zip(*firms, strict=True)), mask.T)):
        for row, line in zip(table, hidden, strict=False):
            union = np.concatenate([cell for cell, is_hidden in zip(row, line, strict=False) if is_hidden] or [[]])
            if line[-1] or not union.size:
                continue
            assert union.size >= 3
            assert union.max() <= 0.85 * union.sum()


@settings(max_examples=40, deadline=None)
@given(tables)
def test_every_sensitive_cell_and_total_is_hidden_with_its_reason(firms):
    values, counts, shares = matrices(firms)
    result = suppress(values, counts, shares)
    rows, columns = values.shape
    for row in range(rows + 1):
        for column in range(columns + 1):
            inside = [
                cell
                for i, line in enumerate(firms)
                for j, cell in enumerate(line)
                if row in (i, rows) and column in (j, columns)
            ]
            union = np.concatenate(inside)
            few, dominated = 0 < union.size < 3, union.size > 0 and union.max() > 0.85 * union.sum()
            expected = FEW_FIRMS if few else DOMINATED if dominated else None
            assert expected is None or (result.mask[row, column] and result.reasons[row, column] == expected)
            assert union.size or not result.mask[row, column]


def test_one_small_cell_is_protected_by_a_rectangle_of_four():
    counts = np.full((3, 3), 10)
    counts[0, 0] = 2
    values = np.array([[5.0, 40, 60], [50, 30, 90], [70, 80, 100]])
    result = suppress(values, counts, np.full((3, 3), 0.3))
    expected = np.zeros((4, 4), dtype=bool)
    expected[:2, :2] = True
    assert result.mask.tolist() == expected.tolist()
    assert result.reasons[0, 0] == FEW_FIRMS
    assert sorted(set(result.reasons[result.mask])) == [FEW_FIRMS, SECONDARY]


def test_table_without_sensitive_cells_is_published_whole():
    result = suppress(np.full((4, 5), 100.0), np.full((4, 5), 9), np.full((4, 5), 0.2))
    assert not result.mask.any()


def test_attack_finds_a_cell_hidden_alone():
    full = with_totals(np.array([[5.0, 40], [50, 30]]))
    mask = np.zeros_like(full, dtype=bool)
    mask[0, 0] = True
    lower, upper = feasible_ranges(full, mask)
    assert lower[0, 0] == pytest.approx(5) == upper[0, 0]


def test_share_just_above_the_bound_is_hidden_and_the_bound_itself_is_not():
    values, counts = np.full((3, 3), 100.0), np.full((3, 3), 5)
    at_bound = suppress(values, counts, np.full((3, 3), 0.85))
    above = suppress(values, counts, np.where(np.eye(3) > 0, 0.8501, 0.3))
    assert not at_bound.mask.any()
    assert [above.reasons[i, i] for i in range(3)] == [DOMINATED] * 3


def test_transposed_table_is_as_safe():
    values, counts, shares = matrices(firms_table(6, 4, 5, 3.0))
    result = suppress(values.T, counts.T, shares.T)
    lower, upper = feasible_ranges(with_totals(values.T), result.mask)
    assert result.mask.any()
    assert np.all((upper - lower)[result.mask] > 0)


@pytest.mark.parametrize(
    ("values", "counts", "shares", "words"),
    [
        (np.ones((2, 2)), np.ones((2, 3), int), np.ones((2, 2)), "differ in shape"),
        (np.array([[1.0, -1]]), np.ones((1, 2), int), np.ones((1, 2)), "Row 0, column 1"),
        (np.array([[1.0, 1]]), np.array([[1, 0]]), np.ones((1, 2)), "Row 0, column 1"),
        (np.array([[1.0, 1]]), np.ones((1, 2), int), np.array([[0.5, 1.5]]), "largest share 1.5"),
        (np.ones((0, 2)), np.ones((0, 2), int), np.ones((0, 2)), "at least one row"),
    ],
)
def test_impossible_table_is_refused_in_words(values, counts, shares, words):
    with pytest.raises(UnfitTable, match=words):
        suppress(values, counts, shares)
