from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gebyar.web"
    label = "web"
