"""A submission package of two small studies' worth of nothing: few datasets, one output, texts of some lines."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd
from exported_frames import exported

from pipeline.engine.store import json_bytes, seal, sha256
from pipeline.ground.source import PACKAGES
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.dataset_json import Provenance
from pipeline.publish.export.define.codelists import Terminology, codelists
from pipeline.publish.export.define.command import stylesheet
from pipeline.publish.export.define.document import STYLESHEET, document
from pipeline.publish.export.define.facts import Facts, Paper
from pipeline.publish.export.define.variables import Alongside, groups
from pipeline.publish.export.files import Wanted, carried, json_files, transport_files
from pipeline.publish.export.transport import lengths
from pipeline.publish.export.whole import write_whole
from pipeline.publish.guides import adrg, csdrg
from pipeline.publish.guides.keywords import keywords
from pipeline.publish.guides.model import Guide, Leading, Section, pdf
from pipeline.publish.submission.bundle import Maker, bundle_bytes, named
from pipeline.publish.submission.layout import BUNDLE, PROGRAM_PACK, RESULTS, RUN, SPECS_PACK, Layout
from pipeline.publish.submission.packs import packed
from pipeline.publish.submission.selfcheck.programs import hashes, package_hash

STUDY, VERSIONS = "S-1", {"python": "3.11", "pandas": "3.1"}
AT = Layout(STUDY)
CODE = {"adam/adsl.py": "def adsl(dm):\n    return dm\n", "sdtm/dm.py": "x = 1", "tlf/t.py": "", "pipeline/p.py": "\n"}
SPECS = {"specs/s_1/study.yaml": "study: S-1\n", "data/published/p.csv": "a\n1\n"}
TERMS = pd.DataFrame([("SEX", "M", "C20197", "Male")], columns=["codelist", "submission", "code", "label"])


def of_class(one, observation_class, **words):
    """The dataset of a class, further words those of a variable: SEX={"codelist": "SEX"}."""
    made = tuple(replace(v, **words.get(v.name, {})) for v in one.spec.variables)
    spec = replace(one.spec, observation_class=observation_class, structure="One record", variables=made)
    return Exported(spec, one.data)


DATASETS = (
    of_class(exported("dm", "STUDYID USUBJID SEX AGE:number RFICDTC",
                      [(STUDY, "S-1-1", "M", 61, "2026-01-02"), (STUDY, "S-1-2", "M", None, "2026-01-03")]),
             "SPECIAL-PURPOSE", SEX={"codelist": "SEX"}, AGE={"core": "Exp"}),
    of_class(exported("ae", "STUDYID USUBJID AESEQ:integer AETERM",
                      [(STUDY, "S-1-1", 1, "Naïve rash"), (STUDY, "S-1-2", 1, "Fever")]), "EVENTS"),
    of_class(exported("adsl", "STUDYID USUBJID TRTSDT:date", [(STUDY, "S-1-1", "2026-01-05"), (STUDY, "S-1-2", None)]),
             "SUBJECT LEVEL ANALYSIS DATASET", TRTSDT={"core": "Cond"}),
)  # fmt: skip


def define(held, layer, encoding):
    """The define of the datasets of a layer, with the guide, the output and its program."""
    parts = [one for one in held.datasets.values() if one.spec.layer == layer]
    lists, places = codelists(parts, Terminology(TERMS, {"SEX": "C66731"}, {}))
    known = Alongside(lengths(held.datasets.values(), encoding), places, {("DM", "SEX"): (1,)})
    guide = csdrg if layer == "sdtm" else adrg
    papers = [Paper("LF.guide", guide.FILE, guide.TITLE)]
    if layer == "adam":
        papers += [Paper("LF.T-1", "../../../misc/tlf/t_1.pdf", "T-1")]
        papers += [Paper("LF.PG", "../programs/t_1.txt", "Program")]
    return document(Facts(STUDY, "A Study", layer, ("SDTMIG", "3.4"), ("SDTM", "2025-03-28"), "2026-06-30T00:00:00", "",
                          ("program", "1"), groups(parts, known), tuple(lists), layer == "sdtm", (), tuple(papers)))


def small_package(folder, encoding="ascii"):
    """Write the package; it is whole."""
    write_whole(folder, _files(encoding))
    return folder


def _files(encoding):
    noted = {}

    def told(pairs):
        for name, content in pairs:
            noted[name] = named(content)
            yield name, [content]

    run = run_manifest()
    yield from told(_contents(run, encoding))
    guides = {f"{AT.sdtm}/{csdrg.FILE}": "dm.xpt", f"{AT.adam}/{adrg.FILE}": "../programs/adsl.txt"}
    said = keywords([*noted, *guides, BUNDLE], VERSIONS)
    yield from told((path, page(said, Leading("a file", to))) for path, to in guides.items())
    yield BUNDLE, [bundle_bytes(noted, run, Maker("trial", "1", encoding))]


def _contents(run, encoding):
    model = exported("suppxx", "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL QNAM QLABEL QVAL QORIG QEVAL", "").spec
    known = {one.spec.name: one for one in DATASETS}
    wanted = Wanted(known, tuple(known), Provenance(STUDY, "", "", "", datetime(2026, 6, 30)), model, encoding)
    held = carried(wanted)
    for path, pieces in (*transport_files(wanted, held), *json_files(wanted, "json")):
        layer, _, name = path.rpartition("/")
        yield f"{AT.of_layer(layer) if layer else AT.misc}/{name if layer else 'xpt_values.csv'}", b"".join(pieces)
    for layer in ("sdtm", "adam"):
        yield f"{AT.of_layer(layer)}/define.xml", define(held, layer, encoding)
        yield f"{AT.of_layer(layer)}/{STYLESHEET}", stylesheet()
    yield f"{AT.sdtm}/acrf.pdf", page(())
    for name, makes in (("adsl", "ADSL"), ("t_1", "T-1 A Table")):
        head = f"# Program  {name}.txt\n# Makes    {makes}\n# Study    {STUDY}\n"
        yield f"{AT.programs}/{name}.txt", head.encode()
    yield f"{AT.programs}/{PROGRAM_PACK}", packed("# code", CODE.items()).encode()
    yield f"{AT.programs}/{SPECS_PACK}", packed("# specs", SPECS.items()).encode()
    yield f"{AT.outputs}/t_1.pdf", page(("t_1",))
    yield f"{AT.misc}/{RESULTS}", b"OUTPUT,VALUE\nT-1,2\n"
    yield f"{AT.misc}/{RUN}", json_bytes(run)


def run_manifest():
    """What the build says of itself."""
    run = {
        "study": STUDY, "run": "12345678", "build": "b", "cutoff": "2026-06-30", "versions": VERSIONS,
        "code": {package: package_hash(CODE, package) for package in PACKAGES}, "specs": hashes(SPECS),
        "datasets": {one.spec.name: {"records": len(one.data), "layer": one.spec.layer} for one in DATASETS},
        "files": {"tlf/t_1.pdf": sha256(page(("t_1",))), "results/results.csv": sha256(b"OUTPUT,VALUE\nT-1,2\n")},
    }  # fmt: skip
    return run | {"seal": seal(run)}


def page(said, *blocks):
    """A document of some pages with these keywords, links and words."""
    return pdf(Guide("A Title", STUDY, "", "A4", tuple(said), (Section("1", "Chapter", tuple(blocks)),)))


def sealed_anew(folder: Path):
    """Name the files of a package as they are now: what a hash would tell is left to the other looks."""
    told = json.loads((folder / BUNDLE).read_bytes())
    paths = [p for p in folder.rglob("*") if p.is_file() and p.name != BUNDLE]
    told["files"] = {p.relative_to(folder).as_posix(): named(p.read_bytes()) for p in paths}
    told.pop("seal")
    (folder / BUNDLE).write_bytes(json_bytes(told | {"seal": seal(told)}))
