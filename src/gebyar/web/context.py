"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gebyar import __version__
from gebyar.registry.queries import holds_synthetic_firms
from gebyar.web.navigation import navigation_for


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "navigation": navigation_for(request),
        "synthetic_data": holds_synthetic_firms(),
        "theme": request.COOKIES.get("theme", ""),
        "site_url": settings.SITE_URL,
        "gebyar_version": __version__,
    }
