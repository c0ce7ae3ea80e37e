"""What a define says of datasets, as frozen values: datasets, variables, values, where clauses, codelists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueOrigin:
    """Where values come from, by whom (Define-XML 2.1, 4.3.1), and on which pages of the annotated CRF they stand.

    `predecessor` names the variable that a value was taken over from.
    """

    type: str
    source: str = ""
    predecessor: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class RangeCheck:
    """A comparison of a variable with values (EQ, NE, IN ... of ODM)."""

    item: str
    how: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Where:
    """The condition under which records are meant: comparisons that must all hold."""

    oid: str
    checks: tuple[RangeCheck, ...]


@dataclass(frozen=True)
class Item:
    """A variable, or a value of it (`where`): what it holds, where it comes from, how it is made.

    `values` are what it holds in the parts that `where` tells; `method` and `comment` are texts.
    """

    oid: str
    name: str
    label: str
    data_type: str
    length: int | None = None
    digits: int | None = None
    display_format: str = ""
    codelist: str = ""
    origin: ValueOrigin | None = None
    method: str = ""
    comment: str = ""
    mandatory: bool = False
    key: int | None = None
    where: Where | None = None
    values: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Described:
    """A dataset: its name and file, what a record is, its class, whether subjects have it and repeat in it."""

    oid: str
    name: str
    label: str
    structure: str
    observation_class: str
    subclass: str
    domain: str
    layer: str
    repeating: bool
    reference: bool
    items: tuple[Item, ...] = ()

    @property
    def every(self) -> tuple[Item, ...]:
        """Its variables and the values of these."""
        return tuple(each for item in self.items for each in (item, *item.values))


@dataclass(frozen=True)
class UsedTerm:
    """A term of a codelist as it is used: its value, what it stands for, its NCI code; extended where it has none."""

    value: str
    decode: str = ""
    code: str = ""
    extended: bool = False


@dataclass(frozen=True)
class Codelist:
    """The terms used of a codelist with its NCI code; of a dictionary its name and version instead.

    `of_analysis`: a list of the terminology of ADaM, not of SDTM.
    """

    oid: str
    name: str
    code: str = ""
    terms: tuple[UsedTerm, ...] = ()
    dictionary: str = ""
    version: str = ""
    of_analysis: bool = False


@dataclass(frozen=True)
class AnalysisData:
    """A dataset of an analysis: which of its records are asked for (all without `where`), and which variables.

    `parameter` is the variable that tells its parameters, '' where it has none.
    """

    group: str
    where: Where | None
    parameter: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """An analysis of a display: of whom, why, of which data, what is to be known of it, and how it is run."""

    oid: str
    label: str
    reason: str
    purpose: str
    data: tuple[AnalysisData, ...]
    words: str
    code: str


@dataclass(frozen=True)
class Paper:
    """A document that a define names: its identifier, its file as the define reaches it, and its title."""

    oid: str
    href: str
    title: str


@dataclass(frozen=True)
class Display:
    """A table or figure with its analyses; its file and the program that makes it, where these are known."""

    oid: str
    name: str
    title: str
    analyses: tuple[Analysis, ...]
    page: Paper | None = None
    program: Paper | None = None


@dataclass(frozen=True)
class Facts:
    """All that the define of one layer says; `standard` and `terminology` are name and version.

    `analysis` is the version of the terminology of ADaM, '' where the define needs none.
    """

    study: str
    title: str
    layer: str
    standard: tuple[str, str]
    terminology: tuple[str, str]
    stamp: str
    originator: str
    program: tuple[str, str]
    groups: tuple[Described, ...]
    codelists: tuple[Codelist, ...]
    annotated: bool = False
    displays: tuple[Display, ...] = ()
    guides: tuple[Paper, ...] = ()
    analysis: str = ""
