import copy
from datetime import date

import pytest

from gebyar.reference.facilities import BUILT_IN, BadFacility, facilities, read_facility
from gebyar.reference.files import read_yaml


def test_built_in_facilities_are_in_order() -> None:
    assert [one.id for one in facilities()] == list(BUILT_IN)


def test_every_condition_names_its_law_and_words() -> None:
    for one in facilities():
        for version in one.versions:
            assert all(condition.article and condition.words["id"] for condition in version.conditions)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["versions"][0].update(valid_until="2018-01-01"), "version 2017 must end before 2018 begins"),
        (lambda d: d["versions"][1].update(version="2017"), "every version needs a name of its own"),
        (lambda d: d["versions"][0].update(valid_from="soon"), "valid_from: must be a date such as 2025-12-31"),
        (
            lambda d: d["versions"][0]["conditions"][2].update(rule="x"),
            "conditions[2].rule: must be one of permenperin",
        ),
        (
            lambda d: d["versions"][0]["conditions"][2].update(classes=["tiny"]),
            "conditions[2].classes: must be some of",
        ),
        (lambda d: d["versions"][0]["conditions"][0].update(prefixes=["C"]), "prefixes: must be beginnings of KBLI"),
        (lambda d: d["versions"][0]["conditions"][0].update(kind="maybe"), "conditions[0].kind: must be one of size"),
        (lambda d: d["versions"][0]["conditions"][0].pop("article"), "conditions[0].article: name the law"),
        (lambda d: d["versions"][0]["conditions"][1].update(fact="mood"), "fact: must be one of nib"),
        (lambda d: d["versions"][1]["benefit"].update(shares={"all": 1.5}), "benefit.shares: must be shares above 0"),
        (lambda d: d.pop("law"), "law: name the law"),
    ],
)
def test_faults_name_their_place(change, words: str) -> None:
    document = copy.deepcopy(read_yaml("facilities/machine_restructuring.yaml"))
    change(document)
    with pytest.raises(BadFacility) as caught:
        read_facility(document)
    assert any(words in problem for problem in caught.value.problems), caught.value.problems


def test_a_version_holds_for_its_days() -> None:
    halal = next(one for one in facilities() if one.id == "halal")
    assert halal.on(date(2024, 10, 16)) is None
    assert halal.on(date(2024, 10, 17)) is halal.versions[0]
