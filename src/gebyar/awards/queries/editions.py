"""Editions as pages, services and neighbours read them."""

from functools import lru_cache

from gebyar.awards.models import Edition, RulesVersion
from gebyar.reference.awards.reading import read_rules
from gebyar.reference.awards.rules import EditionRules


def rules_of(edition: Edition) -> EditionRules:
    """Return the rules in force for an edition; a version is read once in a process, for it never changes.

    No query where the version was read along with the edition, its document perhaps left out.

    Raises
    ------
    RulesVersion.DoesNotExist
        Where there is none.
    """
    version = edition.version
    if version is None:
        raise RulesVersion.DoesNotExist
    return _read(version.pk, version.sha256)


@lru_cache(maxsize=256)
def _read(version_id: int, _sha256: str) -> EditionRules:
    """The hash is part of the key: in tests a new database counts its rows from 1 again."""
    return read_rules(RulesVersion.objects.values_list("document", flat=True).get(pk=version_id))
