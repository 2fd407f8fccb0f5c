"""Give judges to entries: fair to the worst-off entry, then as fitting as possible, and explained when impossible.

The solvers are imported when first called; readers and checkers need not wait for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gebyar.methods.panels.checking import check_panels
from gebyar.methods.panels.graph import components, is_connected
from gebyar.methods.panels.reasons import CODES, finding_words
from gebyar.methods.panels.task import Finding, Mix, PanelError, Panels, PanelTask, make_task

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CODES",
    "Finding",
    "Mix",
    "PanelError",
    "PanelTask",
    "Panels",
    "assign",
    "check_panels",
    "components",
    "finding_words",
    "is_connected",
    "make_task",
]


def assign(
    task: PanelTask,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Callable[[int, int | None, str], None] | None = None,
) -> Panels:
    """Give judges to entries; see `assigning.assign`."""
    from gebyar.methods.panels import assigning  # noqa: PLC0415 - see above

    return assigning.assign(task, seed=seed, time_limit=time_limit, progress=progress)
