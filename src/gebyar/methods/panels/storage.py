"""Tasks and panels as JSON, for files and decision records; numbers only, no names of entries or judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gebyar.methods.panels.task import Finding, Mix, PanelError, Panels, PanelTask, make_task

if TYPE_CHECKING:
    from collections.abc import Iterable

Plain = dict[str, Any]
DIGITS = 6


def task_to_json(task: PanelTask) -> Plain:
    """Plain data; `task_from_json` gives the same task back."""
    return {
        "affinity": task.affinity.tolist(),
        "coverage": task.coverage.tolist(),
        "least": task.least.tolist(),
        "most": task.most.tolist(),
        "barred": np.argwhere(task.barred).tolist(),
        "mixes": [
            {
                "name": mix.name,
                "judges": sorted(mix.judges),
                "least": mix.least,
                "entries": None if mix.entries is None else sorted(mix.entries),
            }
            for mix in task.mixes
        ],
        "fixed": [list(pair) for pair in task.fixed],
        "connected": task.connected,
        "cap": task.cap,
    }


def task_from_json(data: Plain) -> PanelTask:
    """The inverse of `task_to_json`.

    Raises
    ------
    PanelError
        The numbers do not fit together, or something is missing or of the wrong kind.
    """
    try:
        affinity = np.array(data["affinity"], dtype=np.float64)
        barred = np.zeros(affinity.shape, dtype=bool)
        for entry, judge in data["barred"]:
            barred[entry, judge] = True
        return make_task(
            affinity,
            coverage=data["coverage"],
            most=data["most"],
            least=data["least"],
            barred=barred,
            mixes=tuple(_mix(row) for row in data["mixes"]),
            fixed=_pairs(data["fixed"]),
            connected=data["connected"],
            cap=data["cap"],
        )
    except (KeyError, TypeError, IndexError) as error:
        raise PanelError(f"this is no task: {error}") from error


def _mix(row: Plain) -> Mix:
    entries = None if row["entries"] is None else frozenset(row["entries"])
    return Mix(row["name"], frozenset(row["judges"]), row["least"], entries)


def panels_to_json(panels: Panels) -> Plain:
    """Plain data; figures are rounded to six digits."""
    return {
        "status": panels.status,
        "pairs": [list(pair) for pair in panels.pairs],
        "worst": _rounded(panels.worst),
        "total": _rounded(panels.total),
        "worst_bound": _rounded(panels.worst_bound),
        "total_bound": _rounded(panels.total_bound),
        "reason": panels.reason,
        "needs": list(panels.needs),
        "connected": panels.connected,
        "seconds": round(panels.seconds, 3),
        "probabilities": [list(row) for row in panels.probabilities],
        "findings": [{"code": one.code, "parameters": one.parameters} for one in panels.findings],
        "cut_short": panels.cut_short,
    }


def panels_from_json(data: Plain) -> Panels:
    """The inverse of `panels_to_json` but for what was rounded.

    Raises
    ------
    PanelError
        The data is no assignment.
    """
    try:
        return Panels(
            status=data["status"],
            pairs=_pairs(data["pairs"]),
            worst=data["worst"],
            total=data["total"],
            worst_bound=_bound(data["worst_bound"]),
            total_bound=_bound(data["total_bound"]),
            reason=data["reason"],
            needs=tuple(data["needs"]),
            connected=data["connected"],
            seconds=data.get("seconds", 0.0),
            probabilities=tuple((int(row[0]), int(row[1]), float(row[2])) for row in data["probabilities"]),
            findings=tuple(Finding(row["code"], row["parameters"]) for row in data["findings"]),
            cut_short=data["cut_short"],
        )
    except (KeyError, TypeError, IndexError) as error:
        raise PanelError(f"this is no assignment: {error}") from error


def _pairs(rows: Iterable[Iterable[int]]) -> tuple[tuple[int, int], ...]:
    found = []
    for row in rows:
        entry, judge = row
        if type(entry) is not int or type(judge) is not int:
            raise PanelError(f"the pair {entry!r}–{judge!r} is not of whole numbers; give entry and judge")
        found.append((entry, judge))
    return tuple(found)


def _rounded(value: float) -> float | None:
    return round(value, DIGITS) if np.isfinite(value) else None


def _bound(value: float | None) -> float:
    return float("inf") if value is None else value
