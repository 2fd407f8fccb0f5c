"""Addresses of judging: what judges open stands below judge/, where their pages also open without a line."""

from django.urls import path

from gebyar.awards.views import judges, panels, rankings, scoring

urlpatterns = [
    # for judges
    path("judge/work/", judges.my_judging, name="my_judging"),
    path("judge/worker.js", scoring.judging_worker, name="judging_worker"),
    path("judge/<int:pk>/answer/", judges.judgeship_answer, name="judgeship_answer"),
    path("judge/<int:pk>/profile/", judges.judge_profile, name="judge_profile"),
    path("judge/<int:pk>/ties/", judges.declare, name="declare"),
    path("judge/<int:pk>/ties/done/", judges.declare_done, name="declare_done"),
    path("judge/entries/<int:pk>/", scoring.score, name="score"),
    path("judge/entries/<int:pk>/answer/", scoring.assignment_answer, name="assignment_answer"),
    path("judge/entries/<int:pk>/tied/", scoring.assignment_tied, name="assignment_tied"),
    path("judge/entries/<int:pk>/documents/<slug:key>/", scoring.judge_document, name="judge_document"),
    path("judge/stages/<int:pk>/accept/", scoring.accept_all, name="accept_all"),
    path("judge/stages/<int:pk>/send/", scoring.send_all, name="send_all"),
    # for organisers
    path("editions/<int:pk>/judges/", judges.judges_page, name="judges"),
    path("editions/<int:pk>/judges/invite/", judges.judge_invite, name="judge_invite"),
    path("editions/<int:pk>/judges/ties/", judges.conflicts_detect, name="conflicts_detect"),
    path("judges/<int:pk>/", judges.judge_page, name="judge"),
    path("judges/<int:pk>/ties/", judges.conflicts_enter, name="conflicts_enter"),
    path("ties/<int:pk>/lift/", judges.conflict_lift, name="conflict_lift"),
    path("stages/<int:pk>/judging/", panels.judging_board, name="judging_board"),
    path("stages/<int:pk>/judging/remind/", panels.judging_remind, name="judging_remind"),
    path("stages/<int:pk>/panels/", panels.panels_page, name="panels"),
    path("stages/<int:pk>/panels/entries/<int:entry_id>/", panels.panel_entry, name="panel_entry"),
    path("panels/<int:pk>/", panels.panel_plan, name="panel_plan"),
    path("panels/<int:pk>/progress/", panels.panel_progress, name="panel_progress"),
    path("panels/<int:pk>/force/", panels.panel_force, name="panel_force"),
    path("assignments/<int:pk>/take-out/", panels.assignment_take_out, name="assignment_take_out"),
    path("assignments/<int:pk>/reopen/", panels.assignment_reopen, name="assignment_reopen"),
    path("stages/<int:pk>/ranking/", rankings.rankings_page, name="rankings"),
    path("rankings/<int:pk>/", rankings.ranking, name="ranking"),
    path("rankings/<int:pk>/final/", rankings.ranking_final, name="ranking_final"),
]
