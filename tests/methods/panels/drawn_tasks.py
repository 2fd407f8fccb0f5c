"""Tasks drawn at random: tiny ones by hypothesis, larger ones by a seed."""

from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from gebyar.methods.panels import Mix, is_connected, make_task


@st.composite
def tiny_tasks(draw, most_entries=4, most_judges=4, coarse=None):
    entries, judges = draw(st.integers(1, most_entries)), draw(st.integers(1, most_judges))
    is_coarse = draw(st.booleans()) if coarse is None else coarse
    worth = st.sampled_from([0.0, 0.5, 1.0]) if is_coarse else st.integers(-200, 1000).map(lambda n: n / 997)
    most = draw(st.lists(st.integers(0, entries), min_size=judges, max_size=judges))
    pairs = st.tuples(st.integers(0, entries - 1), st.integers(0, judges - 1))
    mixes = st.builds(
        Mix,
        name=st.sampled_from(["women", "east"]),
        judges=st.frozensets(st.integers(0, judges - 1), max_size=judges),
        least=st.integers(0, 1),
        entries=st.one_of(st.none(), st.frozensets(st.integers(0, entries - 1))),
    )
    barred = np.zeros((entries, judges), dtype=bool)
    for pair in draw(st.lists(pairs, max_size=3)):
        barred[pair] = True
    return make_task(
        draw(st.lists(st.lists(worth, min_size=judges, max_size=judges), min_size=entries, max_size=entries)),
        coverage=draw(st.lists(st.integers(1, min(2, judges)), min_size=entries, max_size=entries)),
        most=most,
        least=[min(draw(st.sampled_from([0, 0, 0, 1])), high) for high in most],
        barred=barred,
        mixes=draw(st.lists(mixes, max_size=2)),
        fixed=draw(st.lists(pairs, unique=True, max_size=1)),
        connected=draw(st.booleans()),
    )


def every_assignment(task):
    """All assignments that keep the rules, one panel after the other."""
    choices = [list(combinations(range(task.judges), size)) for size in task.coverage.tolist()]
    for panels in product(*choices):
        pairs = tuple((entry, judge) for entry, panel in enumerate(panels) for judge in panel)
        if keeps_rules(task, panels, pairs):
            yield pairs


def keeps_rules(task, panels, pairs):
    loads = np.bincount([judge for _, judge in pairs], minlength=task.judges)
    if np.any(loads < task.least) or np.any(loads > task.most) or any(task.barred[pair] for pair in pairs):
        return False
    for mix in task.mixes:
        for entry in range(task.entries) if mix.entries is None else mix.entries:
            if len(mix.judges.intersection(panels[entry])) < mix.least:
                return False
    return set(task.fixed) <= set(pairs) and (not task.connected or is_connected(pairs, task.entries))


def value_of(task, pairs):
    """What an assignment is judged by: the worst-off entry, then the total."""
    sums = [0.0] * task.entries
    for entry, judge in pairs:
        sums[entry] += float(task.affinity[entry, judge])
    return min(sums), sum(sums)


def drawn_task(seed, entries=60, judges=20, coverage=3, slack=1.15, **more):
    """Entries and judges of some topics, a few conflicts, loads with little to spare."""
    random = np.random.default_rng(seed)
    topics = random.dirichlet(np.full(6, 0.3), entries) @ random.dirichlet(np.full(6, 0.3), judges).T
    return make_task(
        topics / topics.max(),
        coverage=coverage,
        most=int(np.ceil(entries * coverage / judges * slack)),
        barred=random.random((entries, judges)) < 0.05,
        **more,
    )
