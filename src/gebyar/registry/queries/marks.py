"""What every page has to know about the register."""

from time import monotonic

from gebyar.registry.models import Source

_KEPT_SECONDS = 30.0
_kept: dict[str, tuple[float, bool]] = {}


def holds_synthetic_firms() -> bool:
    """Say whether made-up firms are in the register, so that every page can carry the mark.

    Asked by every page, so the answer is kept for half a minute. Made-up firms only ever come with a source
    of that kind, which is asked instead of the millions of firms.
    """
    answer = _kept.get("answer")
    if answer is None or monotonic() - answer[0] > _KEPT_SECONDS:
        found = Source.objects.filter(kind=Source.Kind.SYNTHETIC, deliveries__isnull=False).exists()
        _kept["answer"] = answer = (monotonic(), found)
    return answer[1]


def forget_marks() -> None:
    """Ask again at the next page; for whoever just filled or emptied the register, and for tests."""
    _kept.clear()
