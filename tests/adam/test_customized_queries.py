"""Customized queries of ADAE: an event bears the name of each query it belongs to, else nothing (ADaMIG, OCCDS)."""

import pytest
from read_once import specs_of
from tables import given

from adam.derive.conditions import asked

QUERIES = {one.name: one for one in specs_of("iomab_act").declared.laid_upon("adae") if one.name.startswith("CQ")}


@pytest.mark.parametrize(("term", "organ", "named"), [
    ("Febrile neutropenia", "Blood and lymphatic system disorders", {"CQ01NAM": "CYTOPENIA"}),
    ("Platelet count decreased", "Investigations", {"CQ01NAM": "CYTOPENIA"}),
    ("Sepsis", "Infections and infestations", {"CQ02NAM": "INFECTION"}),
    ("Blood immunoglobulin G decreased", "Investigations", {"CQ03NAM": "HYPOGAMMAGLOBULINAEMIA"}),
    ("Myelodysplastic syndrome", "Neoplasms benign, malignant and unspecified (incl cysts and polyps)",
     {"CQ04NAM": "NEOPLASM"}),
    ("Pyrexia", "General disorders and administration site conditions", {}),
    (".", ".", {}),
])  # fmt: skip
def test_an_event_is_of_the_queries_that_list_its_term_or_organ_class(term, organ, named):
    event = given("adae", f"USUBJID | AEDECOD | AEBODSYS\n1 | {term} | {organ}")
    found = {name: asked(event, one).iloc[0] for name, one in QUERIES.items()}
    assert {name: value for name, value in found.items() if isinstance(value, str)} == named
