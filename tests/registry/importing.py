"""The command `gebyar import` in chunks of 50 rows, ended by SIGKILL at a chosen point: `python -m … POINT ARGUMENTS`."""

import os
import signal
import sys

from gebyar.cli import main
from gebyar.registry.imports import reading

CHUNK = 50


def in_small_chunks():
    chunks = reading.TableReader.chunks
    reading.TableReader.chunks = lambda self, rows=CHUNK: chunks(self, min(rows, CHUNK))


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def dying_in_chunk(number):
    """End inside a transaction, when the rows are written and the chunk is not committed."""
    from gebyar.registry.services.deliveries import taking_in

    apply, seen = taking_in.apply_chunk, []

    def apply_and_die(rows, delivery):
        applied = apply(rows, delivery)
        seen.append(applied)
        if len(seen) == number:
            die()
        return applied

    taking_in.apply_chunk = apply_and_die


def dying_in_search():
    from gebyar.registry.services.deliveries import taking_in

    taking_in.refresh_search = lambda **_facts: die()


def dying_at_the_end():
    from gebyar.registry.services.deliveries import taking_in

    taking_in._finish = lambda *_facts: die()


POINTS = {
    "chunk 1": lambda: dying_in_chunk(1),
    "chunk 3": lambda: dying_in_chunk(3),
    "search": dying_in_search,
    "end": dying_at_the_end,
    "never": lambda: None,
}

if __name__ == "__main__":
    point, *arguments = sys.argv[1:]
    import django

    django.setup()
    from django.utils import translation

    translation.activate("en")
    in_small_chunks()
    POINTS[point]()
    sys.argv = ["gebyar", *arguments]
    main()
