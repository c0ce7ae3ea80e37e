"""Where things lie in a submission: module 5 of the eCTD. Source: FDA Study Data Technical Conformance Guide, 7.1."""

from __future__ import annotations

import re
from dataclasses import dataclass

BUNDLE = "bundle_manifest.json"
DEFINE, RUN, RESULTS, HELD_OTHERWISE = "define.xml", "run_manifest.json", "results.csv", "xpt_values.csv"
VERIFIED = "second_derivation.csv"
PROGRAM_PACK, SPECS_PACK = "program_pack.txt", "specs_pack.txt"
LONGEST, NAME = 32, re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True)
class Layout:
    """The folders of a package, from its root; `study` is the identifier of the study."""

    study: str

    @property
    def home(self) -> str:
        """The folder of the study."""
        return f"m5/datasets/{folder_name(self.study)}"

    @property
    def sdtm(self) -> str:
        """Tabulation datasets, their define, annotated CRF and guide."""
        return f"{self.home}/tabulations/sdtm"

    @property
    def adam(self) -> str:
        """Analysis datasets, their define and guide."""
        return f"{self.home}/analysis/adam/datasets"

    @property
    def programs(self) -> str:
        """Programs as texts."""
        return f"{self.home}/analysis/adam/programs"

    @property
    def misc(self) -> str:
        """What has no place of its own: what the run says of itself."""
        return f"{self.home}/misc"

    @property
    def outputs(self) -> str:
        """Tables, listings and figures."""
        return f"{self.misc}/tlf"

    def of_layer(self, layer: str) -> str:
        """The datasets of SDTM or ADaM."""
        return {"sdtm": self.sdtm, "adam": self.adam}[layer]


def folder_name(study: str) -> str:
    """The name of a study's folder: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", study.lower()).strip("-")[:LONGEST]


def named_rightly(name: str) -> bool:
    """True for a name of at most 32 signs: lower-case letters, digits, point, hyphen and _."""
    return len(name) <= LONGEST and bool(NAME.fullmatch(name))
