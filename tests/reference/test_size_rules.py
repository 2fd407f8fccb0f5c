from __future__ import annotations

from gebyar.reference.size_rules import class_labels, fact_labels, size_rules


def test_five_rules_with_source_labels_and_classes():
    assert [(rule.id, rule.class_names) for rule in size_rules()] == [
        ("permenperin_64_2016", ("small", "medium", "large")),
        ("pp_7_2021_capital", ("micro", "small", "medium", "large")),
        ("pp_7_2021_sales", ("micro", "small", "medium", "large")),
        ("bps_workers", ("micro", "small", "medium", "large")),
        ("kite_ikm", ("small", "medium", "outside")),
    ]
    assert all(rule.law and rule.version and set(rule.labels) == {"id", "en"} for rule in size_rules())


def test_bounds_of_the_law_become_closed_ranges():
    small = size_rules()[0].classes[0].branches
    assert [dict(branch) for branch in small] == [{"workers": (None, 19), "investment": (None, 999_999_999)}]


def test_every_class_and_fact_has_words_in_both_languages():
    names = {name for rule in size_rules() for name in rule.class_names}
    facts = {fact for rule in size_rules() for fact in rule.facts}
    assert names == set(class_labels())
    assert facts == set(fact_labels())
    assert all(label["id"] and label["en"] for label in (*class_labels().values(), *fact_labels().values()))
