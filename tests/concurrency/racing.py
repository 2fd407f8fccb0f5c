"""Run several acts at the same moment, each with a database connection of its own."""

import threading

from django.db import connection


def at_once(*acts):
    """Run the acts in threads of their own and return what each raised, or None."""
    raised = [None] * len(acts)

    def run(index, act):
        try:
            act()
        except Exception as error:  # noqa: BLE001  whatever it is, the test compares it
            raised[index] = type(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised
