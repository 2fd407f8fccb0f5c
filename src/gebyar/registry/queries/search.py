"""Find firms by words and filters in one index.

The words a reader typed are looked up in the table of the register's words; what is not there is read as the
beginning of a word (the last one) or as a misspelling. Every term has a known number of firms, which decides how the
list is read: by the inverted index where any term is rare enough, else along the keys, where hits lie so densely that
the first thousand come at once.
"""

# ruff: noqa: S608  only names of our own tables and rules are put into SQL; every value is a parameter

import heapq
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from gebyar.registry.models import SearchDocument

CAP = 1000
PAGE_SIZE = 20
MINISTRY_RULE = "permenperin_64_2016"
# What reading costs, in the time one posting of the inverted index takes (0.27 µs where this was measured): a row
# while walking all documents, a row while walking a region, whose documents lie scattered.
ROW, REGION_ROW = 1.3, 16.0
# A term of more than this share of all firms costs more to look up in the index than to check in the hits.
COMMON = 0.5
# Firms that are alike lie together (lists come by region), so a walk may take longer than expected; it is given this
# many times the rows, and then the index answers.
PATIENCE = 8
# Words that stand in a query without telling firms apart.
_FILLERS = frozenset(
    [
        "cv",
        "dan",
        "dari",
        "dengan",
        "di",
        "firma",
        "ke",
        "oleh",
        "pada",
        "pd",
        "pt",
        "the",
        "and",
        "of",
        "in",
        "ud",
        "untuk",
        "yang",
    ]
)
_TOKEN = re.compile(r"[^\W_]+")
# The hits of a common word as a list of places; with less, PostgreSQL keeps pages only and checks every row again.
MEMORY = "SET LOCAL work_mem = '64MB'; "
_MOST_TOKENS = 8
_EXPANSIONS = 20
# How much less alike a word may be, weighed by its frequency, and still be preferred for needing fewer changes.
_AS_ALIKE, _CANDIDATES = 0.1, 10


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; an empty value does not narrow.

    `region` is a Kemendagri code of any level, `kbli` a code of 2, 3 or 5 digits, `size` a class of the rule
    `size_rule`, `certificate` a kind of certificate, `kind` industry or partner.
    """

    region: str = ""
    kbli: str = ""
    size: str = ""
    certificate: str = ""
    kind: str = ""
    exports: bool | None = None
    active: bool | None = None
    size_rule: str = MINISTRY_RULE

    def terms(self) -> list[str]:
        """Return the words by which a document says that it fits."""
        terms = [
            self.region and f"=r{self.region}",
            self.kbli and f"=k{self.kbli}",
            self.size and f"=s{self.size_rule}:{self.size}",
            self.certificate and f"=c{self.certificate}",
            self.kind and f"=t{self.kind}",
            "" if self.exports is None else f"=x{self.exports:d}",
            "" if self.active is None else f"=a{self.active:d}",
        ]
        return [term for term in terms if term]


@dataclass(frozen=True)
class Found:
    """The ids of the first hits in a stable order, at most `CAP`; `more` says that there are others."""

    ids: list[int]
    more: bool = False
    corrected: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    @property
    def count(self) -> int | None:
        """Number of hits, None when there are more than the cap."""
        return None if self.more else len(self.ids)

    def page(self, number: int, size: int = PAGE_SIZE) -> list[int]:
        return self.ids[(number - 1) * size : number * size]


@dataclass(frozen=True)
class _Term:
    """One side of the conjunction: what it asks the index, and in how many firms it stands."""

    query: str
    firms: int


def tokens(text: str) -> list[str]:
    """Part a query into words as the documents were parted; fillers go unless there is nothing else."""
    words = list(dict.fromkeys(_TOKEN.findall(text.lower())))[:_MOST_TOKENS]
    return [word for word in words if word not in _FILLERS] or words


def search(text: str = "", filters: Filters | None = None) -> Found:
    """Find firms.

    Parameters
    ----------
    text
        Words of names, products or places, in any order; the last may be unfinished, any may be misspelt.
    filters
        What the firms must be as well.

    Returns
    -------
    Found
        By relevance when there are at most `CAP` hits and words were given, else in the order of the register.
    """
    filters = filters or Filters()
    words, filter_terms = tokens(text), filters.terms()
    known = _counts([*words, *filter_terms, "=tindustry", "=tpartner"])
    everything = known.get("=tindustry", 0) + known.get("=tpartner", 0)
    terms, corrected, unknown = _word_terms(words, known)
    if unknown or any(term not in known for term in filter_terms):
        return Found([], corrected=corrected, unknown=unknown)
    all_terms = [*terms, *(_Term(_quoted(term), known[term]) for term in filter_terms)]
    ids = _walk(all_terms, filters.region, everything)
    if ids is None:
        ids = _by_index(all_terms, terms, everything)
    return Found(ids[:CAP], more=len(ids) > CAP, corrected=corrected)


# --- words --------------------------------------------------------------------------------------------------


def _counts(words: Sequence[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, firms FROM registry_searchword WHERE word = ANY (%s) AND firms > 0", [list(words)])
        return dict(cursor.fetchall())


def _word_terms(words: Sequence[str], known: dict[str, int]) -> tuple[list[_Term], dict[str, str], list[str]]:
    """Return the terms of the words, what was read as something else, and what stands for nothing."""
    terms: list[_Term] = []
    corrected: dict[str, str] = {}
    unknown: list[str] = []
    for position, word in enumerate(words):
        is_last = position == len(words) - 1
        term = _known_term(word, known) or (_beginning_term(word) if is_last else None)
        if term is None and (better := _nearest(word)):
            corrected[word] = better[0]
            term = _Term(_quoted(better[0]), better[1])
        if term is None:
            unknown.append(word)
        else:
            terms.append(term)
    return terms, corrected, unknown


def _known_term(word: str, known: dict[str, int]) -> _Term | None:
    if word not in known:
        return None
    return _Term(_quoted(word), known[word])


def _beginning_term(word: str) -> _Term | None:
    """Read an unfinished word as any of the frequent words that begin with it."""
    if len(word) < 2 or not word.isalnum():
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, firms FROM registry_searchword WHERE word >= %s AND word < %s AND firms > 0"
            " ORDER BY firms DESC, word LIMIT %s",
            [word, word + "\U0010ffff", _EXPANSIONS],
        )
        found = cursor.fetchall()
    if not found:
        return None
    return _Term(f"({' | '.join(_quoted(other) for other, _ in found)})", sum(firms for _, firms in found))


def _nearest(word: str) -> tuple[str, int] | None:
    """Return the word most likely meant: among the most alike and frequent, the one that takes the fewest changes.

    A number is not misspelt: another would be another firm.
    """
    if word.isdigit():
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, firms, similarity(word, %s) FROM registry_searchword"
            " WHERE word %% %s AND word !~ '^(=|[0-9]+$)' AND firms > 0",
            [word, word],
        )
        found = [(alike + 0.05 * math.log10(firms), other, firms) for other, firms, alike in cursor.fetchall()]
    if not found:
        return None
    best = max(found)[0]
    nearly = [row for row in heapq.nlargest(_CANDIDATES, found) if row[0] >= best - _AS_ALIKE]
    _, better, firms = min(nearly, key=lambda row: (changes(word, row[1]), -row[0], row[1]))
    return better, firms


def changes(one: str, other: str) -> int:
    """Count the letters to add, drop, replace or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its)))
            if i > 1 and j > 1 and letter == other[j - 2] and its == one[i - 2]:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]


def _quoted(term: str) -> str:
    """Quote a word or filter for tsquery."""
    return "'" + term.replace("\\", "").replace("'", "''") + "'"


# --- reading the lists --------------------------------------------------------------------------------------


def _conjunction(terms: Sequence[_Term]) -> tuple[str, list[str]]:
    """Return SQL for the tsquery of all terms; words are stemmed, filters stand as they are."""
    words = [term.query for term in terms if not term.query.startswith("'=")]
    filters = [term.query for term in terms if term.query.startswith("'=")]
    parts = [f"to_tsquery('{config}', %s)" for config, some in (("indonesian", words), ("", filters)) if some]
    sql = " && ".join(part.replace("to_tsquery('', %s)", "%s::tsquery") for part in parts)
    return f"({sql})", [" & ".join(some) for some in (words, filters) if some]


def _by_index(terms: Sequence[_Term], words: Sequence[_Term], everything: int) -> list[int]:
    """Read hits from the inverted index, as the documents lie; few hits are ordered by relevance."""
    if not terms:
        return list(SearchDocument.objects.order_by("firm_id").values_list("firm_id", flat=True)[: CAP + 1])
    looked_up = [term for term in terms if term.firms <= COMMON * everything] or list(terms)
    checked = [term for term in terms if term not in looked_up]
    query, values = _conjunction(looked_up)
    rank, rank_values = _rank(words)
    match, match_values = _match("words", checked)
    sql = f"SELECT firm_id, {rank} FROM registry_searchdocument WHERE words @@ {query} AND {match} LIMIT {CAP + 1}"
    rows = _fetch(sql, [*rank_values, *values, *match_values], avoid=("seqscan", "indexscan"))
    if len(rows) > CAP:
        return sorted(firm_id for firm_id, _ in rows)
    return [firm_id for firm_id, _ in sorted(rows, key=lambda row: (-row[1], row[0]))]


def _rank(words: Sequence[_Term]) -> tuple[str, list[str]]:
    if not words:
        return "0", []
    query, values = _conjunction(words)
    return f"ts_rank(words, {query})", values


def _match(column: str, terms: Sequence[_Term]) -> tuple[str, list[str]]:
    """Return a condition that is checked row by row: as a function call it cannot send the planner to the index."""
    if not terms:
        return "true", []
    query, values = _conjunction(terms)
    return f"ts_match_vq({column}, {query})", values


def _walk(terms: Sequence[_Term], region: str, everything: int) -> list[int] | None:
    """Walk along the firms until the cap is met, where hits lie so densely that this beats the index.

    Returns None where they do not, or where the walk took too long.
    """
    within = next((term for term in terms if term.query == f"'=r{region}'"), None)
    others = [term for term in terms if term is not within]
    share = math.prod(min(1.0, term.firms / everything) for term in others) if everything > CAP else 0
    rows = (CAP + 1) / share if share else math.inf
    cost = rows * (REGION_ROW if within else ROW)
    if cost >= min((term.firms for term in terms), default=math.inf):
        return None
    ids = _along_region(others, region, rows) if within else _along_keys(others, rows)
    return ids if len(ids) > CAP else None


def _along_keys(terms: Sequence[_Term], rows: float) -> list[int]:
    match, values = _match("words", terms)
    sql = (
        "SELECT firm_id FROM (SELECT firm_id, words FROM registry_searchdocument ORDER BY firm_id"
        f" LIMIT {math.ceil(PATIENCE * rows)}) walked WHERE {match} ORDER BY firm_id LIMIT {CAP + 1}"
    )
    return [row[0] for row in _fetch(sql, values, avoid=("seqscan", "bitmapscan", "sort"))]


def _along_region(terms: Sequence[_Term], region: str, rows: float) -> list[int]:
    match, values = _match("d.words", terms)
    sql = (
        "SELECT f.id FROM (SELECT id, region_code FROM registry_firm WHERE region_code >= %s AND region_code < %s"
        f" ORDER BY region_code, id LIMIT {math.ceil(PATIENCE * rows)}) f"
        f" JOIN registry_searchdocument d ON d.firm_id = f.id WHERE {match}"
        f" ORDER BY f.region_code, f.id LIMIT {CAP + 1}"
    )
    avoid = ("seqscan", "bitmapscan", "hashjoin", "mergejoin")
    return [row[0] for row in _fetch(sql, [region, f"{region}/", *values], avoid=avoid)]


def _fetch(sql: str, values: Sequence[Any], *, avoid: Sequence[str]) -> list[tuple[Any, ...]]:
    """Run a query without the plans that would give the hits in another order each time.

    Settings and query travel together: PostgreSQL takes statements sent at once as one transaction, and the settings
    end with it.
    """
    plans = "".join(f"SET LOCAL enable_{plan} = off; " for plan in avoid)
    with connection.cursor() as cursor:
        cursor.execute(f"{plans}SET LOCAL max_parallel_workers_per_gather = 0; {MEMORY}{sql}", values)
        while cursor.nextset():  # pass over the answers to the settings
            pass
        return list(cursor.fetchall())
