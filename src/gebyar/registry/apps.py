from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "gebyar.registry"
    label = "registry"
