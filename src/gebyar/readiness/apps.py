from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "gebyar.readiness"
    label = "readiness"
