"""Every study that sets its results against a publication: the numbers agree, and so do intervals known from outside.

`data/<study>/expected.csv` holds per printed number x, n and the exact (proportions) or log-log (Kaplan-Meier) interval
in per cent, computed independently of this project.
"""

from pathlib import Path

import pandas as pd
import pytest
from read_once import specs_of

from pipeline.publish.build import Request, run
from pipeline.study.specs import studies

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def published_outputs() -> list:
    """Study, number and file name of every output that compares with a publication."""
    found = [(study, *output) for study in studies(ROOT) for output in specs_of(study).outputs.items()]
    return [pytest.param(study, output.shell.output, name, id=f"{study}-{name}")
            for study, name, output in found if output.shell.family == "published"]  # fmt: skip


@pytest.fixture(scope="module")
def built(study_out):
    """The results and folder of a study."""

    def results(study):
        out = study_out(study)
        return pd.read_parquet(out / "results" / "results.parquet"), out

    return results


@pytest.mark.parametrize(("study", "output", "name"), published_outputs())
def test_every_published_number_agrees(built, study, output, name):
    results, _ = built(study)
    judged = results[(results["OUTPUT"] == output) & (results["STATISTIC"] == "agreement")]
    assert len(judged) > 0
    assert judged.loc[judged["VALUE"] != 1, ["ROWID", "NOTE"]].to_numpy().tolist() == []


@pytest.mark.parametrize(("study", "output", "name"), published_outputs())
def test_every_interval_known_from_outside_is_among_those_computed(built, study, output, name):
    path = ROOT / "data" / study / "expected.csv"
    if not path.exists():
        pytest.skip("nothing is known from outside")
    results, _ = built(study)
    wide = results[results["OUTPUT"] == output].pivot_table(index="ROWID", columns="STATISTIC", values="VALUE")
    wide = wide.assign(low=(100 * wide["lower"]).round(1), high=(100 * wide["upper"]).round(1))
    computed = {(row.n, row.N, row.low, row.high) for row in wide.dropna(subset=["n"]).itertuples()}
    curves = {(round(100 * row.estimate, 1), row.low, row.high) for row in wide.itertuples()}
    expected = pd.read_csv(path).dropna(subset=["CI95_LOWER_PCT"])
    missing = [
        row.RESULT for row in expected.itertuples()
        if (row.X, row.N, row.CI95_LOWER_PCT, row.CI95_UPPER_PCT) not in computed
        and (float(str(row.EXPECTED).split()[0]), row.CI95_LOWER_PCT, row.CI95_UPPER_PCT) not in curves
    ]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize(("study", "output", "name"), published_outputs())
def test_what_a_publication_hides_is_said_on_the_page(built, study, output, name):
    _, out = built(study)
    page = " ".join((out / "tlf" / f"{name}.txt").read_text(encoding="utf-8").split())
    assert "# Fewer than 5 subjects at risk" in page
    assert "the order comes from censoring" in page


@pytest.mark.parametrize(("study", "output", "name"), published_outputs())
def test_the_second_run_makes_nothing_anew(built, study, output, name, capsys):
    _, out = built(study)
    assert run(Request(study=study, out=str(out))) == 0
    assert "nothing was written" in capsys.readouterr().err
