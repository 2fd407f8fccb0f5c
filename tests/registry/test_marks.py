import pytest
from django.core.management import call_command
from tests.registry.firms import make_delivery, make_firm

from gebyar.registry.models import SearchDocument, Source
from gebyar.registry.queries import holds_synthetic_firms
from gebyar.registry.queries.marks import forget_marks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget():
    forget_marks()
    yield
    forget_marks()


@pytest.mark.parametrize(("kind", "marked"), [(Source.Kind.SYNTHETIC, True), (Source.Kind.OFFICE, False)])
def test_mark_tells_of_made_up_firms(kind, marked):
    make_firm(is_synthetic=marked, delivery=make_delivery("Sumber", kind=kind))

    assert holds_synthetic_firms() is marked


def test_mark_is_asked_of_the_database_once_per_half_minute(django_assert_num_queries):
    holds_synthetic_firms()

    with django_assert_num_queries(0):
        holds_synthetic_firms()


def test_command_rebuilds_the_search(capsys):
    firm = make_firm()

    call_command("refresh_search")

    assert [document.pk for document in SearchDocument.objects.all()] == [firm.pk]
    assert "1 firms" in capsys.readouterr().out
