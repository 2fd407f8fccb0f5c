from django.urls import path

from gebyar.readiness.views import assessments, figures, instruments, joining, plans, visits, workshops

app_name = "readiness"
urlpatterns = [
    path("", assessments.overview, name="overview"),
    path("firms/<int:firm_id>/", assessments.firm, name="firm"),
    path("firms/<int:firm_id>/begin/", assessments.begin, name="begin"),
    path("firms/<int:firm_id>/plan/", plans.plan, name="plan"),
    path("steps/<int:pk>/", plans.step, name="step"),
    path("assessments/<int:pk>/", assessments.result, name="result"),
    path("assessments/<int:pk>/questions/<int:number>/", assessments.question, name="question"),
    path("assessments/<int:pk>/open/", assessments.open_questions, name="open_questions"),
    path("assessments/<int:pk>/finish/", assessments.finish, name="finish"),
    path("assessments/<int:pk>/sheet/", assessments.result_sheet, name="result_sheet"),
    path("assessments/<int:pk>/visit/", visits.begin, name="visit_begin"),
    path("assessments/<int:pk>/verification/", visits.report, name="report"),
    # visits
    path("visits/", visits.candidate_list, name="candidates"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/questions/<int:number>/", visits.question, name="visit_question"),
    path("evidence/<int:pk>/", visits.evidence, name="evidence"),
    path("evidence/<int:pk>/remove/", visits.evidence_remove, name="evidence_remove"),
    # workshops
    path("workshops/", workshops.workshops, name="workshop_list"),
    path("workshops/new/", workshops.workshop_new, name="workshop_new"),
    path("workshops/<int:pk>/", workshops.workshop, name="workshop"),
    path("workshops/<int:pk>/state/", workshops.workshop_state, name="workshop_state"),
    path("workshops/<int:pk>/paper/", workshops.paper, name="paper"),
    path("workshops/<int:pk>/paper/sheet/", workshops.paper_sheet, name="paper_sheet"),
    path("join/", joining.join_code, name="join_code"),
    path("join/<str:code>/", joining.join, name="join"),
    path("join/<str:code>/questions/<int:number>/", joining.sheet_question, name="sheet_question"),
    path("join/<str:code>/finish/", joining.sheet_finish, name="sheet_finish"),
    path("join/<str:code>/result/", joining.sheet_result, name="sheet_result"),
    path("join/<str:code>/group/", joining.group, name="group"),
    path("join/<str:code>/take-home/", joining.take_result_home, name="take_home"),
    # instruments and figures
    path("instruments/", instruments.instruments, name="instrument_list"),
    path("instruments/<int:pk>/", instruments.instrument, name="instrument"),
    path("instruments/<int:pk>/document/", instruments.document, name="document"),
    path("instruments/<int:pk>/new-version/", instruments.new_version, name="new_version"),
    path("instruments/<int:pk>/change/<slug:part>/", instruments.edit, name="instrument_edit"),
    path("instruments/<int:pk>/state/", instruments.state, name="instrument_state"),
    path("figures/", figures.figures, name="figures"),
    path("figures/public/", figures.figures_public, name="figures_public"),
]
