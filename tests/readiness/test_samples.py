"""Made-up assessments look like the published scores, and are marked as made up."""

import random
from datetime import UTC, datetime

import numpy as np
import pytest
from tests.readiness.made import instrument
from tests.registry.firms import make_firm

from gebyar.methods.readiness import score_one
from gebyar.readiness.models import Assessment, Workshop
from gebyar.readiness.samples import add_synthetic_readiness, synthetic_answers
from gebyar.readiness.services.scoring import score_into
from gebyar.reference.instruments import built_in


def test_made_up_scores_have_the_moments_of_the_published_ones():
    draw, indi = random.Random(7), built_in("indi40")
    scores = [score_one(indi, synthetic_answers(indi, draw)) for _firm in range(600)]
    index = np.array([one.index for one in scores])
    shares = [(index < 1).mean(), ((index >= 1) & (index < 2)).mean(), ((index >= 2) & (index < 3)).mean()]
    fields = {name: np.mean([one.fields[name] for one in scores]) for name in ("kompetensi", "keterbukaan", "inovasi")}

    assert index.mean() == pytest.approx(1.85, abs=0.12)
    assert np.median(index) == pytest.approx(1.77, abs=0.15)
    assert shares == pytest.approx([0.094, 0.525, 0.301], abs=0.06)
    assert fields == pytest.approx({"kompetensi": 0.94, "keterbukaan": 2.81, "inovasi": 1.30}, abs=0.15)


@pytest.mark.django_db
def test_made_up_assessments_are_marked_and_scored_as_any_other():
    firms = [make_firm(is_synthetic=True) for _number in range(12)]

    add_synthetic_readiness(actor=None, firms=firms, until=datetime(2024, 11, 12, tzinfo=UTC), seed=1)

    made = list(Assessment.objects.all())
    assert len(made) == 12
    assert {(one.is_synthetic, one.status) for one in made} == {(True, "finished")}
    for one in made[:3]:
        again = Assessment(answers=one.answers)
        score_into(instrument(), again)
        for name in ("index", "level", "pillars", "fields", "profiles", "answered"):
            assert getattr(again, name) == getattr(one, name), name
    assert Workshop.objects.get().is_synthetic is True
