"""Texts, names, legal forms, yes and no."""

from __future__ import annotations

import polars as pl

from gebyar.registry.imports.cells import Cell, refused

# Cells that say that nothing is said.
NOTHING = (
    "-", "--", "---", "–", "—", ".", "..", "...", "?", "n/a", "na", "#n/a", "#ref!", "#value!", "null",
    "none", "nan", "kosong", "nihil", "tidak tahu", "tidak diketahui", "tdk diketahui", "belum diisi",
    "blm ada data",
)  # fmt: skip
# The same for most columns, but an answer where a yes or no is asked.
NO_SUCH_THING = (
    "tidak ada", "tdk ada", "tidakada", "belum ada", "blm ada", "belum", "blm", "tidak punya", "belum punya",
)  # fmt: skip

_YES = (
    "ya", "y", "yes", "iya", "v", "✓", "✔", "√", "true", "1", "aktif", "active", "masih", "masih aktif",
    "beroperasi", "masih beroperasi", "ada", "sudah", "sudah ada", "punya", "sudah punya", "jalan", "ekspor",
    "eksport",
)  # fmt: skip
_NO = (
    "tidak", "tdk", "t", "n", "no", "false", "0", "tutup", "nonaktif", "non aktif", "non-aktif", "inaktif",
    "tidak aktif", "tdk aktif", "tidak beroperasi", "bangkrut", "berhenti", "lokal", "domestik",
    "tidak ekspor", "non ekspor",
)  # fmt: skip
YES = frozenset(_YES)
NO = frozenset((*_NO, *NO_SUCH_THING))
CROSS = "x"

_BLANKS = r"[\s\p{Cc}\u00a0\u200b\u200c\u200d\u2060\ufeff]+"
_UNUSUAL = r"[^\x21-\x7e ]|  |^ | $|^'"


def tidied(texts: pl.Series, *, answers_yes_or_no: bool = False) -> pl.Series:
    """Texts in NFC without control characters, double blanks, leading apostrophe; null if nothing is said."""
    if texts.str.contains(_UNUSUAL).any():
        texts = (
            texts.str.normalize("NFC").str.replace_all(_BLANKS, " ").str.strip_chars(" ").str.strip_chars_start("'’`")
        )
    nothing = NOTHING if answers_yes_or_no else NOTHING + NO_SUCH_THING
    # Only short texts can be among them; the others need not be lowered.
    short = texts.str.len_bytes() <= 24
    if not short.any():
        return texts
    name = texts.name
    said = pl.when((pl.col(name) != "") & ~pl.col(name).str.to_lowercase().is_in(nothing)).then(pl.col(name))
    return texts.to_frame().select(said.alias(name)).to_series()


def means_no(texts: pl.Series) -> bool:
    """Whether "x" means no in a column: it does where others answer with a tick or a word."""
    answers = set(texts.drop_nulls().str.to_lowercase().unique().to_list())
    return bool(answers & (YES | NO))


def parse_yes_no(text: str, *, cross: bool) -> Cell:
    """True or False; ``cross`` is what "x" means. Reason: not_yes_no."""
    plain = text.strip().lower().strip(".")
    if plain == CROSS:
        return Cell(cross)
    if plain in YES:
        return Cell(True)
    return Cell(False) if plain in NO else refused("not_yes_no")


_FORMS_IN_NAMES = {
    "pt": "PT", "perseroan terbatas": "PT", "cv": "CV", "ud": "UD", "usaha dagang": "UD", "pd": "PD",
    "perusahaan dagang": "PD", "perusahaan daerah": "PD", "fa": "Firma", "firma": "Firma",
    "koperasi": "Koperasi", "ksu": "Koperasi", "kud": "Koperasi", "yayasan": "Yayasan",
    "bumdes": "BUMDes", "bum desa": "BUMDes", "kub": "KUB", "kelompok usaha bersama": "KUB",
}  # fmt: skip
_FORMS = _FORMS_IN_NAMES | {
    "perorangan": "Perorangan", "perseorangan": "Perorangan", "po": "Perorangan", "pribadi": "Perorangan",
    "pt perorangan": "PT Perorangan", "kop": "Koperasi", "koperasi serba usaha": "Koperasi",
    "persekutuan komanditer": "CV",
}  # fmt: skip
# As words of a name without punctuation.
LEGAL_WORDS = tuple(sorted(_FORMS_IN_NAMES, key=len, reverse=True))
_FORM_FIRST = rf"(?i)^[^a-z0-9]*({'|'.join(LEGAL_WORDS)})[.,\s]"
_FORM_LAST = r"(?i)[\s,.(](pt|cv|ud|pd|fa)[.)\s]*$"


def legal_form_of_name(name: pl.Expr) -> pl.Expr:
    """The legal form that a name begins or ends with: "PT. Maju", "Maju, CV", "Maju (UD)"; null if none."""
    found = pl.coalesce(name.str.extract(_FORM_FIRST), name.str.extract(_FORM_LAST))
    return found.str.to_lowercase().replace_strict(_FORMS_IN_NAMES, default=None, return_dtype=pl.String)


def legal_form_of_cell(text: pl.Expr) -> pl.Expr:
    """The usual short form of a cell that names a legal form; other texts stay as they are."""
    plain = text.str.to_lowercase().str.replace_all(r"[.,()\s]+", " ").str.strip_chars()
    return pl.coalesce(plain.replace_strict(_FORMS, default=None, return_dtype=pl.String), text)


def products(text: pl.Expr, longest: int) -> pl.Expr:
    """The products of one cell as a list, split at commas, semicolons, slashes and line ends."""
    parts = text.str.replace_all(r"\s*[;/|\n]\s*", ",").str.split(",")
    each = pl.element().str.strip_chars(" .-•").str.slice(0, longest)
    return parts.list.eval(each.filter(each != "")).list.unique(maintain_order=True)
