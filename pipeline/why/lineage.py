"""The way back from a number: result row to ADaM records, to SDTM records, to the lines of the eCRF files.

Works on made nodes; each step is a plain table, so that the printed trace and the tests walk the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from pipeline.engine.core import handed
from pipeline.engine.from_sdtm import keys_node
from pipeline.engine.node import AT, DATA, KEYS
from pipeline.engine.output_view import all_seen
from pipeline.engine.pieces import read_row_groups
from pipeline.engine.runner import Build
from pipeline.engine.several_sources import OF_BASELINES, baselines_in, products_of_sources, sources_of
from pipeline.ground.conditions import Condition
from pipeline.ground.metadata import DatasetSpec
from pipeline.study.decisions import Choice
from pipeline.study.declared import ADSL, asked_of_subjects, named_by, node_of
from pipeline.why.made import made
from pipeline.why.range_lines import range_lines
from tlf.conditions import Records

NO_RECORDS = pd.DataFrame({"USUBJID": [], "DOMAIN": [], "SEQ": []}).astype({"USUBJID": "str", "DOMAIN": "str"})
LINES = ("USUBJID", "DOMAIN", "SEQ", "FORM", "FILE", "LINE", "RECORD")


def decisions_of(build: Build) -> dict[str, Choice]:
    """Every decision by its name in lower case, as conditions write them after an @."""
    return {d.id.lower(): d.value for d in build.specs.decisions.values()}


def seen(build: Build, *datasets: str) -> Records:
    """These datasets and ADSL as outputs see them, with the decisions: a clause on them is evaluated once."""
    return Records(all_seen(dict.fromkeys([ADSL, *datasets]), build.frame) | {"decisions": decisions_of(build)})


def behind(records: Records, result: pd.Series) -> pd.DataFrame:
    """The ADaM records behind one result row: those that meet its condition, of the subjects of its population."""
    where, population = records.resolved(result["WHERE"]), records.resolved(result["POPULATION"])
    return records.where(result["DATASET"] or ADSL, where, population)


def variables_named(condition: str, spec: DatasetSpec) -> list[str]:
    """The variables of a dataset that a condition names."""
    words = set(re.findall(r"[A-Z][A-Z0-9]+", re.sub(r"'[^']*'|\"[^\"]*\"", "", condition)))
    return [v for v in spec.names if v in words]


def sources_told(spec: DatasetSpec, variables: list[str]) -> list[tuple[str, str, str]]:
    """Where the spec says these variables come from: SDTM domain, and the variable and value that narrow it ('').

    Written as `DM.AGE` or `FA.FASTRESC[FATESTCD=IPI]`; a SUPP domain counts as its parent.
    """
    texts = " ".join(v.source for v in spec.variables if v.name in variables)
    found = re.findall(r"([A-Z]{2,6})\.[A-Z0-9]+(?:\[([A-Z0-9]+)=([^\]]+)\])?", texts)
    return list(dict.fromkeys((domain.removeprefix("SUPP").lower(), name, value) for domain, name, value in found))


def _subject_records(build: Build, source: tuple[str, str, str], subjects: pd.Series) -> pd.DataFrame:
    """The records of these subjects in a source domain: USUBJID, DOMAIN, SEQ."""
    domain, name, value = source
    keys = build.read(keys_node(build.graph, domain), KEYS, ["USUBJID", "DOMAIN", "SEQ"]).drop_duplicates()
    keys = keys[keys["USUBJID"].isin(subjects)].astype({"SEQ": "float64"})  # a form without records says no type
    if name == "QNAM":
        return _with_qualifier(build, domain, value, keys)
    if not name or domain not in build.entries:
        return keys
    number = f"{domain.upper()}SEQ"
    records = build.read(domain, DATA, ["USUBJID", number, name])
    narrowed = records.loc[records[name] == value, ["USUBJID", number]].rename(columns={number: "SEQ"})
    return keys.merge(narrowed.astype({"SEQ": "float64"}), on=["USUBJID", "SEQ"])


def _with_qualifier(build: Build, domain: str, qnam: str, keys: pd.DataFrame) -> pd.DataFrame:
    """Those of the records that carry a supplemental qualifier; all of them where it belongs to the subject."""
    supp = f"supp{domain}"
    if supp not in build.entries:
        return keys
    qualifiers = build.read(supp, DATA, ["USUBJID", "QNAM", "IDVARVAL"])
    own = qualifiers[qualifiers["QNAM"] == qnam]
    if own["IDVARVAL"].isna().all():
        return keys
    numbered = own[["USUBJID"]].assign(SEQ=pd.to_numeric(own["IDVARVAL"], errors="coerce"))
    return keys.merge(numbered.drop_duplicates(), on=["USUBJID", "SEQ"])


def sdtm_records(build: Build, dataset: str, records: pd.DataFrame, condition: str) -> pd.DataFrame:
    """USUBJID, DOMAIN and SEQ of the SDTM records behind ADaM records, each once."""
    found = sources_by_record(build, dataset, records, condition)
    return found.drop(columns="ROW").drop_duplicates(ignore_index=True)


def sources_by_record(build: Build, dataset: str, records: pd.DataFrame, condition: str) -> pd.DataFrame:
    """The SDTM records behind each of these ADaM records, by its index (ROW): ROW, USUBJID, DOMAIN, SEQ.

    A record that says its source (SRCDOM, SRCSEQ) leads to that one, and one that rests on several to all of them; what
    is declared of subjects, to the records that decided it; else the spec's sources of the variables that the condition
    names lead to the subject's records there; else the subject's DM record stands for it.
    """
    own = own_sources(build, dataset, records)
    rest = records.loc[~records.index.isin(own["ROW"]), ["USUBJID"]]
    if rest.empty:
        return own
    rest = rest.assign(ROW=rest.index)
    of_them = of_subjects(build, dataset, rest["USUBJID"].drop_duplicates(), condition)
    return pd.concat([own, rest.merge(of_them, on="USUBJID")[list(own.columns)]], ignore_index=True)


def of_subjects(build: Build, dataset: str, subjects: pd.Series, condition: str) -> pd.DataFrame:
    """The SDTM records of subjects that stand for what a condition asks of them: USUBJID, DOMAIN, SEQ."""
    parts = OfSubjects(build, dataset, subjects).parts(variables_named(condition, build.specs.datasets[dataset]))
    return pd.concat([NO_RECORDS, *(part for _, part in parts)], ignore_index=True)


@dataclass
class OfSubjects:
    """What stands for conditions on a dataset whose records name no source: asked of its subjects once."""

    build: Build
    dataset: str
    subjects: pd.Series
    known: dict[str, pd.DataFrame] = field(default_factory=dict)

    def parts(self, named: Sequence[str]) -> list[tuple[str, pd.DataFrame]]:
        """USUBJID, DOMAIN and SEQ of the records for these variables: in parts, each with the word that it is known by.

        The records that decided what is declared of subjects; of the others those of the spec's sources, else DM.
        """
        deciding = _deciding(self.build, list(named), self.subjects) if self.dataset == ADSL else NO_RECORDS
        rest = self.subjects[~self.subjects.isin(deciding["USUBJID"])]
        sources = sources_told(self.build.specs.datasets[self.dataset], list(named)) if len(rest) else []
        there = [one for one in sources if keys_node(self.build.graph, one[0]) in self.build.entries]
        told = [(repr(one), self._of(one)) for one in there]
        if len(deciding):
            told = [("", part[part["USUBJID"].isin(rest)]) for _, part in told]
        found = {name for _, part in told for name in part["USUBJID"].unique()}
        without = rest[~rest.isin(found)]
        demographics = pd.DataFrame({"USUBJID": without, "DOMAIN": "DM", "SEQ": float("nan")})
        own = [("", part) for part in (deciding, demographics) if len(part)]
        return [*own, *told]

    def _of(self, source: tuple[str, str, str]) -> pd.DataFrame:
        if repr(source) not in self.known:
            self.known[repr(source)] = _subject_records(self.build, source, self.subjects)
        return self.known[repr(source)]


def stands_of(build: Build, dataset: str) -> list[str]:
    """The hashes of all that tells which records stand for subjects in conditions on a dataset (`OfSubjects`)."""
    spec, declared = build.specs.datasets[dataset], build.specs.declared.conditions
    sources = sources_told(spec, list(spec.names))
    domains = dict.fromkeys(domain for domain, _, _ in sources)
    files = [(keys_node(build.graph, domain), KEYS) for domain in domains]
    files += [(f"supp{domain}" if name == "QNAM" else domain, DATA) for domain, name, _ in sources if name]
    files += [(node_of(one), DATA) for one in declared] if dataset == ADSL else []
    there = [(build.entries[name].files, file) for name, file in dict.fromkeys(files) if name in build.entries]
    return [told[file] for told, file in there if file in told]


def own_sources(build: Build, dataset: str, records: pd.DataFrame) -> pd.DataFrame:
    """The numbered records that these records name, or that are told of them: ROW (their index), USUBJID, DOMAIN, SEQ.

    A record of SDTM is its own source. None of a dataset whose records do not say their sources.
    """
    return OwnSources(build, dataset).of(records)


@dataclass
class OwnSources:
    """What tells the sources of the records of a dataset (`own_sources`): read once, asked some records at a time."""

    build: Build
    dataset: str

    def of(self, records: pd.DataFrame) -> pd.DataFrame:
        """ROW, USUBJID, DOMAIN and SEQ of the sources of these records."""
        number, spec = f"{self.dataset.upper()}SEQ", self.build.specs.datasets[self.dataset]
        if spec.layer == "sdtm" and number in records:
            own = records[["USUBJID"]].assign(ROW=records.index, DOMAIN=self.dataset.upper(), SEQ=records[number])
            return own.astype({"SEQ": "float64"})[["ROW", "USUBJID", "DOMAIN", "SEQ"]]
        if not {"SRCDOM", "SRCSEQ"} <= set(records.columns):
            return NO_RECORDS.assign(ROW=records.index[:0])
        found = sources_of(records, self._baselines, spec.keys, self._several)
        return found[found["SRCSEQ"].notna()].rename(columns={"SRCDOM": "DOMAIN", "SRCSEQ": "SEQ"})

    @cached_property
    def _several(self) -> list[pd.DataFrame]:
        """What names several sources of records by their keys, of each treatment period."""
        build, several = self.build, []
        for product, node in products_of_sources(build.graph).items():
            if product.partition(AT)[0] == self.dataset:
                made(build, node)
                several.append(build.frame(node).assign(APERIOD=float(build.graph[node].period or 1)))
        return several

    @cached_property
    def _baselines(self) -> pd.DataFrame:
        """The records of the dataset that name the source of a baseline, by what tells that."""
        node = handed(self.dataset, self.build.graph)
        made(self.build, node)  # a trace of an output has made only what that needs
        path = self.build.cache.vouched(node, self.build.entries[node], DATA)
        names = [name for name in self.build.specs.datasets[self.dataset].names if name in OF_BASELINES]
        return pd.concat([baselines_in(piece) for piece in read_row_groups(path, names)], ignore_index=True)


def _deciding(build: Build, variables: list[str], subjects: pd.Series) -> pd.DataFrame:
    """The records that decided what is declared of these subjects under these names, or under names that those name."""
    declared, todo, seen = build.specs.declared, list(variables), set[str]()
    known = {one.name: one for one in declared.conditions} | {one.flag: one for one in declared.sets if one.declared}
    parts = [NO_RECORDS]
    while todo:
        name = todo.pop()
        one = known.get(name)
        if one is None or name in seen or not asked_of_subjects(one):
            continue
        seen.add(name)
        if not one.source:
            todo += named_by(one)
        elif isinstance(one, Condition) and node_of(one) in build.entries:
            found = build.frame(node_of(one))
            found = found[found["USUBJID"].isin(subjects) & found["SRCSEQ"].notna()]
            parts.append(found[["USUBJID", "SRCDOM", "SRCSEQ"]].set_axis(["USUBJID", "DOMAIN", "SEQ"], axis="columns"))
    return pd.concat(parts, ignore_index=True)


def ecrf_lines(build: Build, records: pd.DataFrame) -> pd.DataFrame:
    """The lines of the delivered files behind SDTM records, reference ranges among them, one row each.

    They say LINES, and what else is said of a record.
    """
    more = [name for name in records if name not in LINES]
    found = range_lines(build, records)
    parts = [found.merge(records.drop_duplicates(), on=["USUBJID", "DOMAIN", "SEQ"])] if len(found) else []
    for domain, rows in records.groupby("DOMAIN", sort=True):
        parent = str(domain).removeprefix("SUPP").lower()
        if keys_node(build.graph, parent) not in build.entries:
            continue
        keys = build.frame(keys_node(build.graph, parent), KEYS)
        numbered = rows["SEQ"].notna().any() and keys["SEQ"].notna().any()
        by = ["USUBJID", "SEQ"] if numbered else ["USUBJID"]
        asked = rows[[*by, *more]].astype({name: "float64" for name in by if name == "SEQ"})
        parts.append(asked.drop_duplicates().merge(keys, on=by, how="inner"))
    if not parts:
        return pd.DataFrame(columns=[*LINES, *more])
    whole = pd.concat(parts, ignore_index=True).reindex(columns=[*LINES, *more])
    return whole.sort_values(["USUBJID", "DOMAIN", "SEQ", "FILE", "LINE"], kind="stable").reset_index(drop=True)


def decisions_behind(build: Build, nodes: list[str]) -> list[str]:
    """The decisions that the recipes of these nodes, and the recipes they rest on in ADaM, read."""
    todo, seen, decisions = list(nodes), set(), []
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        node = build.graph[name]
        decisions += [w.upper() for w in node.settings if w.upper() in build.specs.decisions]
        datasets = build.specs.datasets
        todo += [n for word, n in node.given.items() if word in datasets and datasets[word].layer == "adam"]
    return list(dict.fromkeys(decisions))


def decisions_near(build: Build, name: str, dataset: str = "") -> tuple[list[str], list[str]]:
    """The decisions that an output and the dataset behind a number read, and those that are read further upstream."""
    near = decisions_read(build, name, dataset)
    return near, [one for one in decisions_behind(build, [name]) if one not in near]


def decisions_read(build: Build, *nodes: str) -> list[str]:
    """The decisions that these nodes read themselves."""
    words = [word.upper() for name in nodes if name for word in build.graph[name].settings]
    return [word for word in dict.fromkeys(words) if word in build.specs.decisions]
