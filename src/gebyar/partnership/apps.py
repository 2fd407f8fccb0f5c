from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    name = "gebyar.partnership"
    label = "partnership"
