import pytest
from django.forms import ValidationError
from django.utils.translation import override

from gebyar.facilities.forms import PaymentForm
from gebyar.registry.amount_fields import RupiahField


@pytest.mark.parametrize(
    ("language", "text", "rupiah"),
    [
        ("id", "12.500,00", 12_500), ("id", "12.500", 12_500), ("id", "Rp 1.250.000,-", 1_250_000), ("id", "2 juta", 2_000_000),
        ("en", "12,500.00", 12_500), ("en", "12,500", 12_500), ("id", "", None),
    ],
)  # fmt: skip
def test_rupiah_are_read_by_the_readers_language(language, text, rupiah):
    with override(language):
        assert RupiahField(most=10**14, required=False).clean(text) == rupiah


@pytest.mark.parametrize("text", ["-5", "banyak", "1.000.000.000.000.001"])
def test_what_is_no_sum_is_refused(text):
    with override("id"), pytest.raises(ValidationError):
        RupiahField(most=10**14).clean(text)


def test_a_payment_is_no_hundred_times_larger_for_its_decimals():
    with override("id"):
        form = PaymentForm({"amount": "12.500,00", "paid_on": "2026-11-01", "reference": "SP2D 1"})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["amount"] == 12_500
