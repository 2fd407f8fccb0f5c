import copy

import pytest

from gebyar.reference.instruments import BUILT_IN, BadInstrument, built_in, built_in_document, read_instrument


@pytest.mark.parametrize("instrument_id", BUILT_IN)
def test_built_in_instruments_are_in_order(instrument_id: str) -> None:
    assert built_in(instrument_id).id == instrument_id


def test_indi_has_the_official_shape() -> None:
    indi = built_in("indi40")
    counted = {pillar.id: (pillar.weight, len(indi.fields_of(pillar.id))) for pillar in indi.pillars}
    assert counted == {"M": (0.175, 3), "O": (0.3, 3), "P": (0.175, 3), "T": (0.175, 4), "F": (0.175, 4)}
    assert (len(indi.questions), indi.verify_from) == (23, 3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["pillars"][0].update(weight=0.5), "pillars: the weights add up to 1.325; they must add up to 1"),
        (lambda d: d["pillars"][0].update(weight=-1), "pillars.M.weight: must be above 0"),
        (
            lambda d: d["questions"][7]["options"][0].pop("exclusive"),
            "questions.budaya_sifat.options: exactly one option",
        ),
        (lambda d: d["levels"][3].update(least=9), "levels[3].least: no index reaches 9"),
        (lambda d: d["levels"][1].update(least=2.5), "levels: the values `least` must rise"),
        (lambda d: d["levels"][0].update(least=1), "levels[0].least: the first level must begin at 0"),
        (lambda d: d["fields"][0]["names"].pop("en"), "fields[0].names: needs words in: en"),
        (lambda d: d["questions"][0].update(field="x"), "questions.strategi_dukungan.field: there is no field 'x'"),
        (lambda d: d["questions"][0].update(id="investasi"), "'investasi' stands twice"),
        (
            lambda d: d["questions"][0]["options"][4].update(value=7),
            "questions.strategi_dukungan: its values must lie on",
        ),
        (lambda d: d["questions"][0].update(kind="essay"), "questions[0].kind: must be single or count, not 'essay'"),
        (lambda d: d["questions"][7].update(most=9), "questions.budaya_sifat.most: must be from 1 to 5"),
        (lambda d: d.update(questions=[]), "questions: must be a list with at least one entry"),
        (
            lambda d: d["profiles"][0]["replaces"].update(investasi="x"),
            "profiles.ikm.replaces: there is no question 'x'",
        ),
        (lambda d: d.update(scale=[4, 0]), "scale: the lowest value 4 must be below the highest 0"),
    ],
)
def test_faults_name_their_place_and_what_is_wanted(change, words: str) -> None:
    document = copy.deepcopy(built_in_document("indi40"))
    change(document)
    with pytest.raises(BadInstrument) as caught:
        read_instrument(document)
    assert any(words in problem for problem in caught.value.problems), caught.value.problems


def test_several_faults_are_told_at_once() -> None:
    document = copy.deepcopy(built_in_document("indi40"))
    document["pillars"][0]["weight"], document["levels"][3]["least"] = 0.5, 9
    with pytest.raises(BadInstrument) as caught:
        read_instrument(document)
    assert len(caught.value.problems) == 2
