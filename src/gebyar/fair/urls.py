from django.urls import path

from gebyar.fair import views

app_name = "fair"
urlpatterns = [
    path("", views.day_list, name="day_list"),
    path("days/<int:day_id>/", views.day, name="day"),
    path("days/<int:day_id>/plans/", views.make_plan, name="make_plan"),
    path("plans/<int:plan_id>/publish/", views.publish, name="publish"),
    path("agendas/<str:token>/", views.agenda, name="agenda"),
    path("agendas/<str:token>/agenda.pdf", views.agenda_sheet, name="agenda_sheet"),
    path("agendas/<str:token>/agenda.ics", views.agenda_calendar, name="agenda_calendar"),
]
