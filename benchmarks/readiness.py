"""One million assessments scored: `python -m benchmarks.readiness`. Bar: less than 5 seconds."""

from __future__ import annotations

import os
import platform
import time

import numpy as np
import polars as pl

from gebyar.methods.readiness import score
from gebyar.reference.instruments import built_in

RESPONDENTS = 1_000_000
RUNS = 3


def drawn(instrument, count: int) -> pl.DataFrame:
    """Answers of every kind, one in twenty missing."""
    random = np.random.default_rng(2024)
    columns = {}
    for question in instrument.all_questions:
        ids = [option.id for option in question.options]
        if question.kind == "count":
            some = [";".join(id_ for id_ in ids if random.random() < 0.3) for _ in range(200)]
            ids = [text or ids[0] for text in some]
        picked = np.array([*ids, ""])
        share = np.full(len(picked), 0.95 / len(ids))
        share[-1] = 0.05
        columns[question.id] = random.choice(picked, count, p=share)
    return pl.DataFrame(columns)


def plain(instrument, answers: pl.DataFrame) -> float:
    """The peer of this run: the same official index in a loop of Python, seconds for each million."""
    rows = answers.head(20_000).to_dicts()
    table = {question.id: {option.id: option.value for option in question.options} for question in instrument.questions}
    start = time.perf_counter()
    for row in rows:
        fields: dict[str, list[float]] = {}
        for question in instrument.questions:
            text = row[question.id]
            value = table[question.id].get(text, 0.0) if question.kind == "single" else min(text.count(";") + 1, 4)
            fields.setdefault(question.field, []).append(value)
        means = {name: sum(values) / len(values) for name, values in fields.items()}
        sum(
            pillar.weight * sum(means[field.id] for field in instrument.fields_of(pillar.id))
            for pillar in instrument.pillars
        )
    return (time.perf_counter() - start) / len(rows) * 1_000_000


def main() -> None:
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("Command: python -m benchmarks.readiness\n")
    print("| instrument | respondents | seconds (best of 3) | a loop in Python, seconds |")
    print("|---|---:|---:|---:|")
    for name in ("indi40", "tangga_enam"):
        instrument = built_in(name)
        answers = drawn(instrument, RESPONDENTS)
        seconds = []
        for _run in range(RUNS):
            start = time.perf_counter()
            score(instrument, answers)
            seconds.append(time.perf_counter() - start)
        peer = f"{plain(instrument, answers):.0f}" if instrument.index_rule == "weighted" else "–"
        print(f"| {name} | {RESPONDENTS:,} | {min(seconds):.2f} | {peer} |")


if __name__ == "__main__":
    main()
