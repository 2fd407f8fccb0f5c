from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "gebyar.accounts"
    label = "accounts"
