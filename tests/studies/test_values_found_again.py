"""Every collected value of an active record is found again in SDTM, value by value, or is excused with its reason."""

from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from found_again import WRITTEN, FoundAgain, forms_of

from pipeline.engine.graph import order
from pipeline.ground.queries import LEFT_OUT
from pipeline.publish.build import Request, opened

ROOT = Path(__file__).parents[2]
# Answers that the records themselves give, by what they say: an ongoing event, who entered, what was not observed.
TOLD_OTHERWISE = {
    "iomab_act": {
        ("AE", "AEONGO", "Yes"): "ongoing", ("CM", "CMONGO", "Yes"): "ongoing", ("MH", "MHONGO", "Yes"): "ongoing",
        ("ENR", "ENRYN", "Yes"): "entered into trial",
    },
    "bsab12": {("TOX", "RESOLVED", "Yes"): "recovered/resolved"},
}  # fmt: skip
BY_SUBJECT = {"iomab_act": {("ENR", "PART")}, "bsab12": set()}  # a letter that is of the subject, not of a record
COUNTED = {"iomab_act": set(), "bsab12": {("TOX", "ONSDAY")}}  # days that SDTM has as dates
# Answers that a record gives by being there: a result that stands, a criterion that was not met.
THERE = {"iomab_act": {("LABC", "STATUS"), ("IE", "IEYN")}, "bsab12": set()}
# Values that are not there: a date that is none (31 February).
MISSING = {"iomab_act": {("CM", "CMENDAT"): 1}, "bsab12": {}}


@cache
def lost(study: str, out: Path) -> dict[tuple[str, str], int]:
    build = opened(Request(root=str(ROOT), study=study, out=str(out)))
    for name in (name for name in order(build.graph) if name.startswith("raw:")):
        assert build.known(name)
    told = pd.read_csv(out / "coverage.csv", keep_default_na=False).set_index(["FORM", "FIELD"])
    found = FoundAgain(out, build.table("ct"), build.table("visits"))
    findings = pd.read_csv(out / "findings.csv", keep_default_na=False, dtype="str")
    left = findings[findings["check"].isin(LEFT_OUT)]
    aside = set(zip(left["form"], left["record"], strict=True))
    missing: Counter[tuple[str, str]] = Counter()
    excused = told["VALUES"] - told["SUBMITTED"] - told["LEFT_OUT"] - told["NOWHERE"]
    for form, contract in build.specs.contracts.items():
        raw = build.frame(f"raw:{form}")
        here = raw[~(raw["_RECORD"].map(lambda record, form=form: (form, record) in aside) | late(raw, build.cutoff))]
        for field in fields(raw, contract):
            reason, submitted = told.loc[(form, field), ["REASON", "SUBMITTED"]]
            if (reason and not submitted) or (form, field) in COUNTED[study] | THERE[study]:
                continue
            both = [name for name in (field, f"{field}_STD") if name in raw]
            for line, subject, *cells in here[["_LINE", "_SUBJECT", *both]].itertuples(index=False, name=None):
                texts = [cell for cell in cells if cell == cell]
                other = TOLD_OTHERWISE[study].get((form, field, texts[0]), "") if texts else ""
                who = f"{build.specs.study.study}-{subject}"
                if texts and not found.has(form, line, who, [*texts, *([other] if other else [])],
                                           anywhere=(form, field) in BY_SUBJECT[study]):  # fmt: skip
                    missing[form, field] += 1
    return {place: count for place, count in missing.items() if count > excused[place]}


def fields(raw: pd.DataFrame, contract) -> list[str]:
    """The fields of a form, of what every form carries its folder, and columns that no contract names."""
    own = [name for name in raw if not name.startswith("_") and not name.endswith("_STD")]
    carried = set(contract.carried) - {"FOLDER"} | {contract.subject.column}
    return [name for name in own if name not in carried]


def late(raw: pd.DataFrame, cutoff: str) -> pd.Series:
    """Records with a date after the data cut, in any of their fields."""
    texts = {text for name in raw if not name.startswith("_") for text in raw[name].dropna().unique()}
    written = {text for text in texts if WRITTEN.fullmatch(text.upper()) or text[4:5] == "-"}
    dates = {text: max(forms_of(text)) > cutoff for text in written}
    after = [raw[name].map(dates).eq(True) for name in raw if not name.startswith(("_", "CREATED", "UPDATED"))]
    return pd.concat(after, axis="columns").any(axis="columns")


@pytest.mark.parametrize("study", ["iomab_act", "bsab12"])
def test_every_value_of_an_active_record_is_found_again_or_excused(study, study_out):
    assert lost(study, study_out(study)) == MISSING[study]
