"""Figures of results as readers write them."""

from django.utils.formats import number_format


def figure_words(value: float | None, *, signed: bool = False) -> str:
    """Write points with one decimal, none where there is none; a dash where there is no value."""
    if value is None:
        return "–"
    rounded = round(value, 1)
    words = number_format(abs(rounded), 0 if rounded == int(rounded) else 1, force_grouping=False)
    sign = "−" if rounded < 0 else "+" if signed else ""
    return sign + words
