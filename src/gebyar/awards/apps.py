from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "gebyar.awards"
    label = "awards"

    def ready(self) -> None:
        from gebyar.accounts import personal_data  # noqa: PLC0415  models exist only now
        from gebyar.awards.personal_data import erase_entries, export_entries  # noqa: PLC0415
        from gebyar.awards.personal_data_judging import erase_judging, export_judging  # noqa: PLC0415

        personal_data.register("awards", export_entries, erase_entries)
        personal_data.register("judging", export_judging, erase_judging)
