"""The signed-in person behind a request."""

from django.http import Http404, HttpRequest

from gebyar.accounts.models import User


def actor_of(request: HttpRequest) -> User:
    """Return who acts; the table of routes lets nobody else come this far."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
