from django.apps import AppConfig


class FairConfig(AppConfig):
    name = "gebyar.fair"
    label = "fair"
