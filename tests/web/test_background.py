import pytest
from django_tasks_db.models import DBTaskResult
from tests.web.servers import until

from gebyar.web.background import MOST_ATTEMPTS, alive, take_up_lost


def running_task(*workers, status="RUNNING"):
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="nothing.at_all",
        worker_ids=list(workers),
        backend_name="default",
        run_after="2026-01-01T00:00:00Z",
        started_at="2026-01-01T00:00:00Z",
    )


@pytest.mark.django_db(transaction=True)
def test_tasks_of_lost_workers_are_taken_up_and_given_up():
    with alive("living"):
        tasks = {
            "lost": running_task("gone"),
            "lost again and again": running_task(*["gone"] * MOST_ATTEMPTS),
            "in work": running_task("gone", "living"),
            "done": running_task("gone", status="SUCCESSFUL"),
        }

        again = take_up_lost()

    found = {name: DBTaskResult.objects.get(pk=task.pk) for name, task in tasks.items()}
    assert again == 1
    assert {name: task.status for name, task in found.items()} == {
        "lost": "READY",
        "lost again and again": "FAILED",
        "in work": "RUNNING",
        "done": "SUCCESSFUL",
    }
    assert found["lost"].started_at is None
    assert f"ended {MOST_ATTEMPTS} times" in found["lost again and again"].traceback


@pytest.mark.django_db(transaction=True)
def test_task_is_lost_once_its_worker_ended():
    with alive("short-lived"):
        running_task("short-lived")
        assert take_up_lost() == 0

    until(lambda: take_up_lost() == 1)  # the server notices the end of a connection a moment later
