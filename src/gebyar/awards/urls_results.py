"""The addresses of results: decisions, winners, certificates, feedback, figures."""

from django.urls import path

from gebyar.awards.views import results

urlpatterns = [
    path("<edition:slug>/results/", results.results, name="results"),
    path("<edition:slug>/winners/", results.winners, name="winners"),
    path("<edition:slug>/winners/<slug:category>/", results.winners, name="winners_of_category"),
    path("<edition:slug>/figures/", results.figures, name="figures"),
    path("<edition:slug>/press/", results.press, name="press"),
    path("<edition:slug>/press/<slug:format>/", results.press_file, name="press_file"),
    path("stages/<int:pk>/decision/", results.decision, name="decision"),
    path("stages/<int:pk>/decision/minutes/", results.decision_minutes, name="decision_minutes"),
    path("prizes/<int:pk>/story/", results.story, name="story"),
    path("prizes/<int:pk>/certificate/", results.certificate_sheet, name="certificate_sheet"),
    path("certificates/<str:code>/", results.certificate, name="certificate"),
    path("entries/<int:pk>/feedback/", results.feedback, name="feedback"),
    path("entries/<int:pk>/feedback/sheet/", results.feedback_sheet, name="feedback_sheet"),
]
