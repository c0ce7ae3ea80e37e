"""Standard units by the rows of units.csv: results of every findings domain, and doses.

Columns: domain, test, from, to, factor, offset, decimals; standard = collected x factor + offset, rounded (6 decimals
where none are said). A row without a test holds for every test of its domain that has none of its own for the unit; a
row without `from` says what a result without a unit is in. A study's own rows stand last and win.
"""

from collections.abc import Container, Iterator
from typing import NamedTuple

import pandas as pd

from pipeline.ground.distinct import on_distinct, on_distinct_rows
from sdtm.findings import counted, gathered

LIMIT = r"^\s*(?P<sign>[<>]=?)\s*(?P<number>\d+\.?\d*|\.\d+)\s*$"
DECIMALS = 6
# Beside each record: the field its unit is collected in (missing where the sheet says the unit itself, or none).
UNIT_FIELD = "_UNIT_FIELD"
TREATMENT = {"EX": "EXTRT", "CM": "CMDECOD"}
TOGETHER = ("EX",)  # domains whose doses of a treatment are added, and so are in one unit
PLANNED = "PLANDOSE"
Made = tuple[pd.DataFrame, list[pd.DataFrame]]


def in_standard_units(
    records: pd.DataFrame, domain: str, units: pd.DataFrame, met: pd.DataFrame | None = None
) -> Made:
    """The records of a domain with results, limits and doses in standard units, and what has none as findings.

    Domains without units of results or doses are as they were. `met` are the units that the results or doses of all
    subjects have (`units_met`), where the records are those of some.
    """
    units = units[units["domain"] == domain].fillna("")
    if has_results(records, domain):
        return _results(records, domain, units, met)
    return _doses(records, domain, units, met) if domain in TREATMENT and f"{domain}DOSU" in records else (records, [])


def has_results(records: Container[str], domain: str) -> bool:
    """True for a domain whose results have units, collected and standard ones."""
    return f"{domain}ORRESU" in records and f"{domain}STRESU" in records


class OfResults(NamedTuple):
    """Of each result its test, unit and standard unit by the sheet, its limit ("<0.1"), and whether it is counted."""

    test: pd.Series
    unit: pd.Series
    wanted: pd.Series
    limit: pd.DataFrame
    counted: pd.Series


def _told(records: pd.DataFrame, domain: str) -> OfResults:
    test, unit, wanted = (records[f"{domain}{name}"] for name in ("TESTCD", "ORRESU", "STRESU"))
    said = unit.fillna(wanted.where(records[UNIT_FIELD].isna()))
    limit = beyond_limits(records[f"{domain}STRESC"].fillna(records[f"{domain}ORRES"]))
    return OfResults(test, said, wanted, limit, records[f"{domain}STRESN"].notna() | limit["number"].notna())


def units_met(records: pd.DataFrame, domain: str, units: pd.DataFrame) -> pd.DataFrame:
    """TEST, UNIT: the units that counted results of each test have; OPEN where no one gives a standard unit.

    Only tests with such results need all subjects' units: what stands in the only unit of its test (`standing`). Of a
    domain of TOGETHER the tests are treatments, of which all are open: TEST and UNIT of the doses.
    """
    units = units[units["domain"] == domain].fillna("")
    if not has_results(records, domain):
        return doses_met(records, domain, units)
    told = _told(records, domain)
    after = _after(row_of(told.test, told.unit, units), told.unit, told.wanted).where(told.counted)
    _, goal = _goal(told.test, told.wanted, units)
    found = pd.DataFrame({"TEST": told.test, "UNIT": after, "OPEN": goal.isna()})
    return found[found["TEST"].notna()].drop_duplicates(ignore_index=True)


def _results(records: pd.DataFrame, domain: str, units: pd.DataFrame, met: pd.DataFrame | None) -> Made:
    """--STRESC, --STRESN, --STRESU and the limits --STNRLO, --STNRHI.

    1. A row of units.csv for test and unit turns the result; "<0.1" keeps its sign in --STRESC and has no --STRESN.
    2. Without a row a result stands that is text, that is in the standard unit which the sheet or units.csv says, or in
    the only unit there is of a test of which neither says one. 3. Any other has no standard result and is a finding
    (SDTM-UNIT): it counts nowhere, and stays as collected in --ORRES.
    """
    text, number = records[f"{domain}STRESC"], records[f"{domain}STRESN"]
    asked = records[UNIT_FIELD].notna()
    test, said, wanted, limit, counted = _told(records, domain)
    row, turned, stands = standing(test, said, wanted, counted, units, met)
    kept = ~turned & (~counted | stands)
    value, bound = turned_by(number, row), turned_by(on_distinct(limit["number"], pd.to_numeric), row)
    same = (row["factor"] == 1) & (row["offset"] == 0) & text.notna()
    shown = text.where(same).fillna(as_text(value)).fillna(limit["sign"] + as_text(bound))
    shown = shown.fillna(text.fillna(records[f"{domain}ORRES"]).where(~counted))
    made = {
        f"{domain}STRESC": shown.where(turned, text.where(kept)),
        f"{domain}STRESN": value.where(turned, number.where(kept)),
        f"{domain}STRESU": row["to"].where(turned, wanted.fillna(said.where(counted | ~asked)).where(kept)),
    }
    made |= {name: turned_by(records[name], row).where(turned, records[name].where(kept))
             for name in (f"{domain}STNRLO", f"{domain}STNRHI") if name in records}
    lost = records[~turned & ~kept]
    return records.assign(**made), [gathered(_without(lost, domain, test, said, "Results"))]


def beyond_limits(results: pd.Series) -> pd.DataFrame:
    """Sign and number (texts) of results that are told as beyond a limit ("<0.1"), missing of all others."""
    return on_distinct(results, lambda texts: texts.str.extract(LIMIT))


class Standing(NamedTuple):
    """Of each result its row of units.csv, whether that turns it, and whether it stands as it is without one."""

    row: pd.DataFrame
    turned: pd.Series
    stands: pd.Series


def standing(
    test: pd.Series, unit: pd.Series, wanted: pd.Series, counted: pd.Series, units: pd.DataFrame,
    met: pd.DataFrame | None = None,
) -> Standing:  # fmt: skip
    """How results of tests in their units come to standard units; `wanted` is the standard unit that a sheet says.

    A result stands in the standard unit of its test, by the sheet and units.csv (which must agree), and where neither
    knows one in the only unit that the test's results have (`counted`: numbers and limits), or without any; `met` says
    which units these are where the results are not all there are.
    """
    row = row_of(test, unit, units)
    turned = _is_turned(row, wanted)
    standard, goal = _goal(test, wanted, units)
    in_standard = (unit == goal) & (standard.isna() | (standard == goal))
    after = _after(row, unit, wanted)[counted]
    several = after.groupby(test[counted]) if met is None else met["UNIT"].groupby(met["TEST"])
    kinds = test.map(several.nunique()).astype("float64").fillna(0)
    return Standing(row, turned, in_standard | goal.isna() & test.notna() & (kinds <= unit.notna()))


def _is_turned(row: pd.DataFrame, wanted: pd.Series) -> pd.Series:
    return row["to"].notna() & (wanted.isna() | (wanted == row["to"]))


def _after(row: pd.DataFrame, unit: pd.Series, wanted: pd.Series) -> pd.Series:
    """The unit of each result after its row of units.csv has turned it."""
    return row["to"].where(_is_turned(row, wanted), unit)


def _goal(test: pd.Series, wanted: pd.Series, units: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The standard unit of each result's test by units.csv, and by the sheet or units.csv; missing where none says."""
    standard = test.map(units[units["test"] != ""].drop_duplicates("test", keep="last").set_index("test")["to"])
    return standard, wanted.fillna(standard.astype("str"))


def _doses(records: pd.DataFrame, domain: str, units: pd.DataFrame, met: pd.DataFrame | None) -> Made:
    """--DOSE and --DOSU, and with them the planned dose (PLANDOSE) of the record.

    A dose in a unit without a row is a finding and has no number where units.csv knows its treatment; else it stands
    as it was collected (of a domain of TOGETHER that is a finding where the treatment has doses in several units).
    """
    row, turned, lost = _turning(records, domain, units)
    number = turned_by(records[f"{domain}DOSE"], row).where(turned, records[f"{domain}DOSE"].mask(lost))
    made = {f"{domain}DOSE": number, f"{domain}DOSU": row["to"].fillna(records[f"{domain}DOSU"])}
    if PLANNED in records:
        planned = as_text(turned_by(pd.to_numeric(records[PLANNED], errors="coerce"), row))
        changed = turned & ((row["factor"] != 1) | (row["offset"] != 0)) & planned.notna()
        made[PLANNED] = records[PLANNED].mask(changed, planned)
    treatment, unit = records[TREATMENT[domain]], records[f"{domain}DOSU"]
    findings = [*_without(records[lost], domain, treatment, unit, "Doses")]
    after = records.assign(**made)
    return after, [gathered([*findings, *(_mixed(after, domain, met) if domain in TOGETHER else ())])]


def _turning(records: pd.DataFrame, domain: str, units: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Of each dose its row of units.csv, whether that turns it, and whether it is lost for want of one."""
    treatment = records[TREATMENT[domain]]
    row = row_of(treatment, records[f"{domain}DOSU"], units)
    turned = row["to"].notna()
    return row, turned, ~turned & records[f"{domain}DOSE"].notna() & treatment.isin(units["test"])


def doses_met(records: pd.DataFrame, domain: str, units: pd.DataFrame) -> pd.DataFrame:
    """TEST (the treatment), UNIT: the units that doses come to; OPEN, for each is looked at beside those of others."""
    row, _, lost = _turning(records, domain, units)
    unit = row["to"].fillna(records[f"{domain}DOSU"])
    found = pd.DataFrame({"TEST": records[TREATMENT[domain]], "UNIT": unit, "OPEN": True}, index=records.index)
    dosed = records[f"{domain}DOSE"].notna() & ~lost & unit.notna()
    return found[dosed & found["TEST"].notna()].drop_duplicates(ignore_index=True)


def _mixed(records: pd.DataFrame, domain: str, met: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    """One finding per treatment whose doses have several units (`met`: those of all subjects): nobody can add them."""
    dose, unit, treatment = f"{domain}DOSE", f"{domain}DOSU", TREATMENT[domain]
    dosed = records[records[dose].notna() & records[unit].notna()].sort_values(["_FORM", "_LINE"], kind="stable")
    known = dosed[[treatment, unit]].set_axis(["TEST", "UNIT"], axis=1) if met is None else met
    units = known.groupby("TEST")["UNIT"].unique()
    for of, rows in dosed.groupby(treatment, sort=True):
        several = sorted(units[of])
        if len(several) > 1:
            message = (f"Doses of {of} are in {' and '.join(several)}, which cannot be added. Correct the unit, "
                       f"or add a row to units.csv: {domain},{of},{several[0]},{several[-1]},FACTOR,,.")
            yield counted(rows, "SDTM-UNIT", "major", _field(rows, unit), several[0], message, together=True)


def row_of(test: pd.Series, unit: pd.Series, units: pd.DataFrame) -> pd.DataFrame:
    """The row of units.csv beside each record: of its test and unit, else of its unit for any test."""
    known = units.drop_duplicates(["test", "from"], keep="last").reset_index(drop=True)
    asked = pd.DataFrame({"test": test, "unit": unit}, index=test.index).astype("str")
    return on_distinct_rows(asked, lambda rows: _row_of(rows["test"].fillna(""), rows["unit"].fillna(""), known))


def _row_of(test: pd.Series, unit: pd.Series, known: pd.DataFrame) -> pd.DataFrame:
    keyed = pd.Series(known.index, index=known["test"] + "\t" + known["from"], dtype="float64")
    own, any_test = ((of + "\t" + unit).map(keyed) for of in (test, pd.Series("", test.index)))
    row = known.reindex(own.fillna(any_test).fillna(-1).astype("int64")).set_axis(test.index)
    numbers = {name: pd.to_numeric(row[name]) for name in ("factor", "offset", "decimals")}
    return row.assign(factor=numbers["factor"].fillna(1), offset=numbers["offset"].fillna(0),
                      decimals=numbers["decimals"].fillna(DECIMALS))


def turned_by(values: pd.Series, row: pd.DataFrame) -> pd.Series:
    """The values times the factor of their row of units.csv, plus its offset, rounded to its decimals."""
    turned = values * row["factor"] + row["offset"]
    for places in row["decimals"].unique():
        turned = turned.mask(row["decimals"] == places, turned.round(int(places)))
    return turned


def as_text(numbers: pd.Series) -> pd.Series:
    """Numbers as text without needless decimals."""
    return on_distinct(numbers, lambda told: told.astype("str").where(told.notna()).str.removesuffix(".0"))


def _without(
    lost: pd.DataFrame, domain: str, test: pd.Series, unit: pd.Series, what: str
) -> Iterator[pd.DataFrame]:
    """One finding per form, test and unit of records that count nowhere."""
    named, said = test.loc[lost.index].fillna("an unknown test"), unit.loc[lost.index].fillna("")
    for (_, of, unit_said), rows in lost.groupby([lost["_FORM"], named, said]):
        told = f"in '{unit_said}'" if unit_said else "without a unit"
        message = (f"{what} of {of} {told} cannot be turned to its standard unit and count nowhere. Correct the unit, "
                   f"or add a row to units.csv: {domain},{of},{unit_said},STANDARD UNIT,FACTOR,,.")
        yield counted(rows, "SDTM-UNIT", "major", _field(rows, f"{domain}ORRESU"), unit_said, message)


def _field(rows: pd.DataFrame, variable: str) -> str:
    """The field that holds the unit; the variable where the sheet says the unit itself."""
    return str(rows[UNIT_FIELD].fillna(variable).iloc[0])
