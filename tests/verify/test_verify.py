"""`trial verify` on the products of the example: what was planted in them is found, and nothing else is."""

import json
import shutil

import pandas as pd
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.verify.command import doubts


def test_one_time_and_one_printed_number_changed_are_all_that_is_found(example_out, tmp_path):
    products = tmp_path / "out"
    for name in ("sdtm", "adam", "results"):
        shutil.copytree(example_out / name, products / name)
    shutil.copy(example_out / "manifest.json", products)
    adtte = pd.read_parquet(products / "adam" / "adtte.parquet")
    place = adtte.index[adtte["PARAMCD"].eq("OS")][0]
    adtte.loc[place, "AVAL"] += 1
    adtte.to_parquet(products / "adam" / "adtte.parquet")
    results = pd.read_parquet(products / "results" / "results.parquet")
    asked = results[["OUTPUT", "ROW", "COLUMN", "STATISTIC"]].eq(["T-14.2.2", "pfs_12", "AB", "estimate"]).all(axis=1)
    results.loc[asked, "VALUE"] += 0.01
    results.to_parquet(products / "results" / "results.parquet")

    run = CliRunner().invoke(trial, ["verify", "--out", str(products), "--save", str(tmp_path / "report")])
    found, numbers = (
        pd.read_csv(tmp_path / "report" / f"verify_{name}.csv") for name in ("differences", "numbers")
    )  # fmt: skip

    assert run.exit_code == 1, run.output
    assert found[["ENDPOINT", "USUBJID"]].values.tolist() == [["OS.AVAL", adtte.at[place, "USUBJID"]]]
    assert numbers[["OUTPUT", "ROW", "COLUMN"]].values.tolist() == [["T-14.2.2", "pfs_12", "AB"]]
    assert "2 differences are open." in run.output
    assert "default-src 'none'" in (tmp_path / "report" / "verify.html").read_text(encoding="utf-8")


def test_without_products_it_is_said_what_to_do(tmp_path):
    run = CliRunner().invoke(trial, ["verify", "--out", str(tmp_path / "nowhere")])

    assert (run.exit_code, "There is no such file or folder." in run.output + run.stderr) == (2, True)


def test_what_a_build_left_from_an_earlier_one_is_said(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"stale": ["adtte", "adrs"], "failed": {}}), encoding="utf-8")

    assert doubts(tmp_path / "manifest.json") == (
        "Of these products some are left from an earlier build: adrs, adtte.",)  # fmt: skip
    assert doubts(tmp_path / "nowhere.json") == ()
