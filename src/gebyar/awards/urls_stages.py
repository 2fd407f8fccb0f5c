"""The addresses of the stages: the organiser's board, officers' checks, the entrant's way, proposals, winners."""

from django.urls import path

from gebyar.awards.views import checks, coaching, objections, progress, proposals, stages

urlpatterns = [
    # organisers
    path("stages/editions/", stages.boards, name="boards"),
    path("stages/editions/<int:pk>/", stages.board, name="board"),
    path("stages/<int:pk>/", stages.stage, name="stage"),
    path("stages/<int:pk>/begin/", stages.stage_begin, name="stage_begin"),
    path("stages/<int:pk>/deadline/", stages.stage_extend, name="stage_extend"),
    path("stages/<int:pk>/close/", stages.stage_close, name="stage_close"),
    path("stages/<int:pk>/choose/", stages.stage_choose, name="stage_choose"),
    path("stages/<int:pk>/decide/", stages.stage_decide, name="stage_decide"),
    path("stages/<int:pk>/fill/", stages.stage_fill, name="stage_fill"),
    path("stages/<int:pk>/stars/", stages.stars, name="stars"),
    path("stages/<int:pk>/coaching/", coaching.coaching, name="coaching"),
    path("stages/<int:pk>/coaching/new/", coaching.session_new, name="coaching_session_new"),
    path("stages/sessions/<int:pk>/", coaching.session_change, name="coaching_session"),
    path("stages/sessions/<int:pk>/remove/", coaching.session_remove, name="coaching_session_remove"),
    path("stages/sessions/<int:pk>/attendance/", coaching.attendance, name="attendance"),
    path("stages/objections/", objections.objection_list, name="objections"),
    path("stages/objections/<int:pk>/", objections.objection, name="objection"),
    # officers
    path("stages/checks/", checks.check_list, name="checks"),
    path("stages/checks/next/", checks.check_next, name="check_next"),
    path("stages/checks/<int:pk>/", checks.check, name="check"),
    path("stages/checks/<int:pk>/documents/<slug:key>/", checks.check_document, name="check_document"),
    path("stages/prizes/", proposals.prize_list, name="prizes"),
    path("stages/prizes/<int:pk>/", proposals.prize, name="prize"),
    path("stages/prizes/<int:pk>/revoke/", proposals.prize_revoke, name="prize_revoke"),
    # regencies and the firms they propose
    path("stages/proposals/", proposals.proposal_list, name="proposals"),
    path("stages/proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("stages/proposals/new/<int:edition_id>/", proposals.proposal_new, name="proposal_new"),
    # entrants
    path("entries/<int:pk>/progress/", progress.progress, name="progress"),
    path("entries/<int:pk>/prototypes/<int:stage_id>/", coaching.prototype_add, name="prototype_add"),
    path("stages/prototypes/<int:pk>/remove/", coaching.prototype_remove, name="prototype_remove"),
    path("stages/prototypes/<int:pk>/picture/", coaching.prototype_picture, name="prototype_picture"),
    path("stages/outcomes/<int:pk>/objection/", objections.objection_file, name="objection_file"),
    path("stages/outcomes/objections/<int:pk>/withdraw/", objections.objection_withdraw, name="objection_withdraw"),
]
