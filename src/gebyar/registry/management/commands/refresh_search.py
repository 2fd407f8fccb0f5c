"""``manage refresh_search``: rebuild the search tables from the register."""

from typing import Any

from django.core.management.base import BaseCommand

from gebyar.registry.services.search import refresh_search


class Command(BaseCommand):
    help = "Rebuild the search tables from the register. Readers keep the old ones until it is done."

    def handle(self, *_args: Any, **_options: Any) -> None:
        def show(done: int, total: int | None, words: str) -> None:
            self.stdout.write(f"{words}: {done} / {total}", ending="\r")
            self.stdout.flush()

        count = refresh_search(progress=show)
        self.stdout.write(f"{count} firms can be searched.          ")
