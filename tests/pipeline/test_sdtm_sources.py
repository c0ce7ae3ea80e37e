"""The way back of a record of SDTM: to itself, to what it points to, to its visit, to what started it, or to specs."""


import pandas as pd
import pytest
from read_once import specs_of
from small_study import grid

from pipeline.why.made import made
from pipeline.why.sdtm_sources import records_behind

AE = grid("""
    USUBJID | AESEQ | AESPID
    A       | 1     | X1
    A       | 2     | X2
    B       | 1     | X1
""").astype({"AESEQ": "float64"})
LB = grid("""
    USUBJID | LBSEQ | VISITNUM
    A       | 1     | 1
    A       | 2     | 6.01
    B       | 1     | 6.01
""").astype({"LBSEQ": "float64", "VISITNUM": "float64"})
VS = grid("""
    USUBJID | VSSEQ | VISITNUM
    A       | 4     | 6.01
""").astype({"VSSEQ": "float64", "VISITNUM": "float64"})
PC = grid("""
    USUBJID | PCSEQ | PCGRPID
    A       | 1     | C 1
    A       | 2     | C 1
    A       | 3     | C 2
    B       | 1     | C 1
""").astype({"PCSEQ": "float64"})
RELREC = grid("RDOMAIN | USUBJID | IDVAR | IDVARVAL | RELID\nPC | . | PCGRPID | . | PCPP\nPP | . | PPGRPID | . | PCPP")
STARTS = grid("""
    USUBJID | TAETORD | ETCD | SESTDTC    | SRCDOM | SRCSEQ
    A       | 1       | SCRN | 2025-01-02 | DS     | 1
    A       | 2       | CART | 2025-02-01 | EX     | 3
    B       | 2       | CART | 2025-02-01 | EX     | 7
""")


class Made:
    """A build that makes a node only after what it needs: frames by the name of their node."""

    class Need:
        def __init__(self, *needs):
            self.needs = needs

    class Names:
        def __init__(self, names, layer="sdtm"):
            self.names, self.layer = names, layer

    def __init__(self):
        self.frames = {"ae": AE, "lb": LB, "vs": VS, "lb_mapped": LB, "vs_mapped": VS, "element_starts": STARTS}
        self.graph = {name: self.Need() for name in [*self.frames, "suppae", "relrec", "sv", "ta"]}
        self.graph |= {"ae": self.Need("reference_dates"), "reference_dates": self.Need()}
        self.entries = set()
        self.graph |= {"se": self.Need("element_starts"), "subject_visits": self.Need("lb_mapped", "vs_mapped")}
        self.frames |= {"pc": PC, "relrec": RELREC}
        self.graph |= {"pp": self.Need("adpp"), "adpp": self.Need(), "pc": self.Need()}
        known = {name: self.Names(list(frame)) for name, frame in self.frames.items()}
        self.specs = type("S", (), {"datasets": known | {"adpp": self.Names(["PARAMCD"], "adam")}})

    def ensure(self, name):
        assert set(self.graph[name].needs) <= self.entries
        self.entries.add(name)

    def frame(self, name):
        return self.frames[name]


@pytest.mark.parametrize(
    ("name", "record", "behind"),
    [
        ("ae", {"USUBJID": "A", "AESEQ": 2}, ["A AE 2"]),
        ("suppae", {"USUBJID": "A", "RDOMAIN": "AE", "IDVAR": "AESEQ", "IDVARVAL": "2"}, ["A AE 2"]),
        ("relrec", {"USUBJID": "A", "RDOMAIN": "AE", "IDVAR": "AESPID", "IDVARVAL": "X1"}, ["A AE 1"]),
        ("suppdm", {"USUBJID": "A", "RDOMAIN": "DM", "IDVAR": None, "IDVARVAL": None}, ["A DM nan"]),
        ("relrec", {"USUBJID": None, "RDOMAIN": "AE", "IDVAR": "AESPID", "IDVARVAL": None}, []),
        ("sv", {"USUBJID": "A", "VISITNUM": 6.01}, ["A LB 2", "A VS 4"]),
        ("se", {"USUBJID": "A", "TAETORD": "2", "ETCD": "CART", "SESEQ": 2, "SESTDTC": "2025-02-01"}, ["A EX 3"]),
        ("pp", {"USUBJID": "A", "PPSEQ": 1, "PPGRPID": "C 1"}, ["A PC 1", "A PC 2"]),
        ("element_starts", {"USUBJID": "B", "TAETORD": "2", "SRCDOM": "EX", "SRCSEQ": "7"}, ["B EX 7"]),
        ("ta", {"ARMCD": "A", "TAETORD": 1}, []),
    ],
)
def test_a_record_of_sdtm_leads_to_the_records_it_was_made_of(name, record, behind):
    build = Made()
    build.graph.setdefault(name, Made.Need())

    found = records_behind(build, name, pd.DataFrame([record]))

    assert [f"{subject} {domain} {seq:g}" for subject, domain, seq in found.itertuples(index=False)] == behind


def test_what_a_record_may_lack_its_sources_may_lack_too():
    """A key that is missing of a record (no method is collected) is missing of the rows that name its sources."""
    specs = specs_of("iomab_act").datasets
    pairs = [(specs[name.removesuffix("_sources")], spec) for name, spec in specs.items() if name.endswith("_sources")]

    assert pairs
    for derived, sources in pairs:
        shared = [name for name in sources.keys if name in derived.keys]
        assert [n for n in shared if sources.by_name[n].core == "Req" and derived.by_name[n].core != "Req"] == []


def test_what_a_build_knows_already_is_not_asked_for_again(monkeypatch):
    build, asked, ensure = Made(), [], Made.ensure
    monkeypatch.setattr(Made, "ensure", lambda self, name: (asked.append(name), ensure(self, name)))
    made(build, "ae", "pc")
    made(build, "ae", "pp")

    assert sorted(asked) == ["adpp", "ae", "pc", "pp", "reference_dates"]
