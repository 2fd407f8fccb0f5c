"""Draw panels at random so that each pair comes with exactly the probability it was given.

Against bribery: when no pair has a probability above the cap, nobody can count on judging a certain entry (Jecmen,
Zhang, Liu, Shah, Conitzer and Fang, "Mitigating manipulation in peer review via randomized reviewer assignments",
NeurIPS 2020). The probabilities are the solution of the linear programme with every pair at most the cap. The draw
rotates flow around circles of undecided pairs until none is left: each rotation goes the one or the other way so that
every pair's expectation stays, and at each a pair is decided (dependent rounding: Gandhi, Khuller, Parthasarathy and
Srinivasan, Journal of the ACM 53, 2006). Coverage is kept exactly, loads are rounded up or down within their bounds,
and so is the number of judges of a mix in a panel, as long as the mixes of the entry are nested or apart.
"""

from __future__ import annotations

from math import ceil, floor
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gebyar.methods.panels.task import Pair, PanelTask

DECIDED = 1e-6
Node = tuple[str, int, int]
SINK: Node = ("sink", 0, 0)


def draw(task: PanelTask, probabilities: Sequence[tuple[int, int, float]], seed: int) -> tuple[Pair, ...]:
    """Draw pairs.

    Parameters
    ----------
    task
        The task; of it only the mixes matter.
    probabilities
        (entry, judge, probability); those of an entry sum to its coverage.
    seed
        The same probabilities and seed give the same pairs.

    Returns
    -------
    tuple of pairs
        Sorted. Mixes of an entry that overlap without being nested may be broken.
    """
    flow = _Flow(Random(seed))  # noqa: S311 - a draw that anybody can repeat, no secret
    of_entry: dict[int, dict[int, float]] = {}
    loads: dict[int, float] = {}
    for entry, judge, chance in probabilities:
        of_entry.setdefault(entry, {})[judge] = chance
        loads[judge] = loads.get(judge, 0.0) + chance
    for entry, chances in of_entry.items():
        _add_panel(flow, entry, chances, nested_sets(task, entry, chances))
    for judge, load in loads.items():
        flow.add(("judge", judge, 0), SINK, load, None)
    flow.decide()
    return tuple(sorted(pair for pair, value in flow.pairs() if value > 0.5))


def nested_sets(task: PanelTask, entry: int, judges: Iterable[int]) -> list[frozenset[int]]:
    """The sets of an entry's mixes that are nested or apart, large ones first; the others are left out."""
    asked = [mix.judges for mix in task.mixes if mix.least and (mix.entries is None or entry in mix.entries)]
    found: list[frozenset[int]] = []
    for inside in sorted({mix.intersection(judges) for mix in asked}, key=lambda one: (-len(one), sorted(one))):
        if inside and all(inside <= other or inside.isdisjoint(other) for other in found):
            found.append(inside)
    return found


def _add_panel(flow: _Flow, entry: int, chances: dict[int, float], sets: list[frozenset[int]]) -> None:
    """The panel as a tree: the entry, its sets, the judges."""
    root: Node = ("entry", entry, 0)
    for number, inside in enumerate(sets, 1):
        above = [place for place, other in enumerate(sets[: number - 1], 1) if inside <= other]
        parent = ("entry", entry, above[-1]) if above else root
        flow.add(parent, ("entry", entry, number), sum(chances[judge] for judge in inside), None)
    for judge, chance in chances.items():
        within = [number for number, inside in enumerate(sets, 1) if judge in inside]
        parent = ("entry", entry, within[-1]) if within else root
        flow.add(parent, ("judge", judge, 0), chance, (entry, judge))


class _Flow:
    """Arcs with values; those that are no whole numbers yet are undecided."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.ends: list[tuple[Node, Node]] = []
        self.value: list[float] = []
        self.pair: list[Pair | None] = []
        self.undecided: dict[Node, dict[int, None]] = {}

    def add(self, tail: Node, head: Node, value: float, pair: Pair | None) -> None:
        """Add an arc; `pair` is what it stands for."""
        number = len(self.ends)
        self.ends.append((tail, head))
        self.value.append(value)
        self.pair.append(pair)
        if not self._settle(number):
            for node in (tail, head):
                self.undecided.setdefault(node, {})[number] = None

    def pairs(self) -> Iterator[tuple[Pair, float]]:
        """The arcs that stand for pairs, with their values."""
        for pair, value in zip(self.pair, self.value, strict=True):
            if pair is not None:
                yield pair, value

    def decide(self) -> None:
        """Rotate around circles until every value is whole."""
        for start in list(self.undecided):
            nodes, place = [start], {start: 0}
            arcs: list[int] = []
            while self.undecided[nodes[0]]:
                last = arcs[-1] if arcs else -1
                arc = next((one for one in self.undecided[nodes[-1]] if one != last), None)
                if arc is None:  # a rest of rounding: no circle leads through the last arc
                    self._round_off(last if arcs else next(iter(self.undecided[nodes[-1]])))
                    nodes, arcs, place = [start], [], {start: 0}
                    continue
                tail, head = self.ends[arc]
                node = head if tail == nodes[-1] else tail
                arcs.append(arc)
                if node not in place:
                    place[node] = len(nodes)
                    nodes.append(node)
                    continue
                first = place[node]
                self._rotate(nodes[first:], arcs[first:])
                for gone in nodes[first + 1 :]:
                    del place[gone]
                nodes, arcs = nodes[: first + 1], arcs[:first]

    def _rotate(self, nodes: list[Node], arcs: list[int]) -> None:
        forward = [self.ends[arc][0] == node for node, arc in zip(nodes, arcs, strict=True)]
        up = min(self._room(arc, is_up=ahead) for arc, ahead in zip(arcs, forward, strict=True))
        down = min(self._room(arc, is_up=not ahead) for arc, ahead in zip(arcs, forward, strict=True))
        shift = up if self.random.random() * (up + down) < down else -down
        for arc, ahead in zip(arcs, forward, strict=True):
            self.value[arc] += shift if ahead else -shift
            if self._settle(arc):
                self._forget(arc)

    def _room(self, arc: int, *, is_up: bool) -> float:
        value = self.value[arc]
        return ceil(value) - value if is_up else value - floor(value)

    def _settle(self, arc: int) -> bool:
        """Whether a value is whole, but for rounding, which is then put right."""
        whole = round(self.value[arc])
        if abs(self.value[arc] - whole) > DECIDED:
            return False
        self.value[arc] = float(whole)
        return True

    def _round_off(self, arc: int) -> None:
        self.value[arc] = float(round(self.value[arc]))
        self._forget(arc)

    def _forget(self, arc: int) -> None:
        for node in self.ends[arc]:
            self.undecided[node].pop(arc, None)
