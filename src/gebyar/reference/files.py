"""Reading the data files that travel inside the package."""

from __future__ import annotations

import csv
import io
from importlib import resources
from typing import Any

import yaml


def _read_text(name: str) -> str:
    return resources.files("gebyar.reference").joinpath("data", name).read_text(encoding="utf-8")


def read_yaml(name: str) -> Any:
    """Content of ``data/<name>`` as plain Python values."""
    return yaml.safe_load(_read_text(name))


def read_csv(name: str) -> list[dict[str, str]]:
    """Rows of ``data/<name>`` keyed by the header, every value as text."""
    return list(csv.DictReader(io.StringIO(_read_text(name))))
