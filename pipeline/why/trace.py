"""`trial trace`: the way from a printed number, or from an ADaM record, to the eCRF lines, in words."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.engine.core import handed
from pipeline.engine.graph import resolve
from pipeline.engine.runner import Build
from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import TrialError
from pipeline.ground.words import choice_text, did_you_mean
from pipeline.why import lineage
from pipeline.why.cells import SELECTION, telling
from pipeline.why.made import made
from pipeline.why.sdtm_sources import records_behind

SHOWN = 5
OF_THE_SYSTEM = ("STUDY", "SITE", "FOLDERNAME", "FOLDERSEQ", "FORM", "RECORDPOS", "ACTIVE", "CREATED", "UPDATED")
NO_LINE = "no line of the eCRF: made of the study's specs, or of what other datasets say"


def trace(build: Build, word: str, words: tuple[str, ...], column: str, subject: str, everybody: bool) -> Iterator[str]:
    """Lines that lead from an output's row, or from records of a dataset, to the eCRF. Raises TrialError."""
    name = resolve(build.graph, word)
    if name in build.specs.outputs:
        return trace_number(build, name, " ".join(words), column, subject, everybody)
    return trace_records(build, name, [_condition(one, word) for one in words])


def _condition(word: str, dataset: str) -> tuple[str, str]:
    """VARIABLE=value in two. Raises TrialError."""
    variable, told, value = word.partition("=")
    if not told:
        raise TrialError(f"'{word}' is no condition on records.", "", f"say: trial trace {dataset} VARIABLE=value ...")
    return variable, value


def trace_number(build: Build, name: str, row: str, column: str, subject: str, everybody: bool) -> Iterator[str]:
    """Lines that lead from one printed row of an output to the eCRF. Raises TrialError for what is not printed."""
    made(build, name)
    results = build.frame(name)
    chosen = matching(results, row, column)
    shell = build.specs.outputs[name].shell
    tell_facts(output=shell.output, results=chosen)
    yield f"{shell.output}  {shell.title[0]}"
    for (rowid, group), rows in chosen.groupby(["ROWID", "GROUP"], sort=False):
        yield from _number(build, name, str(rowid), str(group), rows, subject, everybody)


def matching(results: pd.DataFrame, row: str, column: str) -> pd.DataFrame:
    """The result rows of a printed row and column, by words or ids. Raises TrialError naming what there is."""
    in_column = results[_is(results["GROUP"], column) | _is(results["COLUMN"], column)] if column else results
    if in_column.empty:
        raise TrialError(f"No column '{column}'.", "", did_you_mean(column, results["GROUP"].unique()))
    text = in_column["ROWID"]
    for hit in (
        _is(text, row),
        _is(in_column["ROW"], row),
        _is(in_column["ROW"] + " / " + in_column["LEVEL"], row),
        _is(text.str.split(" / ").str[-1], row),
        text.str.contains(row, case=False, regex=False),
    ):
        if hit.any():
            return in_column[hit]
    printed = in_column.loc[~text.str.startswith("Decision"), "ROWID"].str.split(" / ").str[-1]
    raise TrialError(f"No row '{row}'.", "", did_you_mean(row, printed.unique()))


def _is(words: pd.Series, word: str) -> pd.Series:
    return words.str.casefold() == word.casefold()


def _number(
    build: Build, output: str, rowid: str, group: str, rows: pd.DataFrame, subject: str, everybody: bool
) -> Iterator[str]:
    yield ""
    yield f"{rowid}  |  {group}"
    for result in _records(rows):
        value = result["VALUEC"] or ("" if pd.isna(result["VALUE"]) else f"{result['VALUE']:g}")
        level = f" [{result['LEVEL']}]" if result["LEVEL"] else ""
        yield f"  {result['STATISTIC']:<12}{level} {value or 'none'}  {result['NOTE']}".rstrip()
    for _, same in telling(rows).groupby([*SELECTION, "LEVEL"], sort=False):
        yield from _selection(build, same.iloc[0], subject, everybody)
    yield from _decisions(build, output, rows["DATASET"].iloc[0])


def _records(rows: pd.DataFrame) -> list[dict]:
    return rows.to_dict("records")


def _selection(build: Build, result: pd.Series, subject: str, everybody: bool) -> Iterator[str]:
    dataset = result["DATASET"] or "adsl"
    records = lineage.behind(lineage.seen(build, dataset), result)
    yield f"  population: {result['POPULATION'] or 'all'}   (ADSL)"
    yield f"  condition:  {result['WHERE'] or 'none'}   ({dataset.upper()}), {records['USUBJID'].nunique()} subjects"
    spec = build.specs.datasets[dataset]
    condition = f"{result['WHERE']} {result['POPULATION'] if dataset == 'adsl' else ''}"
    for variable in spec.variables:
        if variable.name in lineage.variables_named(condition, spec) and variable.derivation:
            yield f"    {variable.name}: {variable.derivation}"
    if subject:
        records = records[records["USUBJID"].str.endswith(subject)]
    yield from _subjects(build, dataset, records, condition, everybody or bool(subject))


def _subjects(build: Build, dataset: str, records: pd.DataFrame, condition: str, everybody: bool) -> Iterator[str]:
    if build.part:
        for study, own in records.groupby("STUDYID"):
            part = build.part(str(study))
            made(part, handed(dataset, part.graph))
            yield f"  study {study}: its own records, {own['USUBJID'].nunique()} subjects"
            yield from _subjects(part, dataset, own, condition, everybody)
        return
    names = list(records["USUBJID"].drop_duplicates())
    shown = names if everybody else names[:SHOWN]
    part = records[records["USUBJID"].isin(shown)]
    sources = lineage.sdtm_records(build, dataset, part, condition)
    lines = lineage.ecrf_lines(build, sources)
    for name in shown:
        yield f"  subject {name}"
        for record in _records(part[part["USUBJID"] == name])[:SHOWN]:
            yield f"    {dataset.upper()}: {_words(record, build, dataset, condition)}"
        yield from _lines(build, lines[lines["USUBJID"] == name], everybody)
    if len(names) > len(shown):
        yield f"  ... and {len(names) - len(shown)} more subjects (--all shows them, --subject N one of them)"


def _words(record: dict, build: Build, dataset: str, condition: str) -> str:
    spec = build.specs.datasets[dataset]
    named = lineage.variables_named(condition, spec)
    usual = [
        v
        for v in (
            "PARAMCD",
            "AVALC",
            "AVAL",
            "ADT",
            "CNSR",
            "EVNTDESC",
            "CNSDTDSC",
            "AETERM",
            "AETOXGR",
            "ASTDT",
            "SRCDOM",
            "SRCVAR",
            "SRCSEQ",
        )
        if v in record
    ]
    chosen = list(dict.fromkeys([*named, *usual]))
    return ", ".join(f"{v}={_plain(record[v])}" for v in chosen if v in record and not pd.isna(record[v]))


def _plain(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:g}" if isinstance(value, float) else choice_text(value)


def _lines(build: Build, lines: pd.DataFrame, everybody: bool) -> Iterator[str]:
    shown = lines if everybody else lines.groupby("DOMAIN", sort=False).head(SHOWN)
    for line in _records(shown):
        number = "" if pd.isna(line["SEQ"]) else f" {line['DOMAIN']}SEQ={line['SEQ']:g}"
        yield f"      {line['DOMAIN']}{number} <- {line['FILE']} {_place(build, line)}"
        yield f"        sha256 {build.delivery.hashes.get(line['FILE'], '')[:16]}: {text_of_line(build, line)}"
    if len(lines) > len(shown):
        yield f"      ... and {len(lines) - len(shown)} more lines"


def _place(build: Build, line: dict) -> str:
    """Where a record stands in its file: by its line, or by its number in a data set made elsewhere."""
    by_line = f"line {line['LINE']:.0f}, record {line['RECORD']}"
    return str(line["RECORD"]) if build.specs.study.from_sdtm else by_line


def text_of_line(build: Build, line: dict) -> str:
    """The delivered cells of one line, named, without the empty ones and the system's."""
    file = line["FILE"]
    if file not in build.sheets:
        build.sheets[file] = build.delivery.read(file, build.specs.contracts.get(line["FORM"]))
    sheet, number = build.sheets[file], int(line["LINE"])
    lines = range(1, len(sheet.rows) + 1) if build.specs.study.from_sdtm else sheet.lines
    row = sheet.rows[lines.index(number)] if number in lines else []
    cells = dict(zip(sheet.header, row, strict=False))
    return ", ".join(f"{name}={value}" for name, value in cells.items() if value and name not in OF_THE_SYSTEM)


def _decisions(build: Build, name: str, dataset: str = "") -> Iterator[str]:
    """The decisions of the output and of the dataset behind the number in words, those further upstream by name."""
    near, further = lineage.decisions_near(build, name, dataset)
    for word in near:
        decision = build.specs.decisions[word]
        yield f"  decision {decision.id} = {decision.told}   ({decision.set_in}) {decision.question}"
    if further:
        values = ", ".join(f"{w}={build.specs.decisions[w].told}" for w in further)
        yield f"  decisions further upstream: {values}"


def trace_records(build: Build, name: str, conditions: list[tuple[str, str]]) -> Iterator[str]:
    """Lines that lead from ADaM (or SDTM) records chosen by VARIABLE=VALUE to the eCRF. Raises TrialError."""
    if name not in build.specs.datasets:
        raise TrialError(f"'{name}' is no dataset.", "", "say: trial trace adtte USUBJID=... PARAMCD=PFS")
    made(build, handed(name, build.graph))
    spec, records = build.specs.datasets[name], build.frame(handed(name, build.graph))
    for variable, value in conditions:
        if variable not in spec.names:
            raise TrialError(f"{spec.dataset} has no variable {variable}.", "", did_you_mean(variable, spec.names))
        text = records[variable].map(_plain)
        records = records[(text == value) | ((variable == "USUBJID") & text.str.endswith(f"-{value}"))]
    if records.empty and conditions:
        raise TrialError(f"No record of {spec.dataset} meets these conditions.", "", "check the values")
    tell_facts(dataset=spec.dataset, records=records)
    yield f"{spec.dataset}  {spec.label}: {len(records)} record(s)"
    made_so = {one.code: one.derivation for one in spec.parameters}
    for record in _records(records.head(20)):
        yield ""
        for told in spec.variables:
            if not pd.isna(record[told.name]):
                how = made_so.get(record["PARAMCD"], "") if told.name == "PARAM" else told.derivation
                yield f"  {told.name:<9}{_plain(record[told.name]):<28} {how}".rstrip()
        of = build.part(record["STUDYID"]) if build.part else build
        made(of, handed(name, of.graph))
        lines = lineage.ecrf_lines(of, sources_of_record(of, name, pd.DataFrame([record])))
        yield from _lines(of, lines, True) if len(lines) else [f"      {NO_LINE}"]
    yield from _decisions(build, name)


def sources_of_record(build: Build, name: str, record: pd.DataFrame) -> pd.DataFrame:
    """The SDTM records behind one record: itself or what it was made of in SDTM, else its sources."""
    spec = build.specs.datasets[name]
    if spec.layer == "sdtm":
        return records_behind(build, name, record)
    return lineage.sdtm_records(build, name, record, " ".join(spec.names))
