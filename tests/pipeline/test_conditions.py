"""What a study declares in conditions.yaml and sets.yaml: its nodes, its variables, and the way back from them."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.engine.graph import build_graph, downstream, order
from pipeline.ground.faults import TrialError
from pipeline.study.conditions import subject_variables
from pipeline.study.declared import load_declared
from pipeline.study.specs import load_specs
from pipeline.why.lineage import sdtm_records

ROOT = Path(__file__).parents[2]
CONDITIONS = """\
TOCIFL: {label: Tocilizumab Flag, of: adsl, from: cm, where: 'CMDECOD == "TOCILIZUMAB" and CARTDY >= 0'}
NEUTMIN: {label: Lowest Neutrophils, of: adfa, from: lb, take: lowest, value: LBSTRESN, where: 'LBTESTCD == "NEUT"'}
NEULFL: {label: Neutrophils Low Flag, of: adsl, where: 'NEUTMIN < 0.5 and AGE >= @AGE_CUT', among: 'SAFFL == "Y"'}
SEVFL: {label: Severe Flag, of: adae, where: 'ATOXGRN >= 3 and CKFL == "Y"'}
BOTHFL: {label: Severe and Treatment-Emergent Flag, of: adae, where: 'SEVFL == "Y" and TRTEMFL == "Y"'}
"""
SETS = """\
ITT: {where: 'ENRLFL == "Y"', reasons: {NOT ENROLLED: ""}}
SAF: {label: All treated, where: 'CARTSDT != ""', reasons: {NOT TREATED: ""}}
CK: {label: Kinetics Set, flag: CKFL, reason: CKRSN, where: 'TOCIFL == "Y"', after: SAF, reasons: {NO VALUE: ""}}
PARTA: {label: Part A, where: 'COHORT == "A"'}
"""


def study(tmp_path, conditions=CONDITIONS):
    for name in ("standard", "iomab_act"):
        shutil.copytree(ROOT / "specs" / name, tmp_path / "specs" / name)
    sets = SETS if conditions == CONDITIONS else "MEN: {label: Men}\n"
    for name, text in (("conditions.yaml", conditions), ("sets.yaml", sets)):
        (tmp_path / "specs" / "iomab_act" / name).write_text(text, encoding="utf-8")
    return load_specs(tmp_path, "iomab_act")


def test_each_thing_asked_of_subjects_is_made_before_what_names_it(tmp_path):
    specs = study(tmp_path)
    graph = build_graph(specs)
    sequence = order(graph)
    for before, after in (
        ("adsl_tocifl", "ck_set"), ("ck_set", "adae"), ("adfa_neutmin", "adsl_neulfl"), ("safety_set", "adsl_neulfl"),
        ("adfa_neutmin", "adfa"), ("adsl_neulfl", "adsl"), ("ck_set", "adsl"), ("enrolled_set", "itt_set"),
    ):  # fmt: skip
        assert sequence.index(before) < sequence.index(after)
    assert graph["adsl_tocifl"].needs == ("cm", "subjects")
    assert "age_cut" in graph["adsl_neulfl"].settings
    assert {"conditions.yaml", "sets.yaml"} <= {path.name for path in graph["adae"].files}


def test_what_rests_on_a_condition_is_remade_with_it(tmp_path):
    changed = downstream(build_graph(study(tmp_path)), {"adsl_tocifl"})
    assert changed[:2] == ["adsl_tocifl", "ck_set"] and {"adae", "adsl"} <= set(changed)
    assert "adae" not in downstream(build_graph(study(tmp_path / "other")), {"adsl_neulfl"})


def test_what_rests_on_the_data_cut_is_remade_with_it(tmp_path):
    long_ago = "LONGFL: {label: Day 168 Before the Cut Flag, of: adsl, where: 'DCUTDY >= 168 and CARTSDT < DCUTDT'}\n"
    changed = downstream(build_graph(study(tmp_path, long_ago)), {"cutoff"})
    assert changed.index("subjects") < changed.index("adsl_longfl") < changed.index("adsl")


def test_they_become_variables_with_metadata(tmp_path):
    specs = study(tmp_path)
    told = specs.datasets["adsl"].by_name
    assert (told["TOCIFL"].label, told["TOCIFL"].codelist, told["TOCIFL"].origin) == (
        "Tocilizumab Flag", "NY", "Derived")  # fmt: skip
    assert told["TOCIFL"].derivation == (
        'Y when a record of CM meets: CMDECOD == "TOCILIZUMAB" and CARTDY >= 0.')  # fmt: skip
    assert told["TOCIFL"].source.split(", ")[0] == "CM.CMDECOD"
    assert told["NEULFL"].derivation.endswith('Blank unless SAFFL == "Y".')
    assert told["CKRSN"].derivation == "First that applies: NOT ENROLLED; NOT TREATED; NO VALUE."
    assert "NEUTMIN" not in told and subject_variables(specs.datasets, specs.declared)["NEUTMIN"].type == "number"
    assert [v.name for v in specs.datasets["adae"].variables[-2:]] == ["SEVFL", "BOTHFL"]
    assert specs.named.sets["CK"]["where"] == 'CKFL == "Y"' and specs.named.sets["PARTA"]["where"] == 'COHORT == "A"'


def test_a_set_that_is_defined_anew_keeps_its_names_and_is_told_as_it_is_made(tmp_path):
    specs = study(tmp_path)
    saf = specs.declared.by_name["SAF"]
    assert (saf.flag, saf.node, saf.reason, saf.label) == ("SAFFL", "safety_set", "SAFEXRSN", "All treated")
    assert specs.datasets["adsl"].by_name["SAFFL"].derivation == 'Y when CARTSDT != "".'
    assert specs.datasets["adsl"].by_name["SAFFL"].label == "Safety Population Flag"


def test_no_leukapheresis_is_no_reason_where_none_is_needed(tmp_path):
    (tmp_path / "sets.yaml").write_text(SETS.splitlines()[0] + "\n")
    of_standard = load_declared(ROOT / "specs" / "standard", tmp_path / "none").by_name
    of_study = load_declared(ROOT / "specs" / "standard", tmp_path).by_name
    assert list(of_standard["INF"].reasons) == [
        "NOT ENROLLED", "NO LEUKAPHERESIS", "NOT TREATED", "CONDITIONING WITHOUT CELLS"]  # fmt: skip
    assert list(of_study["INF"].reasons) == ["NOT ENROLLED", "NOT TREATED", "CONDITIONING WITHOUT CELLS"]
    assert of_study["INF"].reasons["NOT TREATED"] == 'SAFFL == "N"'


def test_datasets_that_need_each_other_are_told_with_the_file(tmp_path):
    conditions = "AFL: {label: A, of: adsl, from: adae, where: 'TRTEMFL == \"Y\"'}\n"
    specs = study(tmp_path, conditions + "BFL: {label: B, of: adae, where: 'AFL == \"Y\"'}\n")
    with pytest.raises(TrialError, match="A spec names") as error:
        order(build_graph(specs))
    assert error.value.where.endswith(".yaml")


def test_a_count_leads_to_the_records_that_decided(tmp_path):
    specs = study(tmp_path)
    frames = {
        "adsl_tocifl": pd.DataFrame({"USUBJID": ["A", "B"], "SRCDOM": ["CM", None], "SRCSEQ": [3.0, None]}),
        "adfa_neutmin": pd.DataFrame({"USUBJID": ["A"], "SRCDOM": ["LB"], "SRCSEQ": [7.0]}),
    }  # fmt: skip
    build = SimpleNamespace(specs=specs, entries=frames, frame=frames.__getitem__, graph={})
    people = pd.DataFrame({"USUBJID": ["A", "B"]})
    for condition, expected in (
        ('TOCIFL == "Y"', [("A", "CM", 3.0)]), ('CKFL == "Y"', [("A", "CM", 3.0)]),
        ('NEULFL == "Y"', [("A", "LB", 7.0)]),
    ):  # fmt: skip
        found = sdtm_records(build, "adsl", people, condition)
        assert [tuple(row) for row in found.to_numpy() if row[0] == "A"] == expected
        assert found.loc[found["USUBJID"] == "B", "DOMAIN"].tolist() == ["DM"]
