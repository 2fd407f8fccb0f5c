"""What follows from published cells. Apart from the protection itself, whose solvers a page does not need."""

from collections.abc import Iterable


def follows(hidden: Iterable[bool], chosen: Iterable[bool]) -> bool:
    """Whether the sum of the chosen classes can be computed from what is shown of a line.

    Parameters
    ----------
    hidden
        For each class of the line, and last for their total, whether it is hidden.
    chosen
        For each class, whether it belongs to the sum.
    """
    *cells, total = hidden
    inside, outside = False, bool(total)
    for is_hidden, is_chosen in zip(cells, chosen, strict=True):
        if is_chosen:
            inside = inside or bool(is_hidden)
        else:
            outside = outside or bool(is_hidden)
    return not (inside and outside)
