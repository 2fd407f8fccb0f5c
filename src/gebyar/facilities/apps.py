from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "gebyar.facilities"
    label = "facilities"
