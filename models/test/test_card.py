"""How the card words what is missed."""

import json

import pytest

import card


@pytest.mark.parametrize(
    ("value", "goal", "held", "words"),
    [
        (1.1, 1.0, None, "10.0%"),
        (0.85, "≥ 0.90", None, "-0.050"),
        (0.12, "≤ .05", None, "+0.070"),
        (0.70, ".75–.88", None, "-0.050"),
        (0.93, ".75–.88", None, "+0.050"),
        (0.85, "± .02", 0.9, "-0.050"),
        (0.12, "± 10 %", 0.1, "+20%"),
        (0.2, ".8–1.3 ×", 0.1, "2.00 × held-out"),
        (0.02, "≤ held-out", 0.01, "+0.010"),
    ],
)
def test_a_shortfall_is_told_in_the_terms_of_its_goal(value, goal, held, words):
    assert card.shortfall({"value": value, "goal": goal, "heldout": held}) == words


def test_only_goals_that_are_missed_are_listed():
    row = {"metric": "nats", "stem": "bass", "value": 2.0, "goal": 1.0, "heldout": None}
    text = card.missed([row | {"met": False}, row | {"metric": "other", "met": True}, row | {"met": None}])
    assert text.splitlines()[2:] == ["| nats | bass | 2.000 | 1.000 | 100.0% |"]


def test_rows_of_latency_of_a_later_benchmark_take_the_place_of_those_that_were_there(tmp_path):
    timed = {"name": "8 bars of five stems, 4 passes, WASM, lite, p95", "unit": "ms", "value": 90.0, "goal": 1000}
    bench = tmp_path / "bench.json"
    bench.write_text(json.dumps({"rows": [timed, timed | {"name": "8 bars of five stems, WASM, full, p95"}]}))
    (tmp_path / "model.json").write_text('{"name": "lite"}')
    old = {"metric": "8 bars of five stems, 8 passes, WASM, lite, p95, ms", "value": 200.0}
    (tmp_path / "evaluation.json").write_text(json.dumps({"rows": [{"metric": "entropy"}, old]}))
    card.renew(tmp_path, bench)
    rows = json.loads((tmp_path / "evaluation.json").read_text())["rows"]
    assert [row["metric"] for row in rows] == ["entropy", f"{timed['name']}, ms"]
    assert rows[1]["value"] == 90.0 and rows[1]["met"] is True
