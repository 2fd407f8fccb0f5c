from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "gebyar.records"
    label = "records"
