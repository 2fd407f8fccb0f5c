"""Published figures as files, with the metadata that Satu Data Indonesia asks for (Perpres 39/2019).

That is concept, definition, classification, measure and unit of everything that is in them.
"""

import csv
import io
from typing import Any

from gebyar.reference.size_rules import SizeRule, size_rules
from gebyar.statistics.indicators import INDICATORS, MEASURES, SMALL_CLASSES, SMALL_NAMES, class_names
from gebyar.statistics.models import Snapshot
from gebyar.statistics.queries import ALL, class_label, published_figures, region_name

COLUMNS = ("rule", "region_code", "region", "size_class", *MEASURES)
NATION_CODE = "00"
ALL_CLASSES = "all"


def rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return one row per rule, region and size class; a measure is None where it would tell about a single firm."""
    return [
        {
            "rule": figure.rule,
            "region_code": figure.region_code or NATION_CODE,
            "region": region_name(figure.region_code),
            "size_class": figure.size_class or ALL_CLASSES,
            **{measure: getattr(figure, measure) for measure in MEASURES},
        }
        for figure in published_figures(snapshot)
    ]


def as_csv(snapshot: Snapshot) -> str:
    """Return the rows as CSV (RFC 4180, UTF-8); an empty field is a protected value."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows(snapshot))
    return text.getvalue()


def metadata(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the figures mean, where they come from and how they can be computed again."""
    return {
        "title": "Gebyar: figures of the register of firms",
        "taken_at": snapshot.taken_at.isoformat(),
        "firms": snapshot.firms,
        "synthetic_firms": snapshot.synthetic_firms,
        "is_synthetic": snapshot.synthetic_firms > 0,
        "source": "Register of firms",
        "snapshot_sha256": snapshot.sha256,
        "measures": [
            {"id": i.id, "concept": str(i.name), "definition": str(i.definition), "unit": str(i.unit), "law": i.law}
            for i in INDICATORS
        ],
        "classifications": [_rule(rule) for rule in size_rules()],
        "regions": {
            "classification": "Kemendagri, provinces",
            "nation": NATION_CODE,
        },
        "protection": "Empty values would tell about fewer than three firms or one that makes up more than 85 % of the "
        "value, or would let such a value be computed (UU 3/2014, art. 69-70).",
    }


def _rule(rule: SizeRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "law": rule.law,
        "version": rule.version,
        "facts": list(rule.facts),
        "classes": [{"id": name, "label": class_label(name)} for name in class_names(rule)]
        + [{"id": ALL_CLASSES, "label": class_label(ALL)}],
        "small": {"label": str(SMALL_NAMES[rule.id]), "classes": list(SMALL_CLASSES[rule.id])},
    }
