"""The awards' part of the API, put together from its four rooms."""

from ninja import Router

from gebyar.awards.api_entering import router as entering
from gebyar.awards.api_judging import router as judging
from gebyar.awards.api_results import router as results
from gebyar.awards.api_stages import router as stages

router = Router()
for part in (entering, stages, judging, results):
    router.add_router("", part)
