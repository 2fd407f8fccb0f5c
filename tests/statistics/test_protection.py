"""Nobody can work out a protected number from everything that is published."""

import itertools

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from gebyar.methods import size
from gebyar.methods.disclosure import DOMINANCE, MINIMUM_FIRMS
from gebyar.reference.size_rules import size_rules
from gebyar.statistics.nesting import Nesting, Nestings, nestings_of
from gebyar.statistics.protection import Groups, protect
from gebyar.statistics.shown import follows

RULES = size_rules()
NESTINGS = nestings_of(RULES)
POSSIBLE = NESTINGS.possible


def random_groups(seed: int, regions: int, firms: int) -> Groups:
    """Firms scattered over the possible kinds, most in few kinds, with very unequal values."""
    random = np.random.default_rng(seed)
    weights = random.pareto(0.6, len(POSSIBLE)) + 1e-9
    kinds = random.choice(len(POSSIBLE), firms, p=weights / weights.sum())
    region_weights = random.pareto(0.8, regions) + 0.05
    places = random.choice(regions, firms, p=region_weights / region_weights.sum())
    worth = np.ceil(random.lognormal(3, 1.8, firms))
    values, counts, largest = (np.zeros((regions, len(POSSIBLE))) for _ in range(3))
    np.add.at(values, (places, kinds), worth)
    np.add.at(counts, (places, kinds), 1)
    np.maximum.at(largest, (places, kinds), worth)
    return Groups(tuple(RULES), POSSIBLE, values, counts.astype(np.int64), largest)


def published_equations(groups: Groups, masks) -> tuple[csr_array, np.ndarray]:
    """Everything that is shown, as sums over the unknown values of all kinds of firms in all regions."""
    regions, kinds = groups.values.shape
    rows, columns, right = [], [], []
    index = np.arange(regions * kinds).reshape(regions, kinds)
    for rule, mask in enumerate(masks):
        classes = mask.shape[1] - 1
        for region, code in np.argwhere(~mask):
            own = np.ones(kinds, bool) if code == classes else groups.codes[:, rule] == code
            cells = index[:, own].ravel() if region == regions else index[region, own]
            rows += [len(right)] * len(cells)
            columns += cells.tolist()
            right.append(groups.values.ravel()[cells].sum())
    matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(right), regions * kinds))
    return matrix, np.array(right)


def sensitive_targets(groups: Groups):
    """Cells, totals and differences that tell about single firms: the kinds they are made of, by region."""
    kinds = [np.ones(groups.values.shape[1], bool)]
    for rule in range(len(RULES)):
        kinds += [groups.codes[:, rule] == code for code in range(len(RULES[rule].class_names) + 1)]
    for nesting in NESTINGS.pairs:
        outer = np.isin(groups.codes[:, nesting.outer], nesting.outer_codes)
        kinds.append(outer & ~np.isin(groups.codes[:, nesting.inner], nesting.inner_codes))
    for own in kinds:
        for region in range(len(groups.values)):
            count, value = groups.firms[region, own].sum(), groups.values[region, own].sum()
            too_large = groups.largest[region, own].max(initial=0) > DOMINANCE * value
            if count and (count < MINIMUM_FIRMS or too_large):
                yield region, own, value


def revealed(groups: Groups, masks, targets):
    """The attack: which targets a linear programme bounds to within a twentieth of their value."""
    equations, right = published_equations(groups, masks)
    for target in targets:
        region, own, value = target
        objective = np.zeros(groups.values.shape)
        objective[region, own] = 1
        ends = [linprog(sign * objective.ravel(), A_eq=equations, b_eq=right, method="highs") for sign in (1, -1)]
        if all(end.status == 0 for end in ends) and -ends[1].fun - ends[0].fun <= 0.05 * value:
            yield target


def some(targets, most=20):
    found = list(targets)
    assert found
    return found[:: max(1, len(found) // most)]


@pytest.mark.parametrize(
    ("seed", "regions", "firms"), [(1, 5, 60), (2, 4, 300), (3, 6, 25), (12, 5, 800), (13, 6, 200)]
)
def test_no_sensitive_number_follows_from_all_tables_together(seed, regions, firms):
    groups = random_groups(seed, regions, firms)
    masks = protect(groups, NESTINGS)
    assert list(revealed(groups, masks, some(sensitive_targets(groups)))) == []


def test_no_sensitive_number_follows_control_when_the_rules_are_protected_one_by_one():
    groups = random_groups(13, 6, 200)
    masks = protect(groups, Nestings(POSSIBLE, pairs=()))
    assert any(revealed(groups, masks, sensitive_targets(groups)))


def test_no_sensitive_number_follows_control_when_nothing_is_hidden():
    groups = random_groups(3, 6, 25)
    masks = [np.zeros((7, len(rule.class_names) + 2), bool) for rule in RULES]
    targets = some(sensitive_targets(groups), 5)
    assert list(revealed(groups, masks, targets)) == targets


@pytest.mark.parametrize("firms", [1, 2, 3, 4, 6, 9, 14])
def test_tiny_registers_come_to_an_end_and_hide_at_least_what_is_sensitive(firms):
    for seed in range(8):
        groups = random_groups(seed, 3, firms)
        masks = protect(groups, NESTINGS)
        totals = np.column_stack([mask[:, -1] for mask in masks])
        assert (totals == totals[:, [0]]).all()
        for rule, mask in enumerate(masks):
            for code in range(len(RULES[rule].class_names) + 1):
                sensitive = groups.sensitive(groups.codes[:, rule] == code)
                assert mask[sensitive, code].all()


def test_large_register_hides_nothing_of_large_cells():
    values = np.full((3, len(POSSIBLE)), 1000.0)
    groups = Groups(tuple(RULES), POSSIBLE, values, values.astype(np.int64), np.ones_like(values))
    assert not any(mask.any() for mask in protect(groups, NESTINGS))


def test_single_firm_in_a_province_hides_the_province_in_every_table():
    groups = random_groups(5, 4, 2000)
    for table in (groups.values, groups.firms, groups.largest):
        table[2] = 0
        table[2, 7] = 1
    masks = protect(groups, NESTINGS)
    assert all(mask[2].all() for mask in masks)
    assert not any(mask[-1, -1] for mask in masks)


def test_register_of_one_firm_publishes_nothing():
    values = np.zeros((1, len(POSSIBLE)))
    values[0, 3] = 5
    groups = Groups(tuple(RULES), POSSIBLE, values, (values > 0).astype(np.int64), values.copy())
    assert all(mask[:, [-1]].all() for mask in protect(groups, NESTINGS))
    assert all(mask[values_of_mask(mask, rule)].all() for rule, mask in enumerate(protect(groups, NESTINGS)))


def values_of_mask(mask, rule):
    """Where the only firm lies."""
    where = np.zeros(mask.shape, bool)
    where[:, POSSIBLE[3, rule]] = True
    return where


def test_nestings_hold_for_random_facts():
    random = np.random.default_rng(7)
    highest = {"workers": 150, "investment": 2e10, "capital": 1.2e10, "sales": 6e10, "net_worth": 1.2e10}
    facts = pl.DataFrame({fact: random.integers(0, int(top), 20_000) for fact, top in highest.items()})
    facts = facts.with_columns(
        pl.when(pl.Series(random.random(20_000) > 0.2)).then(pl.col(fact)).alias(fact) for fact in highest
    )
    answers = size.classify(facts, RULES)
    codes = np.column_stack([_codes(answers[rule.id].cast(pl.String), rule) for rule in RULES])
    for nesting in NESTINGS.pairs:
        inner = np.isin(codes[:, nesting.inner], nesting.inner_codes)
        outer = np.isin(codes[:, nesting.outer], nesting.outer_codes)
        assert not (inner & ~outer).any()
    assert {tuple(row) for row in codes} <= {tuple(row) for row in POSSIBLE}


def _codes(answers: pl.Series, rule) -> np.ndarray:
    places = {name: place for place, name in enumerate(rule.class_names)}
    return answers.replace_strict(places, default=len(places), return_dtype=pl.Int64).to_numpy()


def test_nestings_know_that_small_firms_have_few_workers():
    ids = [rule.id for rule in RULES]
    permenperin, bps = ids.index("permenperin_64_2016"), ids.index("bps_workers")
    assert Nesting(permenperin, (0,), bps, (0, 1)) in NESTINGS.pairs


@pytest.mark.parametrize(
    ("hidden", "chosen", "expected"),
    [
        ([False, False, False, False], [True, False, False], True),
        ([True, False, False, False], [True, False, False], True),  # the total less the others
        ([True, True, False, False], [True, False, False], False),
        ([True, True, False, False], [True, True, False], True),
        ([True, True, False, True], [True, True, False], False),
        ([False, False, True, True], [True, True, False], True),
    ],
)
def test_follows_when_the_cells_or_all_others_are_shown(hidden, chosen, expected):
    assert follows(hidden, chosen) is expected


def test_follows_adds_nothing_that_the_shown_cells_do_not_give():
    """Whatever is hidden: a sum that follows is a combination of shown numbers, one that does not is not."""
    for hidden in itertools.product([False, True], repeat=4):
        for chosen in itertools.product([False, True], repeat=3):
            shown = [np.eye(3)[place] for place in range(3) if not hidden[place]]
            shown += [] if hidden[3] else [np.ones(3)]
            known = np.array(shown).reshape(-1, 3)
            with_sum = np.vstack([known, np.array(chosen, float)])
            determined = np.linalg.matrix_rank(with_sum) == (np.linalg.matrix_rank(known) if len(known) else 0)
            assert follows(hidden, chosen) == determined
