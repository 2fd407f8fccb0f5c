"""Start the proving process and follow its reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from gebyar.methods.meetings.storage import problem_to_json

if TYPE_CHECKING:
    from types import TracebackType

    from gebyar.methods.meetings.model import Model
    from gebyar.methods.meetings.problem import Problem

MODULE = "gebyar.methods.meetings.prover"


class ProofSide:
    """What the proving process has said so far.

    Attributes
    ----------
    bound
        Idle periods proven to be unavoidable.
    tick
        Its work so far.
    start, optimum
        Slots (from 0) of its first plan and of the optimal plan; None until known.
    optimum_tick
        Its work when the optimal plan was there.
    infeasible, reason
        Whether it has proven that there is no plan, and the words, which come later.
    """

    def __init__(self, problem: Problem, model: Model, lower: int, seconds: float) -> None:
        self.bound = lower
        self.tick = 0
        self.start: list[int] | None = None
        self.optimum: list[int] | None = None
        self.optimum_tick = 0
        self.infeasible = False
        self.reason: str | None = None
        self.ended = False
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        task = {"model": model.to_json(), "problem": problem_to_json(problem), "lower": lower, "seconds": seconds}
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._thread = threading.Thread(target=self._talk, args=(json.dumps(task),), daemon=True)
        self._thread.start()

    def _talk(self, task: str) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return
        try:
            with stdin:
                stdin.write(task)
        except BrokenPipeError:
            pass
        for line in stdout:
            self._lines.put(line)
        self._lines.put(None)

    def listen(self, wait: float = 0.0) -> None:
        """Take in what has arrived; wait at most so many seconds when there is nothing."""
        try:
            line = self._lines.get(timeout=wait) if wait > 0 else self._lines.get_nowait()
            while True:
                self._note(line)
                line = self._lines.get_nowait()
        except Empty:
            return

    def _note(self, line: str | None) -> None:
        if line is None:
            self.ended = True
            return
        said: dict[str, Any] = json.loads(line)
        self.tick = said["tick"]
        event = said["event"]
        if event == "start":
            self.start = said["slots"]
        elif event == "bound":
            self.bound = said["value"]
        elif event == "optimal":
            self.bound, self.optimum, self.optimum_tick = said["value"], said["slots"], said["tick"]
        elif event == "infeasible":
            self.infeasible = True
        elif event == "reason":
            self.reason = said["text"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
