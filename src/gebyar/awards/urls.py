"""The addresses of the awards, in the order of an edition: entering, stages, judging, results."""

from gebyar.awards.urls_entering import urlpatterns as entering
from gebyar.awards.urls_judging import urlpatterns as judging
from gebyar.awards.urls_results import urlpatterns as results
from gebyar.awards.urls_stages import urlpatterns as stages

app_name = "awards"
urlpatterns = [*entering, *stages, *judging, *results]
