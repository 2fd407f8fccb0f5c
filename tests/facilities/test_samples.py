"""Made-up calls for demonstrations: through the same rules, allotted with a record that can be checked."""

import pytest
from tests.facilities.making import applicant, officer

from gebyar.facilities.models import Application, Call
from gebyar.facilities.services.samples import add_synthetic_calls
from gebyar.records.verify import Outcome, verify_record

pytestmark = pytest.mark.django_db


def test_two_calls_are_open_and_one_is_allotted():
    firms = [applicant(is_synthetic=True) for _one in range(9)]
    calls = add_synthetic_calls(actor=officer(), firms=firms, seed=5)

    assert [call.takes_applications for call in Call.objects.order_by("pk")] == [True, True, False]
    allotted = Call.objects.get(pk=calls[-1].pk)
    assert allotted.status == "allotted"
    assert verify_record(allotted.record.document).outcome is Outcome.SAME
    assert set(Application.objects.filter(call=allotted).values_list("status", flat=True)) <= {"admitted", "waiting"}
    assert Application.objects.count() == 9


def test_real_firms_get_no_made_up_applications():
    with pytest.raises(ValueError, match="made-up"):
        add_synthetic_calls(actor=officer(), firms=[applicant()], seed=5)
    assert not Call.objects.exists()
