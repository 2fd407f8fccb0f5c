"""The day and what came of it; `gebyar.fair.urls` takes these addresses in."""

from django.urls import path

from gebyar.fair.views import agenda, dashboard, floor, outcomes

urlpatterns = [
    # a participant's agenda; its address cannot be guessed
    path("agendas/worker.js", agenda.agenda_worker, name="agenda_worker"),
    path("agendas/<str:token>/", agenda.agenda, name="agenda"),
    path("agendas/<str:token>/agenda.pdf", agenda.agenda_sheet, name="agenda_sheet"),
    path("agendas/<str:token>/agenda.ics", agenda.agenda_calendar, name="agenda_calendar"),
    # the day
    path("check-in/<str:token>/", floor.check_in, name="check_in"),
    path("boards/<str:token>/", floor.board, name="board"),
    path("rounds/<int:round_id>/desk/", floor.desk, name="desk"),
    path("rounds/<int:round_id>/missing/<int:number>/", floor.missing, name="missing"),
    path("rounds/<int:round_id>/plan-from-now/", floor.plan_from_now, name="plan_from_now"),
    path("rounds/<int:round_id>/undo-repair/", floor.undo_repair, name="undo_repair"),
    path("rounds/<int:round_id>/floor/", floor.floor, name="floor"),
    path("rounds/<int:round_id>/tables/<int:number>/", floor.table, name="table"),
    path("rounds/<int:round_id>/print/cards.pdf", floor.cards, name="cards"),
    path("rounds/<int:round_id>/print/hall.pdf", floor.hall_plan, name="hall_plan"),
    path("rounds/<int:round_id>/print/badges.pdf", floor.badges, name="badges"),
    path("meetings/<int:request_id>/log/", floor.log_meeting, name="log_meeting"),
    # what came of it
    path("outcomes/", outcomes.my_outcomes, name="my_outcomes"),
    path("meetings/<int:request_id>/outcome/", outcomes.outcome, name="outcome"),
    path("rounds/<int:round_id>/dashboard/", dashboard.dashboard, name="dashboard"),
    path("rounds/<int:round_id>/dashboard/participants/", dashboard.dashboard_export, name="dashboard_export"),
]
