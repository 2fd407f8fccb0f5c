"""One thread for linear algebra.

The matrices here have a few hundred rows. Several threads gain little on them, wait for each other for many times the
work itself when other programmes run on the same cores, and add numbers in another order on every machine.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which matrix routines run in the calling thread alone."""
    found: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return found


@cache
def _controller() -> Any:
    """Look once for the loaded routines: a look takes longer than a small fit."""
    return ThreadpoolController()
