"""The key by which rows without a NIB are recognised as the same firm."""

from __future__ import annotations

import hashlib

import polars as pl

from gebyar.registry.imports.texts import LEGAL_WORDS

# Jl., Jln. and Jalan, Kel. and Kelurahan: lists of two years differ in these first.
_ADDRESS_WORDS = (
    (r"\b(jalan|jln|jl)\b", "jl"),
    (r"\b(nomor|nomer|no)\b", ""),
    (r"\b(kelurahan|kel|desa|ds|dusun|dsn|kecamatan|kec)\b", ""),
)


def _plain(text: pl.Expr, *, is_ascii: bool) -> pl.Expr:
    text = text.fill_null("")
    # Texts of ASCII are normal already.
    letters = (text if is_ascii else text.str.normalize("NFKD")).str.to_lowercase()
    return letters.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()


def identity_text(name: pl.Expr, region_code: pl.Expr, address: pl.Expr, *, is_ascii: bool = False) -> pl.Expr:
    """What the key is a hash of: ``name|regency|address`` without case, punctuation, accents and legal form.

    Only the regency counts, since one list knows the village and the next only the district.
    """
    plain_name = _plain(name, is_ascii=is_ascii).str.replace_all(rf"\b({'|'.join(LEGAL_WORDS)})\b", "")
    plain_address = _plain(address, is_ascii=is_ascii)
    for pattern, replacement in _ADDRESS_WORDS:
        plain_address = plain_address.str.replace_all(pattern, replacement)
    parts = (plain_name, region_code.str.slice(0, 5).fill_null(""), plain_address)
    return pl.concat_str([part.str.replace_all(" ", "", literal=True) for part in parts], separator="|")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def identity_keys(frame: pl.DataFrame) -> pl.Series:
    """Keys of a table with the columns name, region_code, address.

    The first eight bytes of SHA-256, big-endian, signed: the same on every machine and in every version, and
    to be recomputed in PostgreSQL by ``('x' || encode(substr(sha256(text::bytea), 1, 8),
    'hex'))::bit(64)::bigint``.
    """
    is_ascii = not any(frame[column].str.contains(r"[^\x00-\x7f]").any() for column in ("name", "address"))
    key = identity_text(pl.col("name"), pl.col("region_code"), pl.col("address"), is_ascii=is_ascii)
    texts = frame.select(key).to_series()
    return pl.Series("identity_key", [_hash(text) for text in texts], dtype=pl.Int64)


def identity_key(name: str, region_code: str, address: str) -> int:
    """The key of one firm."""
    one = pl.DataFrame(
        {"name": [name], "region_code": [region_code], "address": [address]},
        schema_overrides={"address": pl.String},
    )
    return int(identity_keys(one)[0])
