import os
import time
from pathlib import Path

from django.db import connection
from django.http import HttpResponse
from django.urls import path
from django_tasks import task


def show_database(_request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return HttpResponse(cursor.fetchone()[0])


@task(queue_name="long")
def hang_at_first(file):
    """Note who works, and come to an end at the second attempt only."""
    with Path(file).open("a") as notes:
        notes.write(f"{os.getpid()}\n")
    if len(Path(file).read_text().split()) == 1:
        time.sleep(600)
    return "done"


urlpatterns = [path("", show_database)]
