from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "gebyar.statistics"
    label = "statistics"
