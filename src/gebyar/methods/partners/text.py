"""Words as groups of three and four characters, which misspellings and endings leave mostly alike."""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy import sparse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Groups are numbered by a checksum, so that no table of them has to be kept or agreed upon.
BUCKETS = 1 << 18
LENGTHS = (3, 4)
_WORD = re.compile(r"[a-z0-9]+")
# Words of every listing, which tell nothing about what is traded.
FILLERS = frozenset(
    [
        "ada",
        "adalah",
        "agar",
        "akan",
        "atau",
        "bagi",
        "bahan",
        "bisa",
        "butuh",
        "cari",
        "dan",
        "dapat",
        "dari",
        "dengan",
        "di",
        "dicari",
        "for",
        "from",
        "guna",
        "harga",
        "hingga",
        "ingin",
        "ini",
        "itu",
        "jual",
        "juga",
        "kami",
        "ke",
        "kepada",
        "kualitas",
        "lain",
        "looking",
        "membutuhkan",
        "mencari",
        "menjual",
        "menyediakan",
        "need",
        "needed",
        "of",
        "offer",
        "oleh",
        "pada",
        "partner",
        "per",
        "perlu",
        "produk",
        "produksi",
        "produsen",
        "punya",
        "saat",
        "sedia",
        "segera",
        "seluruh",
        "semua",
        "serta",
        "siap",
        "sudah",
        "supplier",
        "telah",
        "terima",
        "the",
        "to",
        "tujuan",
        "untuk",
        "usaha",
        "we",
        "yang",
    ]
)


def words(text: str) -> list[str]:
    """Return the telling words in lower case without accents, each once, in their order."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [word for word in dict.fromkeys(_WORD.findall(plain)) if word not in FILLERS and len(word) > 1]


def groups(word: str) -> Integers:
    """Return the bucket numbers of a word's groups of characters, its ends marked."""
    marked = f"^{word}$"
    found = {marked[at : at + size] for size in LENGTHS for at in range(len(marked) - size + 1)} or {marked}
    return np.array(sorted(zlib.crc32(group.encode()) % BUCKETS for group in found), dtype=np.int64)


class Vectors:
    """Turns texts into counts of groups; keeps the groups of words it has seen."""

    def __init__(self) -> None:
        self._known: dict[str, Integers] = {}

    def counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return a matrix, texts × buckets, of 1 + log(count)."""
        from scipy import sparse  # noqa: PLC0415  large, and pages that suggest nobody do without it

        parts = [self._groups(text) for text in texts]
        ends = np.cumsum([0, *(len(part) for part in parts)])
        columns = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        ones = np.ones(len(columns), dtype=np.float32)
        matrix = sparse.csr_matrix((ones, columns, ends), shape=(len(texts), BUCKETS))
        matrix.sum_duplicates()
        matrix.data = (1 + np.log(matrix.data)).astype(np.float32)
        return matrix

    def _groups(self, text: str) -> Integers:
        parts = [self._of(word) for word in words(text)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _of(self, word: str) -> Integers:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = groups(word)
        return known
