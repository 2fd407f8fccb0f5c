"""One id for everything that one request, task or command does, so that its audit entries can be read together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID, uuid4

_current: ContextVar[UUID | None] = ContextVar("request_id", default=None)


@contextmanager
def one_request() -> Iterator[UUID]:
    """Give what happens within an id of its own."""
    request_id = uuid4()
    token = _current.set(request_id)
    try:
        yield request_id
    finally:
        _current.reset(token)


def request_id() -> UUID:
    """Return the id of the request at work; a service called outside of any, as in a shell, gets one for itself."""
    return _current.get() or uuid4()
