from django.urls import path

from gebyar.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.headline_page, name="headline"),
    path("claims/", views.claims_page, name="claims"),
    path("open-data/", views.open_data_page, name="open_data"),
    path("open-data/figures.csv", views.figures_csv, name="figures_csv"),
    path("open-data/figures.json", views.figures_json, name="figures_json"),
    path("snapshots/", views.snapshot, name="snapshot"),
    path("snapshots/<int:pk>.parquet", views.snapshot_file, name="snapshot_file"),
]
