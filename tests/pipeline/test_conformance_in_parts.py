"""Conformance of a build is looked at dataset by dataset, anew only where one, or what rules ask of others, changed."""

from collections.abc import Iterator

import pandas as pd
import pytest
from small_study import grid

from pipeline.engine.conformance import parts as parts_kept
from pipeline.engine.conformance.parts import DatasetParts, VariablesOnce
from pipeline.engine.conformance.rule import Checked, StudyFrames
from pipeline.engine.conformance.table import Rules, conformance
from pipeline.engine.parquet_columns import ParquetColumns
from pipeline.engine.store import parquet_bytes, sha256
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.study.conformance import COLUMNS

STUDY = {
    "dm": "USUBJID | RFSTDTC    | SEX\nA | 2025-03-04 | F\nB | 2025-03-10 | M",
    "ae": """USUBJID | AESEQ | AETERM  | AESTDTC    | AESTDY
             A       | 1     | fever   | 2025-03-05 | 2
             A       | 2     | nausea  | 2025-03-06 | 4""",
    "cm": "USUBJID | CMSEQ | CMTRT\nA | 1 | aspirin",
    "suppae": "USUBJID | RDOMAIN | IDVAR | IDVARVAL | QNAM\nA | AE | AESEQ | 3 | DLTYN",
    "adsl": "USUBJID | SAFFL\nA | Y\nB | N",
    "adae": """USUBJID | PARAMCD | AVAL | SRCDOM | SRCSEQ | SAFFL
               A       | FEVER   | 1    | AE     | 1      | N""",
}
TABLE = pd.DataFrame([["R1", "", "", "AE", "", "holds", "DM.SEX == 'F'", "", ""],
                      ["R2", "", "", "CM", "", "known", "USUBJID", "EX.USUBJID", ""]], columns=list(COLUMNS))
NUMBERS = ("AESEQ", "CMSEQ", "SRCSEQ", "AVAL", "AESTDY")


def frames(changed: tuple[str, str, str] = ("", "", "")) -> dict[str, pd.DataFrame]:
    """The study, with a cell of a dataset changed to another."""
    dataset, right, wrong = changed
    assert not dataset or right in STUDY[dataset]
    read = {name: grid(text.replace(right, wrong, 1) if name == dataset else text) for name, text in STUDY.items()}
    return {name: data.assign(**{n: pd.to_numeric(data[n]) for n in NUMBERS if n in data})
            for name, data in read.items()}  # fmt: skip


def looked_at(study: dict[str, pd.DataFrame], around=None) -> Iterator[Checked]:
    for name, data in study.items():
        number = [n for n in data if n.endswith("SEQ") and n != "SRCSEQ"] or ["PARAMCD", "QNAM"]
        spec = DatasetSpec(name=name, layer="adam" if name.startswith("ad") else "sdtm", dataset=name.upper(),
                           keys=("USUBJID", *number), variables=tuple(Variable(one, one) for one in data))  # fmt: skip
        yield Checked(data, spec, around or StudyFrames(study), {}, {}, ("SAFFL",))


def in_parts(study: dict[str, pd.DataFrame], *earlier: str) -> tuple[pd.DataFrame, DatasetParts]:
    stored = {name: parquet_bytes(data) for name, data in study.items()}
    parts = DatasetParts(VariablesOnce(ParquetColumns([*stored], stored.__getitem__)), Rules(TABLE), earlier)

    def checked(name: str):
        return lambda around: next(one for one in looked_at(study, around) if one.name == name)

    return parts.rules.rows([parts.held(name, sha256(stored[name]), checked(name)) for name in study]), parts


KEPT = in_parts(frames())[1].text()


@pytest.mark.parametrize("kept", [parts_kept.KEPT, 0], ids=["kept", "let go"])
def test_parts_find_what_all_datasets_looked_at_together_have(monkeypatch, kept):
    monkeypatch.setattr(VariablesOnce, "let_go", lambda own, let_go=VariablesOnce.let_go: let_go(own, kept))
    found, parts = in_parts(frames())
    pd.testing.assert_frame_equal(found, conformance(looked_at(frames()), TABLE))
    assert {"SDTM-DY", "SDTM-LINK", "ADAM-CORE"} <= {*found.loc[found["ISSUES"] > 0, "RULE"]}
    assert parts.made == [*STUDY]


@pytest.mark.parametrize(("changed", "made"), [
    (("", "", ""), []),
    (("ae", "fever", "pyrexia"), ["ae"]),  # nobody else asks for the term
    (("ae", "2     | nausea", "3     | nausea"), ["ae", "suppae", "adae"]),  # who points to records of AE by number
    (("dm", "2025-03-04", "2025-03-05"), ["dm", "ae"]),  # who counts days
    (("dm", "| F", "| M"), ["dm", "ae"]),  # the list of rules asks for it
    (("adsl", "Y", "N"), ["adsl", "adae"]),
    (("cm", "aspirin", "ibuprofen"), ["cm"]),
])  # fmt: skip
def test_a_dataset_is_looked_at_anew_when_it_or_what_was_asked_of_others_changed(changed, made):
    study = frames(changed)
    found, parts = in_parts(study, KEPT)
    assert parts.made == made
    pd.testing.assert_frame_equal(found, conformance(looked_at(study), TABLE))


def test_a_dataset_that_comes_to_be_there_is_a_change_for_who_asked_for_it():
    study = frames() | {"ex": pd.DataFrame({"USUBJID": ["B"], "EXSEQ": [1.0]})}
    found, parts = in_parts(study, KEPT)
    assert parts.made == ["cm", "ex"]
    assert found.set_index("RULE").at["R2", "ISSUES"] == 1


def test_what_was_kept_reads_as_it_was_written():
    assert in_parts(frames(), KEPT)[1].text() == KEPT
