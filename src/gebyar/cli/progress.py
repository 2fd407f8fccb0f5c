"""Progress of long work in the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Report = Callable[[int, int | None, str], None]


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """Show a bar, and give the function that long work reports to: done, total (None: not known), words."""
    columns = (
        SpinnerColumn(),
        TextColumn("[bold]{task.fields[title]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns) as bars:
        task = bars.add_task("", title=title, total=None)

        def report(done: int, total: int | None, words: str) -> None:
            bars.update(task, completed=done, total=total, description=words)

        yield report
        # Work that was done before its time is done: a solver stops as soon as its plan is proven best.
        bars.update(task, completed=bars.tasks[task].total)
