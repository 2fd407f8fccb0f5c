"""Rules of an award as a document: what is read, and what every fault says of its place and remedy."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.awards.making import DOCUMENT

from gebyar.reference.awards.checking import CERTIFICATES, FACTS
from gebyar.reference.awards.faults import SENTENCES, BadRules
from gebyar.reference.awards.programmes import PROGRAMMES, names_of, template
from gebyar.reference.awards.reading import document_of, read_rules, read_yaml_rules, write_yaml_rules

ROOT = Path(__file__).parents[3]


def faults(document):
    with pytest.raises(BadRules) as told:
        read_rules(document)
    return [(fault.path, fault.code) for fault in told.value.faults]


def changed(*path, to):
    """Return the small rules with another value at one place."""
    document = deepcopy(DOCUMENT)
    holder = document
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = to
    return document


# --- the four programmes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("award", PROGRAMMES)
def test_programme_makes_sense_and_every_condition_has_its_source(award):
    rules = read_rules(template(award))

    assert rules.award == award
    assert all(condition.source for condition in rules.conditions)
    assert all(stage.source for stage in rules.stages)
    assert set(names_of(award)) == {"id", "en"}


@pytest.mark.parametrize("award", PROGRAMMES)
def test_rules_come_back_from_their_document_and_from_yaml(award):
    rules = read_rules(template(award))
    document = document_of(rules)

    assert read_rules(document) == rules
    assert read_rules(json.loads(json.dumps(document))) == rules
    assert read_rules(read_yaml_rules(write_yaml_rules(document))) == rules


@pytest.mark.parametrize(
    ("year", "most", "scheme"), [(2018, 29, "five_2013"), (2022, 35, "three_2022"), (2023, 40, "three_2022"), (2030, 40, "three_2022")]
)  # fmt: skip
def test_edition_of_a_year_begins_with_the_rules_of_that_year(year, most, scheme):
    age = next(one for one in read_rules(template("ifca", year)).conditions if one.id == "age")

    assert (age.parameters["most"], read_rules(template("ovop", year)).star_scheme) == (most, scheme)


def test_stars_of_both_schemes_and_part_a_of_thirty_points():
    rules = read_rules(template("ovop"))
    selection = rules.stage("selection")

    assert [len(scheme.least_points) for scheme in rules.star_schemes] == [5, 3]
    assert sum(one.weight for one in selection.criteria if one.id.startswith("a_")) == 30
    assert [one.certain for one in selection.criteria] == [True, True, True, False, False]
    assert rules.star_schemes[0].fosters == {1: "regency", 2: "regency", 3: "province", 4: "centre", 5: "centre"}


def test_template_is_a_copy_that_may_be_changed():
    template("ifi")["conditions"].clear()

    assert template("ifi")["conditions"]


def test_unknown_programme_is_a_key_error():
    with pytest.raises(KeyError):
        template("oscar")


# --- faults -----------------------------------------------------------------------------------------------------


def test_small_rules_of_the_tests_make_sense():
    assert read_rules(DOCUMENT).award == "uji"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (changed("stages", 1, "criteria", 0, "weight", to=0), ("stages[1].criteria[0].weight", "not_above")),
        (changed("stages", 1, "criteria", 0, "weight", to="60"), ("stages[1].criteria[0].weight", "number")),
        (changed("stages", 1, "criteria", 1, "id", to="idea"), ("stages[1].criteria[1].id", "id_twice")),
        (changed("stages", 1, "criteria", 0, "low", to=100), ("stages[1].criteria[0].low", "low_not_below_high")),
        (changed("stages", 1, "criteria", to=[]), ("stages[1].criteria", "no_criteria")),
        (changed("stages", 1, "gate", to={"method": "checked"}), ("stages[1].gate.method", "gate_of_kind")),
        (changed("stages", 1, "gate", "places", to=0), ("stages[1].gate.places", "below")),
        (changed("stages", 1, "gate", to={"method": "ranked"}), ("stages[1].gate.places", "no_places")),
        (changed("stages", 1, "gate", to={"method": "threshold"}), ("stages[1].gate.threshold", "no_threshold")),
        (changed("stages", 1, "ties", to=["adjusted"]), ("stages[1].ties", "ties_end_with_lot")),
        (changed("stages", 1, "ties", to=["criterion:no", "lot"]), ("stages[1].ties[0]", "no_tie_rule")),
        (changed("stages", 1, "mixes", to=["age"]), ("stages[1].mixes[0]", "choice")),
        (changed("stages", 2, "kind", to="plenary"), ("stages[2].kind", "last_is_decision")),
        (changed("stages", 0, "kind", to="lottery"), ("stages[0].kind", "choice")),
        (changed("documents", 1, "id", to="nib"), ("documents[1].id", "id_twice")),
        (changed("documents", 1, "id", to="Foto Produk"), ("documents[1].id", "id_form")),
        (changed("documents", 0, "certificate", to="haji"), ("documents[0].certificate", "no_certificate")),
        (changed("documents", 0, "most_megabytes", to=99), ("documents[0].most_megabytes", "above")),
        (changed("documents", 0, "categories", to=["music"]), ("documents[0].categories[0]", "no_category")),
        (changed("questions", 0, "register", to="secret"), ("questions[0].register", "no_fact")),
        (changed("questions", 2, "options", to=[]), ("questions[2].options", "too_few_options")),
        (changed("questions", 0, "options", to=[["a", {"id": "A", "en": "A"}]]), ("questions[0].options", "no_options")),
        (changed("questions", 0, "names", to={"id": "Produk"}), ("questions[0].names.en", "language")),
        (changed("conditions", 0, "parameters", "classes", to=["huge"]), ("conditions[0].parameters.classes[0]", "choice")),
        (changed("conditions", 0, "parameters", "rule", to="no"), ("conditions[0].parameters.rule", "no_rule")),
        (changed("conditions", 0, "parameters", to={}), ("conditions[0].parameters", "needs_parameter")),
        (changed("conditions", 1, "parameters", to={"most": 3}), ("conditions[1].parameters.most", "no_parameter")),
        (changed("conditions", 2, "parameters", to={"least": 50, "most": 40}), ("conditions[2].parameters", "least_above_most")),
        (changed("conditions", 2, "parameters", to={"most": 40, "on": "soon"}), ("conditions[2].parameters.on", "no_day")),
        (changed("conditions", 0, "source", to=" "), ("conditions[0].source", "no_source")),
        (changed("conditions", 0, "certainly", to=True), ("conditions[0].certainly", "unknown")),
        (changed("most_members", to=1), ("most_members", "group_too_small")),
        (changed("entrants", to=[]), ("entrants", "empty")),
        (changed("categories", to=[]), ("categories", "empty")),
        (changed("categories", 0, "sectors", to=["99"]), ("categories[0].sectors[0]", "no_sector")),
        (changed("sources", to=[]), ("sources", "empty")),
        (changed("star_scheme", to="five"), ("star_scheme", "no_scheme")),
        (changed("award", to="Penghargaan Uji"), ("award", "id_form")),
        (changed("names", to="Uji"), ("names", "group")),
        (changed("summary", "id", to="x" * 3000), ("summary.id", "too_long")),
    ],
)  # fmt: skip
def test_fault_names_its_place_and_what_is_wrong(document, fault):
    assert fault in faults(document)


def test_reserves_are_held_against_groups_and_places():
    gate = {
        "method": "ranked", "places": 3,
        "reserves": [{"group": "women", "least": 2}, {"group": "small", "least": 2}, {"group": "tall", "most": 1},
                     {"group": "province:99", "most": 1}, {"group": "province"}],
    }  # fmt: skip

    assert faults(changed("stages", 1, "gate", to=gate)) == [
        ("stages[1].gate.reserves[2].group", "no_group"), ("stages[1].gate.reserves[3].group", "no_province"),
        ("stages[1].gate.reserves[4]", "no_bound"), ("stages[1].gate.reserves", "reserves_above_places"),
    ]  # fmt: skip


def test_everything_that_is_wrong_is_said_at_once():
    document = changed("stages", 1, "criteria", 0, "weight", to=-1)
    document["most_members"], document["documents"][0]["certificate"] = 1, "haji"

    assert faults(document) == [
        ("most_members", "group_too_small"), ("documents[0].certificate", "no_certificate"),
        ("stages[1].criteria[0].weight", "not_above"),
    ]  # fmt: skip


def test_words_of_a_fault_begin_with_the_place_and_tell_the_remedy():
    with pytest.raises(BadRules) as told:
        read_rules(changed("stages", 1, "criteria", 0, "weight", to=0))

    assert str(told.value) == "stages[1].criteria[0].weight: This has to be more than 0."


@pytest.mark.parametrize(
    "text",
    ["", "- a list", "name: [", "a: &x [*x]", "\x00", "!!python/object:os.system {}", "x" * 500_000, "? {a: b}\n: c"],
)
def test_text_that_holds_no_rules_is_told_as_such(text):
    with pytest.raises(BadRules):
        read_rules(read_yaml_rules(text))


def test_place_of_a_fault_in_yaml_is_its_line():
    with pytest.raises(BadRules) as told:
        read_yaml_rules("award: uji\nnames: [")

    assert told.value.faults[0].path.startswith("line 2")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_stands_somewhere_is_read_or_told_with_words(data):
    """Put anything anywhere: never another error than BadRules, whose faults all have words; what is read comes back."""
    document = deepcopy(DOCUMENT)
    holder = document
    while True:
        places = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        place = data.draw(st.sampled_from(places))
        inner = holder[place]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            holder[place] = data.draw(PLAIN)
            break
        holder = inner
    told, rules = read_or_told(document)

    assert all(map(str, told))
    assert told or read_rules(document_of(rules)) == rules


def read_or_told(document):
    try:
        return (), read_rules(document)
    except BadRules as error:
        return error.faults, None


@settings(max_examples=100, deadline=None)
@given(PLAIN)
def test_any_plain_value_is_no_rules_and_told_so(value):
    with pytest.raises(BadRules):
        read_rules(value)


# --- what two places have to say alike --------------------------------------------------------------------------


def test_certificates_and_facts_are_those_of_the_register():
    from gebyar.registry.models import Certificate, Firm, Profile

    columns = {field.name for model in (Firm, Profile) for field in model._meta.get_fields()}
    assert set(CERTIFICATES) == set(Certificate.Kind.values)
    assert set(FACTS) <= columns


def test_every_sentence_has_indonesian_words():
    path = ROOT / "src/gebyar/awards/locale/id/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        known = {message.id: message.string for message in read_po(file, locale="id")}

    assert [sentence for sentence in SENTENCES.values() if not known.get(sentence)] == []
