"""Lint tells a value that no row of the mapping, visit or case gives, where it is asked for, with the one meant."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.gate.checks.mapped import SheetRow
from pipeline.lint.given_values import _of_row
from pipeline.lint.report import lint
from pipeline.manual.example import NAME, lay_out

ROOT = Path(__file__).parents[2]

SHORT = "response: SHORT\nlabel: Short\npopulation: INF\nassessments: COUNTED\n"
FLAG = "MYFL: {label: Mine, of: adsl, %s}\n"
ORGANISM = """variables:
  - {name: AEORG, label: Organism, type: text, length: 40, core: Perm, origin: Predecessor, source: %s}
"""


def told(place, file, text):
    """What lint says beside nothing of the example with a text added to one of its files."""
    path = lay_out(ROOT, place) / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")
    return [(one.kind, one.text().removeprefix(f"specs/{NAME}/{file}:")) for one in lint(place, NAME)[0]]


@pytest.mark.parametrize(("rule", "file", "text", "kind", "said"), [
    ("a constant of a sheet", "conditions.yaml", FLAG % """from: cm, where: 'CMCAT == "CRS-ICANS TREATMNT"'""", "error",
     'CMCAT never is "CRS-ICANS TREATMNT": no row of the mapping, visit or case gives it; '
     "did you mean CRS-ICANS TREATMENT?"),
    ("a constant that is there", "conditions.yaml", FLAG % """from: cm, where: 'CMCAT == "CRS-ICANS TREATMENT"'""",
     "", ""),
    ("what may still be mapped", "conditions.yaml", FLAG % """from: cm, where: 'CMCAT == "CHEMOTHERAPY"'""", "warning",
     'CMCAT never is "CHEMOTHERAPY": no row of the mapping, visit or case gives it; '
     "add it to the mapping, or take it out here"),
    ("a word of the standard", "conditions.yaml", FLAG % """from: cm, where: 'CMCAT == "BRIDGING"'""", "", ""),
    ("a term of a coded field", "conditions.yaml", FLAG % """from: cm, where: 'CMDECOD == "TOCILIZUMAP"'""", "error",
     "did you mean TOCILIZUMAB"),
    ("a planned visit", "conditions.yaml", FLAG % """from: rs, where: 'VISIT == "DAY 82"'""", "error",
     "did you mean DAY 28"),
    ("a numbered visit", "conditions.yaml", FLAG % """from: rs, where: 'VISIT == "UNSCHEDULED 2"'""", "", ""),
    ("a case of a condition", "conditions.yaml", FLAG % """where: 'NEUTCAT == "MODERAT"'""", "error",
     "did you mean MODERATE"),
    ("the reason of the end of study", "conditions.yaml", FLAG % """where: 'EOSDECOD == "COMPLETD"'""", "error",
     "did you mean COMPLETED"),
    ("a response of the criteria", "endpoints/short.yaml", SHORT + "yes: [CR, CRX]\n", "error",
     "nobody knows the response 'CRX'; did you mean CR"),
    ("a response that is known", "endpoints/short.yaml", SHORT + "yes: [CR, CRi]\n", "", ""),
    ("a response that is another", "endpoints/short.yaml", SHORT + "take: last\nrecode: {NRR: SD}\n", "error",
     "did you mean NR"),
    ("an answer of a response", "conditions.yaml", FLAG % """from: adrs, where: 'PARAMCD == "BOR" and AVALC == "PT"'""",
     "error", 'AVALC of BOR never is "PT"; known are: CR'),
    ("an answer of yes or no", "conditions.yaml",
     FLAG % """from: adrs, where: 'PARAMCD == "CRD100" and AVALC == "CR"'""", "error",
     'AVALC of CRD100 never is "CR"; known are: N, Y'),
    ("the answer of a response", "conditions.yaml",
     FLAG % """from: adrs, where: 'PARAMCD == "BOR" and AVALC == "MISSING"'""", "", ""),
    ("a qualifier", "adam/adae.yaml", ORGANISM % '"SUPPAE.QVAL[QNAM=AESICATT]"', "error",
     "no row of mapping/ae.csv gives SUPP.AESICATT; did you mean AESICAT"),
])  # fmt: skip
def test_what_the_mapping_never_gives_is_told_where_it_is_asked(tmp_path, rule, file, text, kind, said):
    found = told(tmp_path, file, text)

    assert [one for one, _ in found] == [kind] * bool(kind) and all(said in what for _, what in found), found


def test_the_order_of_a_word_has_values_of_its_variable(tmp_path):
    words = "{code: CRSSCL, label: Scale, what: word, value: AESICAT, order: [CRS, ICANZ]}"
    found = told(tmp_path, "toxicities.yaml", f"CRS:\n  parameters:\n    scale: {words}\n")

    assert [what.partition(" ")[2] for _, what in found] == [
        'error: AESICAT never is "ICANZ": no row of the mapping, visit or case gives it; did you mean ICANS?']


def test_a_list_in_capitals_gives_its_texts_in_capitals(tmp_path):
    field = SimpleNamespace(codelist="COURSE")
    fields = {"COURSE": field, "FREE": SimpleNamespace(codelist="")}
    specs = SimpleNamespace(contracts={"INF": SimpleNamespace(fields=fields)})
    meaning = SimpleNamespace(specs=specs, lists={"COURSE": [("1", "First treatment"), ("2", "Retreatment")]},
                              submissions={}, codelist=lambda domain, row: "")  # fmt: skip
    row = SheetRow("INF", "", "EXSCAT", "assign_upper", ("COURSE",), "")
    assert _of_row(row, "EX", meaning) == {"FIRST TREATMENT", "RETREATMENT"}
    assert _of_row(row._replace(words=("FREE",)), "EX", meaning) == frozenset()
