"""The programme's API: the same queries and services as the pages, described by OpenAPI."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from gebyar import __version__
from gebyar.awards.api import router as awards
from gebyar.facilities.api import router as facilities
from gebyar.fair.api import router as fair
from gebyar.partnership.api import router as partnership
from gebyar.readiness.api import router as readiness
from gebyar.records.api import router as records
from gebyar.records.errors import DomainError
from gebyar.registry.api import router as registry
from gebyar.statistics.api import router as statistics

# Ninja's own page of documentation needs inline scripts, which our content security policy refuses.
api = NinjaAPI(title="Gebyar", version=__version__, urls_namespace="api", docs_url=None)
for router in (registry, partnership, readiness, facilities, fair, awards, statistics, records):
    api.add_router("", router)


@api.exception_handler(DomainError)
def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Say the words of an error that a person can act upon."""
    return api.create_response(request, {"detail": str(error)}, status=409)
