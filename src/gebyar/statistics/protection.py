"""Which published numbers would tell about single firms, over all size rules together (UU 3/2014, art. 69-70).

One table per rule (provinces by classes, with totals) goes through :func:`gebyar.methods.disclosure.suppress`. Three
more things could undo that, and are seen to here:

- All rules share the totals of the provinces: a total hidden in one table and shown in another is shown. So a province
  whose total cannot be shown everywhere is pooled with the smallest others, in every table, as one row that is never
  published but protected as if it were.
- Sums over some classes, and shares made of them, could reveal a hidden class. So a sum is published only where it
  follows from published cells (:func:`gebyar.statistics.shown.follows`), and adds nothing to what an outsider knows.
- The rules cut the same firms differently, so one published sum minus another can be a single firm (at most 19 workers
  by BPS, less the small ones of the ministry). Where one group lies within another whatever the facts, the difference
  is protected like a cell.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import csr_array

from gebyar.methods.disclosure import DOMINANCE, MINIMUM_FIRMS, PROTECTION, suppress, with_totals
from gebyar.reference.size_rules import SizeRule
from gebyar.statistics.nesting import Nesting, Nestings
from gebyar.statistics.shown import follows

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Groups:
    """What one measure is in each group of firms that are alike in province and in their classes by all rules.

    codes
        Shape (kinds, rules): the class codes of each kind of firm (:func:`gebyar.statistics.indicators.class_code`).
    values, firms, largest
        Shape (regions, kinds): the sum, how many firms add to it, and the largest part of one firm.
    """

    rules: tuple[SizeRule, ...]
    codes: Counts
    values: Numbers
    firms: Counts
    largest: Numbers

    def pooled(self, rows: Sequence[int]) -> "Groups":
        """Let these regions be one, as the last row."""
        kept = np.setdiff1d(np.arange(len(self.values)), rows)
        if not len(rows):
            return self
        pool = list(rows)
        return Groups(
            rules=self.rules,
            codes=self.codes,
            values=np.vstack([self.values[kept], self.values[pool].sum(axis=0)]),
            firms=np.vstack([self.firms[kept], self.firms[pool].sum(axis=0)]),
            largest=np.vstack([self.largest[kept], self.largest[pool].max(axis=0)]),
        )

    def sensitive(self, kinds: Mask) -> Mask:
        """Whether the firms of these kinds are too few, or one has too much: by region, the nation last."""
        values, firms = self.values @ kinds, self.firms @ kinds
        largest = np.where(kinds, self.largest, 0).max(axis=1)
        values, firms = np.append(values, values.sum()), np.append(firms, firms.sum())
        largest = np.append(largest, largest.max(initial=0))
        return (firms > 0) & ((firms < MINIMUM_FIRMS) | (largest > DOMINANCE * values))

    def by_class(self, rule: int) -> tuple[Numbers, Counts, Numbers]:
        """Values, firms and largest parts by region and class code."""
        members = self.codes[:, [rule]] == np.arange(len(self.rules[rule].class_names) + 1)
        largest = np.stack([np.where(own, self.largest, 0).max(axis=1) for own in members.T], axis=1)
        return self.values @ members, self.firms @ members, largest


def from_table(table: pl.DataFrame, measure: str, regions: Sequence[str], rules: Sequence[SizeRule]) -> Groups:
    """Read one measure out of :func:`gebyar.statistics.indicators.groups`."""
    names = [rule.id for rule in rules]
    kinds = table.select(names).unique(maintain_order=True)
    rows = np.searchsorted(regions, table["province"].to_numpy())
    columns = table.join(kinds.with_row_index("kind"), on=names, how="left", maintain_order="left")["kind"].to_numpy()

    def spread(column: str) -> Numbers:
        filled = np.zeros((len(regions), kinds.height))
        filled[rows, columns] = table[column].cast(pl.Float64).to_numpy()
        return filled

    return Groups(
        rules=tuple(rules),
        codes=kinds.to_numpy().astype(np.int64),
        values=spread(measure),
        firms=spread(f"{measure}_firms").astype(np.int64),
        largest=spread(f"{measure}_largest"),
    )


def protect(groups: Groups, nesting: Nestings) -> list[Mask]:
    """Decide what must be hidden of one measure.

    Parameters
    ----------
    groups
        The measure.
    nesting
        What :func:`gebyar.statistics.nesting.nestings_of` says of the same rules.

    Returns
    -------
    list of numpy.ndarray
        For each rule shape (regions + 1, classes + 2), True = hidden; the last row is the nation, the last column all
        classes together, the one before it "not known".
    """
    everybody = np.ones(groups.values.shape[1], np.bool_)
    state = _State(pool=set(np.flatnonzero(groups.sensitive(everybody)[:-1]).tolist()))
    while not state.everything:
        merged = groups.pooled(sorted(state.pool))
        kept = [row for row in range(len(groups.values)) if row not in state.pool]
        masks = [_suppressed(merged, rule, state, [*kept, POOL]) for rule in range(len(groups.rules))]
        hidden_totals = np.any([mask[:, -1] for mask in masks], axis=0)
        if hidden_totals.any() and not kept:
            break
        if hidden_totals.any():
            state.pool |= {kept[row] for row in np.flatnonzero(hidden_totals[: len(kept)])} or {_smallest(groups, kept)}
            continue
        revealed = _revealed(merged, nesting, masks)
        if not revealed:
            return [_spread(mask, kept, len(groups.values)) for mask in masks]
        for found in revealed:
            state.hide_more(merged, masks, found, kept)
    columns = [len(rule.class_names) + 2 for rule in groups.rules]
    return [np.ones((len(groups.values) + 1, count), np.bool_) for count in columns]


POOL = -1
UNBOUNDED = 3  # scipy.optimize.linprog's status


@dataclass
class _State:
    """What has been decided so far: regions pooled, cells hidden for a difference, rules without any classes."""

    pool: set[int]
    forced: set[tuple[int, int, int]] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)
    everything: bool = False

    def hide_more(self, merged: Groups, masks: Sequence[Mask], found: "Difference", kept: Sequence[int]) -> None:
        """Take one step against a difference; each step hides more, so there is a last one."""
        cell = _cell_to_hide(merged, masks, found) if found.row < len(merged.values) else None
        if cell is not None:
            rule, column = cell
            self.forced.add((rule, [*kept, POOL][found.row], column))
        elif found.row < len(kept):
            self.pool.add(kept[found.row])
        elif left := {rule for rule, _codes in found.sides} - self.withheld:
            self.withheld.add(max(left))  # within the nation, or the pool: one rule gives no classes at all
        else:
            self.everything = True


def _smallest(groups: Groups, rows: Sequence[int]) -> int:
    return min(rows, key=lambda row: float(groups.values[row].sum()))


def _suppressed(merged: Groups, rule: int, state: _State, names: list[int]) -> Mask:
    """Suppress one rule's table; a forced cell counts as one firm, which the method hides."""
    values, firms, largest = merged.by_class(rule)
    for row, name in enumerate(names[: len(values)]):
        for forced_rule, forced_row, column in state.forced:
            if (forced_rule, forced_row) == (rule, name):
                firms[row, column] = min(firms[row, column], 1)
    shares = np.divide(largest, values, out=np.zeros_like(values), where=values > 0)
    mask = suppress(values, firms, np.minimum(shares, 1)).mask
    if len(values) == 1:  # the only row and its total are the same numbers
        mask |= mask[::-1]
    if rule in state.withheld:
        mask[:, :-1] = True
    return mask


def _spread(mask: Mask, kept: Sequence[int], regions: int) -> Mask:
    """Write the mask for all regions; the pooled ones are hidden altogether."""
    whole = np.ones((regions + 1, mask.shape[1]), np.bool_)
    whole[list(kept)] = mask[: len(kept)]
    whole[-1] = mask[-1]
    return whole


# --- differences between rules ------------------------------------------------------------------------------------

Side = tuple[int, Sequence[int]]


@dataclass(frozen=True)
class Difference:
    """What one sum over classes has more than another that lies within it, in one row of the tables."""

    row: int
    sides: tuple[Side, Side]
    value: float


def _sensitive_differences(merged: Groups, nestings: Sequence[Nesting]) -> Iterator[Difference]:
    for nesting in nestings:
        sides = (nesting.inner, nesting.inner_codes), (nesting.outer, nesting.outer_codes)
        inner, outer = (np.isin(merged.codes[:, rule], codes) for rule, codes in sides)
        values = merged.values @ (outer & ~inner)
        values = np.append(values, values.sum())
        for row in np.flatnonzero(merged.sensitive(outer & ~inner)):
            yield Difference(int(row), sides, float(values[row]))


def _revealed(merged: Groups, nesting: Nestings, masks: Sequence[Mask]) -> list[Difference]:
    """Return the sensitive differences that an outsider knows to within a tenth."""
    revealed, uncertain = [], defaultdict(list)
    for difference in _sensitive_differences(merged, nesting.pairs):
        if all(follows(masks[rule][difference.row], _chosen(masks[rule], codes)) for rule, codes in difference.sides):
            revealed.append(difference)
        else:
            uncertain[tuple(sorted(rule for rule, _codes in difference.sides))].append(difference)
    for pair, differences in uncertain.items():
        revealed += _Outsider.of(merged, masks, pair, nesting.possible).knows(differences)
    return revealed


def _chosen(mask: Mask, codes: Sequence[int]) -> Mask:
    return np.isin(np.arange(mask.shape[1] - 1), codes)


@dataclass(frozen=True)
class _Outsider:
    """Somebody who lays the published tables of two rules side by side and computes what can be true.

    kinds
        Shape (kinds, 2): the class codes by both rules that a firm can have at once.
    rows
        Place of each row of the tables among the unknowns; rows with nothing hidden have none.
    equations, right
        What is shown, as sums over the unknown values of all kinds in those rows, in parts of `scale`.
    """

    pair: tuple[int, ...]
    kinds: Counts
    rows: dict[int, int]
    equations: csr_array
    right: Numbers
    scale: float

    @classmethod
    def of(cls, merged: Groups, masks: Sequence[Mask], pair: tuple[int, ...], possible: Counts) -> "_Outsider":
        kinds = np.unique(possible[:, pair], axis=0)
        involved = np.flatnonzero(np.any([masks[rule][:-1].any(axis=1) for rule in pair], axis=0))
        index = np.arange(len(involved) * len(kinds)).reshape(len(involved), len(kinds))
        cells: list[npt.NDArray[np.int64]] = []
        right: list[float] = []
        for place, rule in enumerate(pair):
            full = with_totals(merged.by_class(rule)[0][involved])
            for row, code in np.argwhere(~masks[rule][[*involved, -1]]):
                own = np.ones(len(kinds), np.bool_) if code == full.shape[1] - 1 else kinds[:, place] == code
                cells.append((index[:, own] if row == len(involved) else index[row, own]).ravel())
                right.append(float(full[row, code]))
        lines = np.repeat(np.arange(len(cells)), [len(line) for line in cells])
        numbers = np.concatenate(cells)
        equations = csr_array((np.ones(len(numbers)), (lines, numbers)), shape=(len(cells), index.size))
        scale = max(*right, 1.0)
        places = {int(row): place for place, row in enumerate(involved)}
        return cls(pair, kinds, places, equations, np.array(right) / scale, scale)

    def knows(self, differences: Sequence[Difference]) -> list[Difference]:
        """Return those that lie, for all that is shown, within a tenth of their value."""
        wanted = np.array([self._sum(difference) for difference in differences])
        tolerance = PROTECTION * np.array([difference.value for difference in differences]) / self.scale
        low, high = np.full(len(wanted), np.inf), np.full(len(wanted), -np.inf)

        def look(chosen: Sequence[int]) -> None:
            """Find what can be true where the chosen differences together are least and greatest."""
            objective = (wanted[chosen] / tolerance[chosen, None]).sum(axis=0)
            for sign in (1, -1):
                found = linprog(sign * objective, A_eq=self.equations, b_eq=self.right, method="highs")
                if found.status == UNBOUNDED:
                    low[chosen], high[chosen] = -np.inf, np.inf
                elif found.status == 0:
                    np.minimum(low, wanted @ found.x, out=low)
                    np.maximum(high, wanted @ found.x, out=high)

        # One look at many of them spares most of the looks at each.
        near = list(range(len(wanted)))
        while len(near) > 1:
            look(near)
            left = [place for place in near if not high[place] - low[place] > tolerance[place]]
            if len(left) == len(near):
                break
            near = left
        for place in near:
            look([place])
        return [differences[place] for place in near if not high[place] - low[place] > tolerance[place]]

    def _sum(self, difference: Difference) -> Numbers:
        (inner, inner_codes), (outer, outer_codes) = difference.sides
        between = np.isin(self.kinds[:, self.pair.index(outer)], outer_codes)
        between &= ~np.isin(self.kinds[:, self.pair.index(inner)], inner_codes)
        wanted = np.zeros((len(self.rows), len(self.kinds)))
        wanted[self.rows.get(difference.row, slice(None)), between] = 1.0
        return wanted.ravel()


def _cell_to_hide(merged: Groups, masks: Sequence[Mask], found: Difference) -> tuple[int, int] | None:
    """Choose the least shown cell whose absence widens one of the two sums, as (rule, class); None if there is none."""
    candidates = []
    for rule, codes in found.sides:
        values, firms, _largest = merged.by_class(rule)
        chosen, hidden = _chosen(masks[rule], codes), masks[rule][found.row, :-1]
        side = ~chosen if (hidden & chosen).any() else chosen
        shown = np.flatnonzero(side & ~hidden & (firms[found.row] > 0))
        candidates += [(float(values[found.row, column]), rule, int(column)) for column in shown]
    return min(candidates)[1:] if candidates else None
