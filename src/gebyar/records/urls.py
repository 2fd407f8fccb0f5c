from django.urls import path

from gebyar.records import views

app_name = "records"
urlpatterns = [
    path("", views.record_list, name="record_list"),
    path("audit/", views.audit, name="audit"),
    path("chain.jsonl", views.chain, name="chain"),
    path("<str:digest>/", views.record, name="record"),
    path("<str:digest>/record.json", views.record_file, name="record_file"),
    path("<str:digest>/minutes.pdf", views.record_minutes, name="record_minutes"),
]
