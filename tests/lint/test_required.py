"""`required_where:` of a raw contract: slips are told where they stand."""

import pytest

from pipeline.lint.places import read_document
from pipeline.lint.raw import check_required
from pipeline.study.contracts import contract_of

TEXT = """form: IMM
fields:
  ASSAY: {type: coded, codelist: ASSAY}
  LLOQ: {type: decimal, required_where: '%s'}
"""
LISTS = {"ASSAY": [("Q", "QPCR"), ("A", "ADA")]}


@pytest.mark.parametrize(("clause", "said"), [
    ('ASSAY != "ADA"', ""), ('LLOQ > 1', ""),
    ('ASAY != "ADA"', "imm.yaml:4:25 error: the form IMM has no variable ASAY; did you mean ASSAY?"),
    ('ASSAY == "ADDA"', "imm.yaml:4:25 error: ASSAY never is \"ADDA\""), ('ASSAY ==', "imm.yaml:4:25 error: "),
])  # fmt: skip
def test_a_slip_in_what_is_required_is_told(tmp_path, clause, said):
    path = tmp_path / "imm.yaml"
    path.write_text(TEXT % clause)
    document = read_document(path, "imm.yaml")
    contract = contract_of(document.content)
    told = [problem.text() for problem in check_required(document, contract, contract.fields, LISTS)]
    assert len(told) == bool(said) and all(text.startswith(said) for text in told), told
