import pytest
from hypothesis import given
from hypothesis import strategies as st

from gebyar.registry.facts import columns_of, fact, facts, masked, text_of
from gebyar.registry.forms import typed_form
from gebyar.registry.models import Firm, Profile
from gebyar.registry.typed import Unreadable, read


@pytest.mark.parametrize(
    ("field", "typed", "text"),
    [
        ("sales", "Rp 1.250.000,-", "1250000"),
        ("sales", "1,5 miliar", "1500000000"),
        ("workers", "12 orang", "12"),
        ("water_m3", "12,5", "12.5"),
        ("water_m3", "12", "12"),
        ("net_worth", "-5.000.000", "-5000000"),
        ("exports", "ya", "true"),
        ("exports", "false", "false"),
        ("exports", "", None),
        ("products", "tahu\n tempe ; tahu\n\n", "tahu\ntempe"),
        ("kbli_code", "10710/2020", "10710/2020"),
        ("latitude", "-7,8013; 110,3647", "-7.8013,110.3647"),
        ("latitude", "-7.8013, 110.3647", "-7.8013,110.3647"),
        ("region_code", "33.74", "33.74"),
        ("name", "  Batik   Jaya ", "Batik Jaya"),
        ("address", "", None),
    ],
)
def test_read_gives_canonical_text(field, typed, text):
    assert read(fact(field), typed) == text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("region_code", "33"), ("region_code", "99.99"), ("nib", "12"), ("sales", "banyak"), ("workers", "-1"),
     ("latitude", "0"), ("latitude", "52.5, 13.4"), ("kbli_code", "10710/1990"), ("name", "x" * 201), ("exports", "mungkin")],
)  # fmt: skip
def test_read_refuses_what_is_no_value(field, typed):
    with pytest.raises(Unreadable):
        read(fact(field), typed)


RECORDS = {
    "firm": Firm(
        name="A", legal_form="CV", nib="9120123456789", region_code="33.74", products=["a", "b"], kbli_code="01111",
        kbli_version=2020, latitude=-7.5, longitude=110.25, address="Jl", postal_code="50275", is_active=False,
    ),
    "profile": Profile(
        **{name: 3 for name, some in facts().items() if some.yearly and some.kind in {"count", "money"}},
        water_m3=2.5, exports=True, raw_materials="kapas, benang", capacity_unit="kodi",
    ),
}  # fmt: skip


@pytest.mark.parametrize("field", [name for name in facts() if name != "npwp"])
@pytest.mark.parametrize("known", [True, False])
def test_columns_and_text_are_the_same_fact(field, known):
    some = facts()[field]
    record = (
        RECORDS["profile" if some.yearly else "firm"] if known else (Profile() if some.yearly else Firm(is_active=True))
    )

    text = text_of(some, record)

    assert (
        columns_of(some, text) == {column: getattr(record, column) for column in columns_of(some, text)} or text is None
    )


@given(st.integers(0, 10**15))
def test_what_the_form_shows_is_read_as_the_same(amount):
    some = fact("sales")

    assert read(some, typed_form(some, str(amount))) == str(amount)


def test_masked_shows_the_last_digits_only():
    assert masked("0012345678901234") == "••••••••••••1234"
