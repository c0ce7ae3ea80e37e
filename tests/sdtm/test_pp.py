"""PP: what the analysis made of samples, by the terms of CDISC, related to the samples by their group (SDTMIG 3.4)."""

import pandas as pd
from built import example
from small_study import NO_ELEMENTS, grid

from pipeline.engine.graph import build_graph
from pipeline.ground.course import KineticParameter
from pipeline.ground.metadata import Period
from sdtm.pc import pc
from sdtm.pp import pp

SAMPLES = """
    USUBJID | PCTESTCD | PCTEST        | PCSPEC      | PCMETHOD | PCDTC
    A       | CARTTG   | CAR Transgene | BLOOD       | QPCR     | 2025-03-10
    A       | CARTTG   | CAR Transgene | BLOOD       | QPCR     | 2025-03-17
    A       | CARTTG   | CAR Transgene | BONE MARROW | QPCR     | 2025-03-17
    A       | CARTCE   | CAR-T Cells   | BLOOD       | .        | 2025-03-17
    B       | CARTTG   | CAR Transgene | BONE MARROW | QPCR     | 2025-03-17
"""
KINETICS = tuple(KineticParameter(code, code, measure) for code, measure in (
    ("FCMAX", "peak"), ("AUC090", "area"), ("PERSIST", "persistence")))  # fmt: skip
TERMS = grid("""
    codelist | collected | submission | label
    PKPARMCD | peak      | CMAX       | Max Conc
    PKPARMCD | area      | AUCINT     | AUC from T1 to T2
    PKUNIT   | DAYS      | day        | Day
""")
ADPP = """
    USUBJID | PARAMCD | PARCAT1       | PPSPEC | PCMETHOD | AVAL  | AVALU       | PPREASND | PPRFTDTC   | PPENINT
    A       | FCMAX   | CAR-T Cells   | BLOOD  | .        | 12.5  | 10^6/L      | .        | 2025-03-10 | .
    A       | AUC090  | CAR Transgene | BLOOD  | QPCR     | .     | day*copies/ug | TOO FEW | 2025-03-10 | P90D
    A       | FCMAX   | CAR Transgene | BLOOD  | QPCR     | 3184  | copies/ug   | .        | 2025-03-10 | .
    A       | PERSIST | CAR Transgene | BLOOD  | QPCR     | 13    | DAYS        | .        | 2025-03-10 | .
"""


def samples():
    reference = grid("USUBJID | RFSTDTC\nA | 2025-03-03\nB | 2025-03-03")
    no_visits = grid("USUBJID | VISITRAW | VISITNUM | VISIT | DTC")
    return pc(grid(SAMPLES), reference, no_visits, NO_ELEMENTS)


def test_samples_of_one_analyte_specimen_and_assay_of_a_subject_are_a_group():
    assert samples()["PCGRPID"].tolist() == ["CARTTG 1", "CARTTG 1", "CARTTG 2", "CARTCE 1", "CARTTG 1"]


def test_a_parameter_has_its_term_by_what_it_measures_its_group_and_why_there_is_no_value():
    adpp = grid(ADPP)
    made = pp(adpp.assign(AVAL=pd.to_numeric(adpp["AVAL"])), samples(), KINETICS, TERMS)

    shown = ["PPSEQ", "PPGRPID", "PPTESTCD", "PPTEST", "PPORRES", "PPSTRESN", "PPSTRESU", "PPSTAT", "PPREASND"]
    assert made[shown].astype("object").fillna("").to_numpy().tolist() == [
        [1, "CARTCE 1", "CMAX", "Max Conc", "12.5", 12.5, "10^6/L", "", ""],
        [2, "CARTTG 1", "AUCINT", "AUC from T1 to T2", "", "", "", "NOT DONE", "TOO FEW"],
        [3, "CARTTG 1", "CMAX", "Max Conc", "3184", 3184.0, "copies/ug", "", ""],
    ]  # fmt: skip


def test_of_several_treatment_periods_pp_has_all():
    graph = build_graph(example(periods=(Period("First", "EXSEQ <= 2"), Period("Again", "EXSEQ > 2"))))

    assert "adpp" in graph["pp"].needs and {"adpp@1", "adpp@2"} <= set(graph["adpp"].needs)
