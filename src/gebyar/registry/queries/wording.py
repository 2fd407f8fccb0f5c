"""Names of the facts and values that corrections and histories speak of."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gebyar.reference import regions
from gebyar.registry.facts import facts
from gebyar.registry.imports.fields import Kind
from gebyar.registry.models import Correction, FactChange


def label_of(change: Correction | FactChange) -> str | Promise:
    """Name the fact that a change is about."""
    if change.field.startswith("membership:"):
        return _("Acting for the firm")
    known = facts().get(change.field)
    return known.label if known else change.field


def kind_of(field: str) -> str:
    """Return the kind of a fact, by which templates choose how to write its value."""
    known = facts().get(field)
    return str(known.kind) if known else str(Kind.TEXT)


def place(code: str) -> str:
    """Name a region with its surroundings; a code that is not in today's list stands as it is."""
    return regions.label(code) if regions.is_valid(code) else code
