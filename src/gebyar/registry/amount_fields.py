"""Fields for numbers and sums as people write them, read by the reader's language and as in the lists of offices."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language

from gebyar.registry.imports.amounts import AmountRule, parse_amount
from gebyar.registry.imports.fields import Kind
from gebyar.registry.imports.reasons import describe


class AmountField(forms.Field):
    """A number as people write it in their language, read as in the lists of offices: "1.250", "Rp 1.250.000,-", "2 juta"."""

    def __init__(self, *, kind: Kind, most: float, **how: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}), validators=[MaxValueValidator(most)], **how
        )
        self.kind = kind

    def to_python(self, value: Any) -> float | None:
        if value in self.empty_values or not str(value).strip():
            return None
        cell = parse_amount(str(value), AmountRule(self.kind, style="en" if _reads_english() else "id"))
        if cell.value is None:
            raise forms.ValidationError(" ".join(describe(cell.reason or "", cell.parameters)))
        number: float = cell.value
        return number

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, float):
            return value
        plain = f"{value:.12g}" if value < 1e12 else f"{value:.0f}"
        return plain if _reads_english() else plain.replace(".", ",")


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


class RupiahField(AmountField):
    """Whole rupiah, 0 or more."""

    def __init__(self, *, most: int, **how: Any) -> None:
        super().__init__(kind=Kind.MONEY, most=most, **how)
        self.validators.append(MinValueValidator(0))

    def to_python(self, value: Any) -> int | None:
        number = super().to_python(value)
        return None if number is None else int(number)
