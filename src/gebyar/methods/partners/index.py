"""The best partners of one listing among many, exactly, without comparing with each in full.

A quick pass over all listings of the other side gives each a bound that its score cannot exceed: exact in words and
codes, generous in the rest. They are then compared in full in the order of the bounds, until the next bound is below
the last place (threshold algorithm; Fagin, Lotem, Naor 2003).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from gebyar.methods.partners.blocks import Block, Bounded, block_of, bound
from gebyar.methods.partners.entry import Entry, Options, Suggestion, UnfitEntry, gives, trade
from gebyar.methods.partners.equity import KINDS, Found, Kind, places_kept, with_shares
from gebyar.methods.partners.places import is_within
from gebyar.methods.partners.scoring import WEIGHTS, Pair, features, fits, pair, reasons, score
from gebyar.methods.partners.text import BUCKETS, Floats, Vectors

Weights = Mapping[str, Mapping[str, float]]
Slot = tuple[str, bool]
# Small blocks of added listings are melted into one when there are more than this.
_MOST_BLOCKS = 8
_FIRST_LOOK = 64


class PartnerIndex:
    """Listings that can be suggested.

    Parameters
    ----------
    entries
        What is listed; ids must differ.
    weights
        Trade → feature → weight; those of `scoring.WEIGHTS` when left out.

    Raises
    ------
    UnfitEntry
        When two listings have one id.
    """

    def __init__(self, entries: Iterable[Entry] = (), *, weights: Weights | None = None) -> None:
        self._weights = {kind: dict(values) for kind, values in (weights or WEIGHTS).items()}
        self._vectors = Vectors()
        self._frequency = np.zeros(BUCKETS, dtype=np.int64)
        self._version = 0
        self._inverse_kept, self._inverse_of = np.empty(0), -1
        self._blocks: dict[Slot, list[Block]] = {}
        self._where: dict[int, tuple[Block, int]] = {}
        self.add(entries)

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, number: int) -> bool:
        return number in self._where

    def entry(self, number: int) -> Entry:
        """Return the listing with this id; KeyError when there is none."""
        block, row = self._where[number]
        return block.entries[row]

    def entries(self) -> list[Entry]:
        return [block.entries[row] for block, row in self._where.values()]

    @property
    def memory(self) -> int:
        """Bytes of all matrices and columns, without the listings themselves."""
        return self._frequency.nbytes + sum(block.memory for some in self._blocks.values() for block in some)

    # --- changing -------------------------------------------------------------------------------------------

    def add(self, entries: Iterable[Entry]) -> None:
        """Take listings in; the answers are the same as those of an index made of all at once."""
        by_slot: dict[Slot, list[Entry]] = {}
        seen: set[int] = set()
        for entry in entries:
            if entry.id in self._where or entry.id in seen:
                raise UnfitEntry(f"Listing {entry.id} is there twice.")
            seen.add(entry.id)
            by_slot.setdefault(_slot(entry), []).append(entry)
        for slot, some in by_slot.items():
            counts = self._vectors.counts([entry.text for entry in some])
            self._frequency += np.bincount(counts.indices, minlength=BUCKETS)
            self._keep(slot, block_of(some, counts))
            self._version += 1

    def _keep(self, slot: Slot, block: Block) -> None:
        blocks = self._blocks.setdefault(slot, [])
        blocks.append(block)
        if len(blocks) > _MOST_BLOCKS:
            self._blocks[slot] = [_melted(blocks)]
        last = self._blocks[slot][-1]
        for row, entry in enumerate(last.entries):
            self._where[entry.id] = (last, row)

    def remove(self, numbers: Iterable[int]) -> None:
        """Take listings out; ids that are not there are passed over."""
        for number in numbers:
            found = self._where.pop(number, None)
            if found is None:
                continue
            block, row = found
            block.alive[row] = False
            self._frequency[self._vectors.counts([block.entries[row].text]).indices] -= 1
            self._version += 1

    # --- asking ---------------------------------------------------------------------------------------------

    def suggest(self, entry: Entry | int, k: int = 10, options: Options | None = None) -> tuple[Suggestion, ...]:
        """Return the best partners of a listing, at most one listing of each firm.

        Parameters
        ----------
        entry
            A listing, which need not be in the index, or the id of one that is.
        k
            How many at most.
        options
            Filters, and the part of their share kept for small and for far-away firms.

        Returns
        -------
        tuple of Suggestion
            The best first; equal ones in the order of their ids. With a floor, small and far-away firms that fit may
            have the places of better ones.
        """
        asked = self.entry(entry) if isinstance(entry, int) else entry
        chosen = options or Options()
        bounded = self._bounded(asked)
        ranked = self._with_shares if chosen.floor else self._ranked
        return tuple(self._suggestion(asked, *found) for found in ranked(asked, k, chosen, bounded))

    def _with_shares(self, asked: Entry, k: int, options: Options, found: Bounded) -> list[Found]:
        """Rank each kind of firm alone, and keep small and far-away ones their part of the places."""
        if not len(found.bounds):
            return []
        ranked = {kind: self._ranked(asked, k, options, found.only(kind)) for kind in KINDS}
        ranked = self._one_each(ranked)
        places = min(k, sum(map(len, ranked.values())))
        small, far = (places_kept(options.floor, float(some.mean()), places) for some in (found.is_small, found.is_far))
        return with_shares(ranked, k=k, small=small, far=far)

    def _suggestion(self, asked: Entry, value: float, number: int, text: float) -> Suggestion:
        both = pair(asked, self.entry(number), text)
        return Suggestion(number, value, reasons(both, features(both)))

    def _one_each(self, ranked: Mapping[Kind, list[Found]]) -> dict[Kind, list[Found]]:
        """Keep the best listing alone of a firm whose listings are of several kinds."""
        best: dict[int, Found] = {}
        for found in sorted(
            (found for some in ranked.values() for found in some), key=lambda found: (-found[0], found[1])
        ):
            best.setdefault(self.entry(found[1]).firm, found)
        kept = set(best.values())
        return {kind: [found for found in some if found in kept] for kind, some in ranked.items()}

    def _ranked(self, asked: Entry, k: int, options: Options, found: Bounded) -> list[Found]:
        """Return score, id and text likeness of the best listing of each of the best k firms."""
        best: dict[int, Found] = {}
        last, start, looked = -1.0, 0, _FIRST_LOOK
        while start < len(found.bounds):
            order = _first(found.bounds, looked)
            for position in order[start:]:
                if last > found.bounds[position]:
                    return _top(best, k)
                entry = found.entry(position)
                if self._weigh(asked, entry, float(found.texts[position]), options, best) and len(best) >= k:
                    last = _top(best, k)[-1][0]
            start, looked = len(order), looked * 8
        return _top(best, k)

    def _weigh(self, asked: Entry, entry: Entry, text: float, options: Options, best: dict[int, Found]) -> bool:
        """Compare in full, and say whether the listing is the best of its firm so far."""
        both = pair(asked, entry, text)
        values = features(both)
        if entry.firm == asked.firm or not fits(both, values) or not _passes(both, entry, options):
            return False
        found = (score(trade(asked.role), values, self._weights), entry.id, text)
        known = best.get(entry.firm)
        if known is not None and (-known[0], known[1]) < (-found[0], found[1]):
            return False
        best[entry.firm] = found
        return True

    def _bounded(self, asked: Entry) -> Bounded:
        """Return the listings of the other side with the bounds of their scores and their text likeness."""
        kind, side = _slot(asked)
        inverse = self._inverse()
        found = Bounded()
        for block in self._blocks.get((kind, not side), []):
            likeness = self._likeness(asked, block, inverse)
            found.take(block, bound(asked, block, likeness, self._weights[kind]), likeness)
        return found.closed()

    def _inverse(self) -> Floats:
        """Return the squared inverse frequency of each group of characters; a rare one tells more."""
        if self._inverse_of != self._version:
            weights = np.log((1 + len(self._where)) / (1 + self._frequency)) + 1
            self._inverse_kept, self._inverse_of = np.asarray(weights**2), self._version
        return self._inverse_kept

    def _likeness(self, asked: Entry, block: Block, inverse: Floats) -> Floats:
        """Return the cosine of the words of a listing with those of each in the block."""
        counts = self._vectors.counts([asked.text])
        columns, values = counts.indices, counts.data.astype(np.float64)
        if not len(columns):
            return np.zeros(len(block.entries))
        if block.norms_of != self._version:
            squares = block.counts.copy()
            squares.data = squares.data.astype(np.float64) ** 2
            block.norms, block.norms_of = np.sqrt(squares @ inverse), self._version
        length = float(np.sqrt((values**2) @ inverse[columns]))
        dots = block.counts[:, columns] @ (values * inverse[columns])
        lengths = np.where(block.norms > 0, block.norms * length, 1.0)
        return np.asarray(np.round(np.clip(dots / lengths, 0.0, 1.0), 6))


def _slot(entry: Entry) -> Slot:
    return trade(entry.role), gives(entry.direction, entry.role)


def _melted(blocks: list[Block]) -> Block:
    """Make one block of several, without those that were taken out."""
    from scipy import sparse  # noqa: PLC0415  see `text`

    rows = [np.flatnonzero(block.alive) for block in blocks]
    entries = [block.entries[row] for block, some in zip(blocks, rows, strict=True) for row in some]
    counts = [block.counts.tocsr()[some] for block, some in zip(blocks, rows, strict=True)]
    return block_of(entries, sparse.vstack(counts, format="csr"))


def _first(bounds: Floats, count: int) -> Sequence[int]:
    """Return the positions of the `count` highest bounds, the highest first."""
    if count >= len(bounds):
        return list(np.argsort(-bounds, kind="stable"))
    least = np.partition(bounds, len(bounds) - count)[len(bounds) - count]
    chosen = np.flatnonzero(bounds >= least)  # all that are equal to the last one, so that a longer look begins alike
    return list(chosen[np.argsort(-bounds[chosen], kind="stable")])


def _passes(both: Pair, entry: Entry, options: Options) -> bool:
    if options.requires_certificates and both.missing:
        return False
    return not options.region or is_within(entry.region, options.region)


def _top(best: dict[int, Found], k: int) -> list[Found]:
    return sorted(best.values(), key=lambda found: (-found[0], found[1]))[:k]
