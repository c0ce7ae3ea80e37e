"""The records of SDTM behind records of analysis datasets: the one named, several told, and the baseline beside it."""

import pandas as pd
import pytest
from read_once import specs_of
from small_study import grid

from pipeline.engine.several_sources import sources_of
from pipeline.engine.store import Cache
from pipeline.publish import lineage_file
from pipeline.publish.lineage_file import write_lineage

KEYS = ("STUDYID", "USUBJID", "PARAMCD", "ASEQ")
VALUES = grid("""
    USUBJID | PARAMCD | ASEQ | ABLFL | BASE | SRCDOM | SRCSEQ
    A       | NEUT    | 1    | Y     | 4    | LB     | 10
    A       | NEUT    | 2    | .     | 4    | LB     | 11
    A       | NEUT    | 3    | .     | .    | LB     | 12
    A       | SPD     | 1    | Y     | 9    | TR     | 20
    A       | SPD     | 2    | Y     | 8    | TR     | 21
    A       | SPD     | 3    | .     | 9    | TR     | 22
    B       | NEUT    | 1    | .     | .    | .      | .
""")
SUMS = grid("""
    USUBJID | PARAMCD | ASEQ | SRCDOM | SRCSEQ
    A       | SPD     | 3    | TR     | 30
    A       | SPD     | 3    | TR     | 31
    B       | NEUT    | 1    | LB     | 7
""")


def told(records: pd.DataFrame) -> dict[int, list[tuple[str, str]]]:
    found = sources_of(records, VALUES, KEYS, [SUMS])
    pairs = found.assign(PAIR=list(zip(found["SRCDOM"], found["SRCSEQ"], strict=True)))
    return pairs.groupby("ROW")["PAIR"].agg(sorted).to_dict()


def test_a_record_rests_on_the_one_it_names_those_told_of_it_and_its_only_baseline():
    assert told(VALUES) == {
        0: [("LB", "10")], 1: [("LB", "10"), ("LB", "11")], 2: [("LB", "12")],
        3: [("TR", "20")], 4: [("TR", "21")], 5: [("TR", "22"), ("TR", "30"), ("TR", "31")],  # which baseline is open
        6: [("LB", "7")],
    }  # fmt: skip


def test_the_baseline_of_one_record_is_looked_for_in_the_whole_dataset():
    assert told(VALUES.iloc[[1]]) == {1: [("LB", "10"), ("LB", "11")]}


def lineage_in(products):
    write_lineage(products, products / "lineage.parquet", specs_of("iomab_act"), Cache(products / "cache"))
    return pd.read_parquet(products / "lineage.parquet")


def test_the_products_tell_of_every_dataset_by_the_place_in_its_file(tmp_path):
    for folder in ("adam", "lineage"):
        (tmp_path / folder).mkdir()
    numbered = {"SRCSEQ": "float64", "ASEQ": "float64"}
    VALUES.astype(numbered).to_parquet(tmp_path / "adam" / "adtr.parquet")
    SUMS.astype(numbered).to_parquet(tmp_path / "lineage" / "adtr.parquet")
    VALUES[["USUBJID"]].to_parquet(tmp_path / "adam" / "adsl.parquet")
    found = lineage_in(tmp_path)

    assert found.groupby("ROW").size().to_dict() == {1: 1, 2: 2, 3: 1, 4: 1, 5: 1, 6: 3, 7: 1}
    assert list(found) == ["DATASET", "ROW", "USUBJID", "SRCDOM", "SRCSEQ"] and set(found["DATASET"]) == {"ADTR"}


def test_what_an_earlier_build_left_of_other_datasets_and_by_other_keys_is_not_in_the_lineage(tmp_path):
    for folder in ("adam", "lineage"):
        (tmp_path / folder).mkdir()
    numbered = {"ASEQ": "int64", "SRCSEQ": "float64"}
    VALUES.astype(numbered).to_parquet(tmp_path / "adam" / "adtr.parquet")
    VALUES.astype(numbered).to_parquet(tmp_path / "adam" / "adold.parquet")
    SUMS.astype(numbered).drop(columns="ASEQ").to_parquet(tmp_path / "lineage" / "adtr.parquet")
    found = lineage_in(tmp_path)

    assert set(found["DATASET"]) == {"ADTR"} and found["ROW"].tolist() == [1, 2, 2, 3, 4, 5, 6]


def test_a_dataset_read_some_records_at_a_time_has_the_lineage_of_one_read_at_once(tmp_path):
    """The baseline of a subject whose records are divided, and the place in the file, are as they were."""
    (tmp_path / "adam").mkdir()
    records = pd.concat([VALUES.assign(USUBJID=VALUES["USUBJID"] + str(number)) for number in range(3)])
    records = records.astype({"SRCSEQ": "float64", "ASEQ": "float64"}).sort_values(["USUBJID", "PARAMCD", "ASEQ"])
    told = []
    for size in (1000, 7, 2, 1):
        records.to_parquet(tmp_path / "adam" / "adtr.parquet", row_group_size=size, index=False)
        told.append(lineage_in(tmp_path))

    assert len(told[0]) == 3 * 7 and told[0]["ROW"].max() == 18
    assert all(one.equals(told[0]) for one in told)


@pytest.mark.parametrize(("changed", "anew"), [
    ({}, []), ({"BASETYPE": "other"}, []), ({"SRCSEQ": 1.0}, ["ADTR"]), ({"ASEQ": [1.0, 2, 3, 1, 2, 4, 1]}, ["ADTR"]),
])  # fmt: skip
def test_only_a_dataset_of_which_key_or_source_changes_has_its_lineage_told_anew(tmp_path, monkeypatch, changed, anew):
    for folder in ("adam", "lineage"):
        (tmp_path / folder).mkdir()
    values = VALUES.astype({"SRCSEQ": "float64", "ASEQ": "float64"})
    for name in ("adtr", "adlb"):
        values.assign(BASETYPE="").to_parquet(tmp_path / "adam" / f"{name}.parquet")
    lineage_in(tmp_path)
    told, of_dataset = [], lineage_file._of_dataset
    monkeypatch.setattr(lineage_file, "_of_dataset", lambda *given: told.append(given[2]) or of_dataset(*given))
    values.assign(**{"BASETYPE": "", **changed}).to_parquet(tmp_path / "adam" / "adtr.parquet")
    found = lineage_in(tmp_path)

    assert told == anew
    assert found["DATASET"].eq("ADLB").sum() == 7 and {*found["DATASET"]} == {"ADLB", "ADTR"}
