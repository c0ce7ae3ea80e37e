"""An extract validated in a build: of the raw records that the build has read, in parts that stand while they may.

It finds what `take_snapshot` finds, in the same order. A part is the fields of one form, one check on one form, the
words and the places of the queries on one form, the units, the links, or what was left aside of one form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import pandas as pd

from pipeline.gate.checks.asked_for import Frames
from pipeline.gate.checks.catalogue import load_checks
from pipeline.gate.checks.engine import no_records, run_over
from pipeline.gate.checks.handed import PIECE, ColumnsOnce, RecordColumns, View
from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.running import Parted
from pipeline.gate.fields import OfFields, codelists, delivery_findings
from pipeline.gate.links import link_findings, links_asked
from pipeline.gate.parts import Files, Parts, hash_of, hash_of_rows
from pipeline.gate.snapshot import Snapshot, extraction_date, graver, left_of, located_in, tidy, with_keys
from pipeline.gate.units import domains_of_units, fields_of_units, not_asked, unit_findings_of
from pipeline.ground.faults import TrialError
from pipeline.ground.queries import gather
from pipeline.intake.delivered import Form, contracts_of, form_of, telling
from pipeline.intake.delivery import Delivery
from pipeline.study.contracts import Contract
from pipeline.study.specs import Specs

FEW = 5_000  # records of a form as sent that is held; a larger one is read again when it is asked for
LARGE = 4 * PIECE  # records that a check looks at from which on it goes over parts of the subjects


@dataclass(frozen=True)
class ReadExtract:
    """What a build has read of an extract.

    `found` are the findings of reading a form, `common` the hash of what all parts rest on beside records and decisions
    (code, raw contracts, mapping, tables), `earlier` the files that earlier runs kept of their parts. Of a large
    extract `parts` are the columns of some subjects each, by what the part is called.
    """

    columns: RecordColumns
    found: Callable[[str], pd.DataFrame]
    common: str
    earlier: Sequence[Files] = ()
    parts: Mapping[str, RecordColumns] = field(default_factory=dict)

    @property
    def records(self) -> dict[str, int]:
        """How many records each form has, where checks may go over parts of the subjects."""
        return {form: self.columns.count(form) for form in self.columns.forms if self.parts}


def snapshot_in_parts(
    specs: Specs, delivery: Delivery, cutoff: str, read: ReadExtract
) -> tuple[Snapshot, Parts]:  # fmt: skip
    """The validated extract, and the parts that it was made of."""
    shelf, sent = ColumnsOnce(read.columns, specs.contracts, codelists(specs)), AsSent(delivery, specs)
    aside = Aside(read.columns.forms, sent)
    beside = no_records(specs, delivery, cutoff)
    common = hash_of(read.common, str(beside.extracted), str(beside.cutoff))
    parts = Parts(shelf, common, beside.decisions, aside, read.earlier)
    aside.parts, sent.parts = parts, parts
    structure = usable_in_parts(specs, delivery, read, parts)
    keeps = (parts.of_subjects(shelf.of(columns), name).of_forms for name, columns in read.parts.items())
    checks, forms = load_checks(specs, specs.contracts), _counted(beside, shelf)
    found, coverage = run_over(forms, checks, structure, parts.of_forms, Parted(keeps, read.records, LARGE))
    findings = _located(tidy(found), sent, parts)
    return Snapshot(delivery.name, extraction_date(delivery, cutoff), cutoff, sent, findings, coverage), parts


def usable_in_parts(specs: Specs, delivery: Delivery, read: ReadExtract, parts: Parts) -> pd.DataFrame:
    """The findings of structure and fields, as `usable` has them."""
    forms = read.columns.forms
    found = [delivery_findings(delivery, specs), *(graver(read.found(form), specs.contracts[form]) for form in forms)]
    own = OfFields(specs)
    fields = gather([parts.of_raw(f"fields of {form}", "", partial(_fields, own, form)) for form in forms])
    units = gather([parts.of_raw(f"units of {domain}", "", partial(_units, specs, forms, domain))
                    for domain in domains_of_units(specs)])  # fmt: skip
    links = parts.of_raw("links", "", partial(_links, specs, forms))
    return gather([*found, fields, not_asked(units, fields), links])


def _units(specs: Specs, forms: Sequence[str], domain: str, view: View) -> pd.DataFrame:
    fields, linked = fields_of_units(specs, domain), _linked(specs)

    def hand(form: str) -> pd.DataFrame:
        return view.all_of(form) if form in linked else view.fields_of(form, fields[form])

    raw = Frames([form for form in forms if form in linked or form in fields], hand)
    return unit_findings_of(domain, raw, specs)


def _links(specs: Specs, forms: Sequence[str], view: View) -> pd.DataFrame:
    looked = _linked(specs)
    return link_findings(Frames([form for form in forms if form in looked], view.all_of), specs)


def _linked(specs: Specs) -> set[str]:
    return {form for link in links_asked(specs) for form in link.forms}


def _fields(own: OfFields, form: str, view: View) -> pd.DataFrame:
    return own.found_in(form, partial(view.pieces, form))


class AsSent(Mapping[str, Form]):
    """The forms as they were delivered, by name; each is read when it is first asked for."""

    parts: Parts

    def __init__(self, delivery: Delivery, specs: Specs):
        self.delivery, self.specs = delivery, specs
        self._forms: dict[str, Form] = {}

    @cached_property
    def _files(self) -> dict[str, tuple[str, Contract]]:
        return {contract.form: (file, contract) for file, contract in contracts_of(self.delivery, self.specs)}

    @cached_property
    def _names(self) -> list[str]:
        """Those that can be read, as all can that the build has read."""
        others = [form for form in sorted(self._files) if form not in self.specs.contracts and self._readable(form)]
        return [*(form for form in self.specs.contracts if form in self._files), *others]

    def _readable(self, form: str) -> bool:
        return len(self.parts.of_raw(f"file of {form}", self.told(form), lambda _: self._read(form))) > 0

    def _read(self, form: str) -> pd.DataFrame:
        try:
            return pd.DataFrame({"form": [self._form(form).name]}, dtype="str")
        except TrialError:
            return pd.DataFrame(columns=["form"], dtype="str")

    def _form(self, form: str) -> Form:
        if form in self._forms:
            return self._forms[form]
        file, contract = self._files[form]
        made = form_of(self.delivery, file, contract, self.delivery.read(file, contract))
        if len(made.records) <= FEW:
            self._forms[form] = made
        return made

    def known_by(self, form: str) -> Form:
        """A form of which many records are read with those columns alone that say which they are, and where."""
        file, contract = self._files[form]
        if form in self._forms:
            return self._forms[form]
        sheet = self.delivery.read(file, contract)
        return form_of(self.delivery, file, contract, telling(sheet, contract) if len(sheet.rows) > FEW else sheet)

    def records(self, form: str) -> int:
        """How many records of a form were delivered."""
        file, contract = self._files[form]
        return len(self._forms[form].records if form in self._forms else self.delivery.read(file, contract).rows)

    def told(self, form: str) -> str:
        """What a form as delivered rests on: its file, how it is written, its contract."""
        file, contract = self._files[form]
        return hash_of(file, self.delivery.hashes[file], repr(self.delivery.written(file, contract)), repr(contract))

    def __getitem__(self, form: str) -> Form:
        if form not in self:
            raise KeyError(form)
        return self._form(form)

    def __contains__(self, form: object) -> bool:
        return form in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Aside(Mapping[str, pd.DataFrame]):
    """The delivered records that are not usable, by form, of the forms that have some."""

    parts: Parts

    def __init__(self, forms: Sequence[str], sent: AsSent):
        self.forms, self.sent = forms, sent

    def __getitem__(self, form: str) -> pd.DataFrame:
        rows = self._of(form) if form in self.forms and form in self.sent else ()
        if not len(rows):
            raise KeyError(form)
        return rows

    def _of(self, form: str) -> pd.DataFrame:
        return self.parts.of_raw(f"aside of {form}", self.sent.told(form), partial(self._left, form))

    def _left(self, form: str, view: View) -> pd.DataFrame:
        lines = view.raw(form)["_LINE"]
        return left_of(self.sent[form], lines) if self.sent.records(form) > len(lines) else pd.DataFrame()

    def __iter__(self) -> Iterator[str]:
        return (form for form in self.forms if form in self)

    def __len__(self) -> int:
        return len([*self])


def _counted(beside: Forms, shelf: ColumnsOnce) -> Forms:
    """The forms for what is asked of them outside of any part: their columns' names, and how many records they have."""
    known, view = [form for form in shelf.columns.forms if shelf.contracts[form].subject.column], View(shelf)
    frames = Frames(known, view.raw)
    return replace(beside, raw=frames, parsed=frames)


def _located(findings: pd.DataFrame, sent: AsSent, parts: Parts) -> pd.DataFrame:
    """As `located`, form by form."""
    found = []
    for form, rows in findings.groupby("form", sort=False):
        if form not in sent:
            found.append(located_in(rows, None))
            continue
        own = partial(_places_of, rows.reset_index(drop=True), sent, str(form))
        placed = parts.of_raw(f"places of {form}", hash_of(sent.told(str(form)), hash_of_rows(rows)), own)
        at = placed["_at"].astype("int64")
        found.append(placed.drop(columns="_at").set_axis(rows.index[at]))
    return with_keys(pd.concat(found) if found else findings.assign(_key=""))


def _places_of(rows: pd.DataFrame, sent: AsSent, form: str, view: View) -> pd.DataFrame:
    return located_in(rows, sent.known_by(form)).rename_axis("_at").reset_index()
