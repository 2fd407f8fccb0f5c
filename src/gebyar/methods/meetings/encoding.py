"""The problem as a Boolean formula, after the model of the 2022 paper.

Variables: ``x[m, t]`` meeting m takes place in slot t; ``used[p, t]`` participant p
meets in slot t; ``held[p, t]`` p has met in slot t or before. An idle period of p
ends at t where ``used[p, t + 1]``, ``held[p, t]`` and not ``used[p, t]``. The implied
constraints of the paper (exactly |M_p| slots used, an even number of busy
participants per slot, tables counted over clusters of meetings that share a
participant) are what makes proofs short.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from gebyar.methods.meetings.problem import too_long

if TYPE_CHECKING:
    from gebyar.methods.meetings.model import Model

Clause = list[int]


class Formula:
    """Clauses and a counter of variables."""

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.variables = 0

    def new(self) -> int:
        """Return a fresh variable."""
        self.variables += 1
        return self.variables

    def add(self, *literals: int) -> None:
        self.clauses.append(list(literals))

    def at_most_one(self, literals: list[int], *guard: int) -> None:
        for one, other in combinations(literals, 2):
            self.add(-one, -other, *guard)

    def any_of(self, literals: list[int]) -> int:
        """Return a literal equivalent to "one of these"."""
        if len(literals) == 1:
            return literals[0]
        result = self.new()
        for literal in literals:
            self.add(-literal, result)
        self.add(-result, *literals)
        return result

    def exclusive_or(self, one: int, other: int) -> int:
        result = self.new()
        self.clauses += [[-one, -other, -result], [one, other, -result], [one, -other, result], [-one, other, result]]
        return result

    def count(self, literals: list[int], limit: int) -> list[int]:
        """Count in unary: the i-th result is true exactly when more than i of the literals are.

        A balanced tree of mergers (Bailleux and Boufkhad 2003) in both directions,
        with results above ``limit`` cut off; the last result then means "limit or more".
        """
        if len(literals) <= 1:
            return literals[:limit]
        middle = len(literals) // 2
        return self.merge(self.count(literals[:middle], limit), self.count(literals[middle:], limit), limit)

    def merge(self, left: list[int], right: list[int], limit: int) -> list[int]:
        """Add two unary counts, cut off at ``limit``."""
        if not left or not right:
            return (left or right)[:limit]
        size = min(len(left) + len(right), limit)
        result = [self.new() for _ in range(size)]
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                self._merge_pair(left, right, result, i, j)
        for lower, higher in pairwise(result):
            self.add(-higher, lower)
        return result

    def _merge_pair(self, left: list[int], right: list[int], result: list[int], i: int, j: int) -> None:
        if i + j > 0:
            premise = ([-left[i - 1]] if i else []) + ([-right[j - 1]] if j else [])
            self.add(*premise, result[min(i + j, len(result)) - 1])
        if i + j < len(result):
            premise = ([left[i]] if i < len(left) else []) + ([right[j]] if j < len(right) else [])
            self.add(*premise, -result[i + j])


class Encoding:
    """The formula of one model.

    Attributes
    ----------
    place
        Per meeting, slot → variable.
    idle
        Per participant, the unary count of its idle periods.

    Parameters
    ----------
    model
        The problem.
    idling
        Without it only plans without any idle period satisfy the formula, which is then much smaller.
    """

    def __init__(self, model: Model, *, idling: bool = True) -> None:
        self.model = model
        self.idling = idling
        self.formula = Formula()
        self.place = [{int(t): self.formula.new() for t in row.nonzero()[0]} for row in model.allowed]
        self.meetings_of = model.meetings_of()
        self.used: list[dict[int, int]] = []
        self.idle: list[list[int]] = []
        self._encode()

    def _encode(self) -> None:
        for choices in self.place:
            self.formula.add(*choices.values())
            self.formula.at_most_one(list(choices.values()))
        for meetings in self.meetings_of:
            self._encode_participant(meetings)
        self._encode_parity()
        self._encode_tables()
        self._encode_precedences()

    def _encode_participant(self, meetings: list[int]) -> None:
        by_slot = self._by_slot(meetings)
        for literals in by_slot.values():
            self.formula.at_most_one(literals)
        used = {slot: self.formula.any_of(literals) for slot, literals in sorted(by_slot.items())}
        self.used.append(used)
        self._encode_rest(used)
        if not meetings:
            self.idle.append([])
        elif self.idling:
            self._exactly(list(used.values()), len(meetings))
            self.idle.append(self._idle_count(used, len(meetings)) if len(meetings) > 1 else [])
        else:
            self.idle.append([])
            self._encode_one_block(used, len(meetings))

    def _encode_rest(self, used: dict[int, int]) -> None:
        """Leave a slot free in every stretch of a day that is longer than the longest run."""
        for stretch in too_long(self.model.days(), self.model.longest_run):
            if all(slot in used for slot in stretch):
                self.formula.add(*[-used[slot] for slot in stretch])

    def _by_slot(self, meetings: list[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for meeting in meetings:
            for slot, literal in self.place[meeting].items():
                found.setdefault(slot, []).append(literal)
        return found

    def _exactly(self, literals: list[int], wanted: int) -> None:
        count = self.formula.count(literals, wanted + 1)
        if wanted:
            self.formula.add(*count[wanted - 1 : wanted])
        if len(count) > wanted:
            self.formula.add(-count[wanted])

    def _encode_one_block(self, used: dict[int, int], meetings: int) -> None:
        """Let the used slots be one block, by naming the slot in which it begins.

        Far stronger than counting: a used slot closes all that are further away than the block is long.
        """
        starts = {slot: self.formula.new() for slot in used if all(slot + i in used for i in range(meetings))}
        self.formula.add(*starts.values())
        self.formula.at_most_one(list(starts.values()))
        for slot, literal in used.items():
            cover = [starts[s] for s in range(slot - meetings + 1, slot + 1) if s in starts]
            self.formula.add(-literal, *cover)
            for start in cover:
                self.formula.add(-start, literal)

    def _idle_count(self, used: dict[int, int], meetings: int) -> list[int]:
        ends: list[int] = []
        for day in self.model.days():
            ends += self._idle_ends({slot: literal for slot, literal in used.items() if slot in day})
        return self.formula.count(ends, min(len(ends), meetings - 1))

    def _idle_ends(self, used: dict[int, int]) -> list[int]:
        """Literals "an idle period of this day ends here"."""
        ends: list[int] = []
        held: int | None = None
        last = max(used, default=0)
        for slot in range(min(used, default=0), last):
            literals = ([held] if held else []) + ([used[slot]] if slot in used else [])
            held = self.formula.any_of(literals)
            if slot + 1 in used and (held != used.get(slot)):
                ends.append(self._idle_end(used[slot + 1], held, used.get(slot)))
        return ends

    def _idle_end(self, next_used: int, held: int, now_used: int | None) -> int:
        result = self.formula.new()
        premise = [next_used, held] + ([-now_used] if now_used else [])
        for literal in premise:
            self.formula.add(-result, literal)
        self.formula.add(*[-literal for literal in premise], result)
        return result

    def _encode_parity(self) -> None:
        for slot in range(self.model.slots):
            busy = [used[slot] for used in self.used if slot in used]
            if len(busy) > 2:
                parity = busy[0]
                for literal in busy[1:]:
                    parity = self.formula.exclusive_or(parity, literal)
                self.formula.add(-parity)

    def _encode_tables(self) -> None:
        if self.model.tables * 2 >= self.model.participants - 1:
            return  # every meeting needs two people, so tables never run out
        clusters = self.clusters()
        for slot in range(self.model.slots):
            in_use = [self.formula.any_of(c) for cluster in clusters if (c := self._by_slot(cluster).get(slot))]
            self._at_most(in_use, self.model.tables)
            self._at_most([used[slot] for used in self.used if slot in used], 2 * self.model.tables)

    def _at_most(self, literals: list[int], bound: int) -> None:
        if len(literals) > bound:
            self.formula.add(-self.formula.count(literals, bound + 1)[bound])

    def clusters(self) -> list[list[int]]:
        """Meetings parted greedily into groups that share a participant, largest first."""
        left = [set(meetings) for meetings in self.meetings_of]
        found: list[list[int]] = []
        while True:
            busiest = max(range(len(left)), key=lambda p: (len(left[p]), -p), default=0)
            if not left or not left[busiest]:
                return found
            group = sorted(left[busiest])
            found.append(group)
            for meeting in group:
                for end in self.model.ends[meeting].tolist():
                    left[end].discard(meeting)

    def _encode_precedences(self) -> None:
        order: dict[int, dict[int, int]] = {}
        for earlier, later in self.model.precedences.tolist():
            before, after = (self._by_then(order, meeting) for meeting in (earlier, later))
            for slot in range(self.model.slots):
                if slot:
                    self.formula.add(-after[slot], before[slot - 1])
                else:
                    self.formula.add(-after[slot])

    def _by_then(self, order: dict[int, dict[int, int]], meeting: int) -> dict[int, int]:
        """Literals "the meeting takes place in this slot or before"."""
        if meeting not in order:
            row = {slot: self.formula.new() for slot in range(self.model.slots)}
            for slot, literal in row.items():
                literals = [row[slot - 1]] if slot else []
                literals += [self.place[meeting][slot]] if slot in self.place[meeting] else []
                self.formula.add(-literal, *literals)
                for cause in literals:
                    self.formula.add(-cause, literal)
            order[meeting] = row
        return order[meeting]

    def fair_levels(self) -> list[int]:
        """Selectors "the smallest idle count is this one"; empty without a fairness bound.

        At least one is made true: with level L everybody has at least L and at most
        L + d idle periods. Participants with at most one meeting force L = 0.
        """
        fairness = self.model.fairness
        if fairness is None:
            return []
        lowest = min((len(count) for count in self.idle), default=0)
        levels = [self.formula.new() for _ in range(lowest + 1)]
        self.formula.add(*levels)
        for level, selector in enumerate(levels):
            for count in self.idle:
                if level:
                    self.formula.add(-selector, count[level - 1])
                if len(count) > level + fairness:
                    self.formula.add(-selector, -count[level + fairness])
        return levels

    def slots_of(self, true: set[int]) -> list[int]:
        """The slot of every meeting in a satisfying assignment."""
        return [next(slot for slot, literal in choices.items() if literal in true) for choices in self.place]
