from django.urls import path

from gebyar.fair.urls_floor import urlpatterns as floor
from gebyar.fair.views import mine, people, plans, requests, rounds

app_name = "fair"
urlpatterns = [
    path("", rounds.round_list, name="round_list"),
    path("calculator/", rounds.calculator, name="calculator"),
    # what organisers set up
    path("new/", rounds.fair_new, name="fair_new"),
    path("<int:fair_id>/change/", rounds.fair_change, name="fair_change"),
    path("<int:fair_id>/rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/change/", rounds.round_change, name="round_change"),
    path("rounds/<int:pk>/times/", rounds.round_times, name="round_times"),
    path("rounds/<int:pk>/state/", rounds.round_state, name="round_state"),
    path("rounds/<int:pk>/sessions/new/", rounds.session_new, name="session_new"),
    path("sessions/<int:pk>/remove/", rounds.session_remove, name="session_remove"),
    path("rounds/<int:pk>/participants/", people.participants, name="participants"),
    path("rounds/<int:pk>/participants/add/", people.participants_add, name="participants_add"),
    path("rounds/<int:pk>/participants/upload/", people.participants_upload, name="participants_upload"),
    path("participants/<int:pk>/", people.participant, name="participant"),
    path("rounds/<int:pk>/requests/", requests.requests, name="requests"),
    path("rounds/<int:pk>/requests/new/", requests.request_new, name="request_new"),
    path("rounds/<int:pk>/requests/upload/", requests.requests_upload, name="requests_upload"),
    path("requests/<int:pk>/fix/", requests.request_fix, name="request_fix"),
    path("requests/<int:pk>/remove/", requests.request_remove, name="request_remove"),
    # plans
    path("rounds/<int:pk>/plans/", plans.plans, name="plans"),
    path("rounds/<int:pk>/plans/compare/", plans.plan_compare, name="plan_compare"),
    path("rounds/<int:pk>/plans/undo/", plans.plan_undo, name="plan_undo"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/progress/", plans.plan_progress, name="plan_progress"),
    path("plans/<int:pk>/stop/", plans.plan_stop, name="plan_stop"),
    path("plans/<int:pk>/publish/", plans.plan_publish, name="plan_publish"),
    path("plans/<int:pk>/place/<int:request_id>/", plans.request_place, name="request_place"),
    path("plans/meetings/<int:pk>/lock/", plans.meeting_lock, name="meeting_lock"),
    path("plans/meetings/<int:pk>/move/", plans.meeting_move, name="meeting_move"),
    # what participants do
    path("mine/<int:pk>/", mine.participation, name="participation"),
    path("mine/<int:pk>/take-part/", mine.take_part, name="take_part"),
    path("mine/<int:pk>/others/", mine.others, name="others"),
    path("mine/<int:pk>/ask/<int:number>/", mine.ask, name="ask"),
    path("mine/<int:pk>/when/", mine.when, name="when"),
    path("mine/requests/<int:pk>/answer/", mine.answer, name="answer"),
    path("mine/requests/<int:pk>/withdraw/", mine.withdraw, name="withdraw"),
    *floor,
]
