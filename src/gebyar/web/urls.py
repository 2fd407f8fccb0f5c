from django.urls import include, path

from gebyar.web import views
from gebyar.web.api import api

web = (
    [
        path("", views.home, name="home"),
        path("about/", views.about, name="about"),
        path("style/", views.style_page, name="style"),
        path("theme/", views.theme, name="theme"),
        path("health/", views.health, name="health"),
    ],
    "web",
)

urlpatterns = [
    path("", include(web)),
    path("language/", views.set_language, name="set_language"),
    path("people/", include("gebyar.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("firms/", include("gebyar.registry.urls")),
    path("partners/", include("gebyar.partnership.urls")),
    path("readiness/", include("gebyar.readiness.urls")),
    path("facilities/", include("gebyar.facilities.urls")),
    path("fair/", include("gebyar.fair.urls")),
    path("awards/", include("gebyar.awards.urls")),
    path("figures/", include("gebyar.statistics.urls")),
    path("records/", include("gebyar.records.urls")),
    path("api/", api.urls),
]

handler404 = "gebyar.web.views.not_found"
handler500 = "gebyar.web.views.server_error"
handler403 = "gebyar.web.views.forbidden"
