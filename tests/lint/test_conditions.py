"""Slips in sets.yaml and conditions.yaml are told where they stand, with the word that was probably meant."""

import pytest

from pipeline.ground.faults import TrialError
from pipeline.lint.report import lint
from pipeline.study.specs import load_specs

YES = '{{label: A label, of: {of}, where: \'{where}\'}}'


def flag(name, where, of="adsl"):
    return f"{name}: " + YES.format(of=of, where=where)


SLIPS = {
    "an unknown variable": (flag("AFL", 'SEXX == "M"'), "1:33 error: ADSL has no variable SEXX; did you mean SEX"),
    "of records": (flag("AFL", 'AESERR == "Y"', "adae"), "ADAE has no variable AESERR; did you mean AESER"),
    "beside records": (flag("AFL", 'AESER == "Y" and SAFL == "Y"', "adae"), "no variable SAFL; did you mean SAFFL"),
    "a value no list has": (flag("AFL", 'SAFFL == "Yes"'), "SAFFL never is \"Yes\": the codelist NY does not have it"),
    "another kind": (flag("AFL", 'AGE > "60"'), "AGE holds a number"),
    "a clause that cannot be read": (flag("AFL", "AGE + 1 > 60"), "is not part of a condition"),
    "an unknown decision": (flag("AFL", "AGE > @AGE_CUTT"), "unknown decision 'AGE_CUTT'; did you mean AGE_CUT"),
    "an unknown dataset": (flag("AFL", 'SEX == "M"', "adsll"), "1:23 error: unknown dataset 'adsll'; did you"),
    "a dataset nobody is handed": ("AFL: {label: L, of: subjects, from: cm}", "SUBJECTS keeps no value of other"),
    "unknown records": ("AFL: {label: L, of: adsl, from: cmm}", "1:27 error: unknown dataset 'cmm'; did you mean cm"),
    "a name too long": (flag("RELATEDFL", 'SEX == "M"'), "1:1 error: 'RELATEDFL' cannot be the name of a variable"),
    "a label too long": (flag("AFL", 'SEX == "M"').replace("A label", "L" * 41), "1:7 error: `AFL.label` must be a te"),
    "a flag the recipe makes": (flag("TRTEMFL", 'AESER == "Y"', "adae"), "1:1 error: ADAE has TRTEMFL already"),
    "a date that much rests on": (flag("CARTSDT", 'SEX == "M"'), "1:1 error: ADSL has CARTSDT already"),
    "a number at baseline": (flag("WEIGHTBL", 'SEX == "M"'), "1:1 error: ADSL has WEIGHTBL already"),
    "a flag of a set": (flag("SAFFL", 'SEX == "M"'), "1:1 error: SAFFL is the flag of the set SAF"),
    "no clause": ("AFL: {label: L, of: adsl}", "1:1 error: AFL has no clause; say `where:`, or `from:`"),
    "an empty clause": ('AFL: {label: L, of: adsl, from: cm, where: ""}', "an empty clause is met by everybody"),
    "a circle": (flag("AFL", 'BFL == "Y"') + "\n" + flag("BFL", 'AFL == "Y"'), "in a circle: AFL needs BFL needs AFL"),
    "itself": (flag("AFL", 'AFL == "Y"'), "in a circle: AFL needs AFL"),
    "take without value": ("AFL: {label: L, of: adsl, from: cm, take: first}", "`take:` needs `value:`; say both"),
    "an unknown take": ("AFL: {label: L, of: adsl, from: cm, take: frist, value: CMTRT}", "did you mean first"),
    "an unknown value": ("AFL: {label: L, of: adsl, from: cm, take: last, value: CMTRTT}", "CM has no variable CMTRTT"),
    "the lowest text": ("AFL: {label: L, of: adsl, from: cm, take: lowest, value: CMTRT}", "CMTRT is a text"),
    "a flag otherwise": ("AFL: {label: L, of: adsl, from: cm, otherwise: Y}", "a flag is N where there is no record"),
    "otherwise no number": ("AFL: {label: L, of: adsl, from: lb, take: last, value: LBSTRESN, otherwise: none}",
                            "LBSTRESN holds a number, 'none' is none"),
    "records of no parameters": ("AFL: {label: L, of: adae, from: cm}", "ADAE has no parameters"),
    "a case": ("AFL: {label: L, of: adsl, cases: {OLD: 'AGEE > 60', YOUNG: ''}}", "ADSL has no variable AGEE"),
    "cases and a clause": ("AFL: {label: L, of: adsl, where: 'AGE > 1', cases: {A: ''}}", "`cases:` say two things"),
    "a date that is none": ("AFL: {label: L, of: adsl, from: cm, date: CMTRT}", "1:37 error: CM has no date CMTRT"),
    "a date of no subject": ("AFL: {label: L, of: adsl, from: subjects, date: LSTALDT}", "did you mean LSTALVDT"),
    "a date of no records": ("AFL: {label: L, of: adsl, date: LSTALVDT, where: 'AGE > 1'}", "records are dated"),
    "nothing to join": ("AFL: {label: L, of: adsl, joined: '; ', where: 'AGE > 1'}", "texts of cases are joined"),
    "a base that is no number": ("AFL: {label: L, of: adsl, from: lb, base: SEX, where: 'CHG > 1'}", "SEX is no"),
    "a base of no results": ("AFL: {label: L, of: adsl, from: cm, base: AGE, where: 'CHG > 1'}", "CM has no result"),
    "a change without a base": ("AFL: {label: L, of: adsl, from: lb, where: 'CHG > 1'}", "no variable CHG"),
    "a word misspelt": ("AFL: {label: L, of: adsl, form: cm}", "unknown word 'form'; did you mean from"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_of_a_condition_has_its_place_and_cure(small, name):
    text, message = SLIPS[name]
    (small / "specs" / "small" / "conditions.yaml").write_text(text + "\n")
    found = [p.text() for p in lint(small, "small")[0]]
    assert [p for p in found if message in p and "specs/small/conditions.yaml:" in p], found
    assert all(p.startswith("specs/small/conditions.yaml:") for p in found)


def test_the_base_of_a_condition_may_be_another_one_that_is_a_number(small):
    (small / "specs" / "small" / "conditions.yaml").write_text(
        "HGB0: {label: First, of: adsl, from: lb, take: first, value: LBSTRESN}\n"
        "FELL: {label: Fell, of: adsl, from: lb, base: HGB0, where: CHG < -20}\n"
    )
    assert [p.text() for p in lint(small, "small")[0]] == []


@pytest.mark.parametrize("name", ["EOSSTT", "DCSREAS", "AGEGR1"])
def test_a_study_says_otherwise_what_nothing_but_adsl_is_made_of(small, name):
    cases = """{PROGRESSIVE DISEASE: 'EOSDECOD == "PROGRESSIVE DISEASE"', IN: ''}"""
    words = f"{name}: {{label: Own, of: adsl, cases: {cases}}}"
    before = load_specs(small, "small").datasets["adsl"].names
    (small / "specs" / "small" / "conditions.yaml").write_text(words + "\n")
    assert lint(small, "small")[0] == []
    adsl = load_specs(small, "small").datasets["adsl"]
    assert adsl.names == before  # in its place, once
    assert (adsl.by_name[name].label, adsl.by_name[name].codelist) == ("Own", "")


OF_SETS = {
    "an emptied clause": ('SAF: {where: ""}', "1:1 error: SAFFL has no clause, and there is no recipe safety_set"),
    "an emptied clause without a flag": ('X: {label: X, where: ""}', "1:15 error: an empty clause is met by everybody"),
    "its own flag": ("SAF: {where: 'SAFFL == \"Y\"', reasons: {A: ''}}", "error: SAFFL is what this clause makes"),
    "an unknown set": ("X: {label: X, flag: XFL, where: 'AGE > 1', within: {SAFF: minor}}", "1:53 error: unknown set"),
    "an unknown severity": ("X: {label: X, flag: XFL, where: 'AGE > 1', within: {SAF: severe}}", "be the word always"),
    "a promise": ("X: {label: X, flag: XFL, where: 'AGE > 1', within: {SAF: always}}", "a clause cannot promise"),
    "an unknown variable": ("X: {label: X, flag: XFL, where: 'AGEE > 1'}", "1:26 error: ADSL has no variable AGEE"),
    "of its records": ("X: {label: X, flag: XFL, from: pc, where: 'PCTEST2 > 1'}", "PC has no variable PCTEST2"),
    "of a reason": ("X: {label: X, flag: XFL, where: 'AGE > 1', reason: XRSN, reasons: {OLD: 'AGGE > 1'}}", "AGGE"),
    "in the text of a reason": ("X: {label: X, flag: XFL, where: 'AGE > 1', reason: XRSN, reasons: {'OLD {AGEE}': ''}}",
                                "the reason names the unknown variable AGEE; did you mean AGE"),
    "a flag twice": ("X: {label: X, flag: SAFFL, where: 'AGE > 1'}", "1:15 error: SAFFL is also made by SAF"),
    "a clause without reasons": ("SAF: {where: 'AGE > 1'}", "1:1 error: SAFEXRSN has no reason of its own"),
    "no label": ("X: {flag: XFL, where: 'AGE > 1'}", "1:1 error: the set X has no label"),
    "a reason without a flag": ("X: {label: X, where: 'AGE > 1', reason: XRSN}", "`reason:` needs a flag"),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_SETS)
def test_a_slip_of_a_set_has_its_place_and_cure(small, name):
    text, message = OF_SETS[name]
    (small / "specs" / "small" / "sets.yaml").write_text(text + "\n")
    found = [p.text() for p in lint(small, "small")[0]]
    assert [p for p in found if message in p and p.startswith("specs/small/sets.yaml:")], found


def test_a_run_tells_a_slip_as_lint_does(small):
    (small / "specs" / "small" / "conditions.yaml").write_text("AFL: {label: L, of: adsl, from: cmm}\n")
    with pytest.raises(TrialError, match="unknown dataset 'cmm'") as error:
        load_specs(small, "small")
    assert error.value.where.endswith("conditions.yaml, line 1, column 27") and error.value.exit_code == 2


def test_conditions_and_sets_in_order_are_passed(small):
    folder = small / "specs" / "small"
    (folder / "conditions.yaml").write_text(
        "TOCIFL: {label: L, of: adsl, from: cm, where: 'CMDECOD == \"TOCILIZUMAB\" and CARTDY >= 0', "
        "among: 'AGE > 1'}\n"
        "IGGMIN: {label: L, of: adfa, from: lb, take: lowest, value: LBSTRESN, where: 'LBTESTCD == \"NEUT\"'}\n"
        "LOWFL: {label: L, of: adsl, where: 'IGGMIN < 4', among: 'IGGMIN != \"\"'}\n"
        "SEVFL: {label: L, of: adae, where: 'ATOXGRN >= 3 and CARTDY >= 0 and CKFL == \"Y\"'}\n"
    )
    (folder / "sets.yaml").write_text(
        "CK: {label: Kinetics, flag: CKFL, reason: CKRSN, where: 'TOCIFL == \"Y\"', within: {INF: minor}, after: SAF,\n"
        "     reasons: {NO VALUE: ''}}\nMEN: {label: Men, where: 'SEX == \"M\"'}\n"
    )
    assert [p.text() for p in lint(small, "small")[0]] == []
