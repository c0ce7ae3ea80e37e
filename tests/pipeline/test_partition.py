"""Datasets made in parts of their subjects are, joined, what one part makes of all of them, byte for byte."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow.parquet as pq
import pytest
from read_once import specs_of

from pipeline.engine.graph import build_graph, order, resolve
from pipeline.engine.node import DATA, GATE, Node, Partition
from pipeline.engine.partition import (
    PARTITION_BYTES,
    cut_files,
    entry_for,
    file_for,
    of_whole,
    partition_of,
    partitions_of,
)
from pipeline.engine.store import Cache, Entry, parquet_bytes
from pipeline.ground.faults import ColumnError, DefectError, TrialError
from pipeline.intake.delivery import Delivery

STUDY = "iomab_act"
# A dataset with a recipe of its own, of qualifiers, as people are handed it, of its class, of subjects.
CHOSEN = ("ae", "suppae", "adae@core", "vs", "advs", "adsl")


def test_a_subject_is_of_the_same_part_in_every_dataset_and_run():
    """The SHA-256 of "abc" ends in ad, as FIPS 180-2 prints it: of sixteen parts it is the one after the thirteenth."""
    subjects = pd.Series(["abc", None, "abc"], dtype="str")

    assert list(partition_of(subjects, 16)) == [14, 1, 14]


def test_a_part_without_a_value_of_a_variable_keeps_its_type(tmp_path):
    records = pd.DataFrame({"USUBJID": ["a", "c"], "AETERM": pd.Series(["Fever", None], dtype="object")})
    tables = [pq.read_table(path) for path in cut_into(tmp_path, records, 2)]

    assert [table.schema.field("AETERM").type for table in tables] == ["string", "string"]
    assert sorted(table["USUBJID"].to_pylist() for table in tables) == [["a"], ["c"]]


def test_what_is_of_no_subject_is_not_cut(tmp_path):
    assert cut_into(tmp_path, pd.DataFrame({"LBTESTCD": ["ALT"]}), 2) == []


@pytest.mark.parametrize(("records", "files", "given"), [
    ({"USUBJID": ["a", "c"]}, [DATA, "1of2.parquet", "2of2.parquet"], "2of2.parquet"),
    ({"LBTESTCD": ["ALT", "AST"]}, [DATA], DATA),  # of no subject: all parts see it
])  # fmt: skip
def test_a_part_is_given_its_own_records_of_what_is_cut_and_all_of_what_is_of_nobody(records, files, given, tmp_path):
    build, node = two_nodes(tmp_path, records, files)

    assert file_for(build, node, "need") == given


def test_a_part_that_knows_the_records_of_all_subjects_alone_is_refused(tmp_path):
    build, node = two_nodes(tmp_path, {"USUBJID": ["a", "c"]}, [DATA])

    with pytest.raises(DefectError, match="b is of a part of the subjects, and need is known to it of all alone"):
        file_for(build, node, "need")


def two_nodes(folder, records, files):
    """A build of a node of the second part, and of a need that is cut in two with these files."""
    entry = Cache(folder).write("need", "1", [(name, pd.DataFrame(records)) for name in files])
    need, node = Node("need", "recipe", "need", cut=2), Node("b", "partition", "b", partition=Partition(2, 2))
    return SimpleNamespace(entries={"need": entry}, graph={"need": need, "b": node}, cache=Cache(folder)), node


def test_the_gate_goes_over_the_parts_of_all_forms_and_another_node_of_no_part_knows_of_none():
    graph = build_graph(specs_of("hem101"), 2)  # whose linked forms no domain needs in parts
    entry = Entry("", {DATA: "1", "1of2.parquet": "2", "2of2.parquet": "3"})
    gate = graph[GATE]

    assert {graph[need].cut for need in gate.needs} == {2}
    assert entry_for(gate, entry, graph["raw:AE"]) is entry
    assert [*entry_for(Node("b", "recipe"), entry, graph["raw:AE"]).files] == [DATA]


def cut_into(folder, records, count, study=""):
    """The files of the parts of these records."""
    (folder / DATA).write_bytes(parquet_bytes(records))
    return [folder / name for name in cut_files(folder, count, study)]


def cut_for(study, count):
    """What writes the parts beside made data."""
    return partial(cut_files, count=count, study=study)


@pytest.mark.parametrize(("size", "parts"), [(10, 1), (PARTITION_BYTES + 1, 2)])
def test_the_size_of_the_delivery_says_in_how_many_parts_it_is_made(size, parts, tmp_path):
    with (tmp_path / "LB.csv").open("wb") as file:
        file.truncate(size)

    assert partitions_of(Delivery(tmp_path, {"LB.csv": ""})) == parts


def test_a_small_study_is_made_in_one_part_and_its_graph_says_nothing_of_parts():
    graph = build_graph(specs_of(STUDY))

    assert [name for name, node in graph.items() if node.partition or node.partitions or node.cut] == []


def test_every_part_sees_the_same_part_of_what_is_cut_and_the_whole_of_what_is_not():
    graph = build_graph(specs_of(STUDY), 2)

    assert graph["suppae@2of2"].needs == ("ae_mapped@2of2",)
    assert {"ex_collected@2of2", "ex_mapped@agreed"} == set(graph["ex_mapped@2of2"].needs)
    assert graph["raw:LABC"].cut == 2
    assert {"lb_collected@2of2", "lb_mapped@agreed"} == set(graph["lb_mapped@2of2"].needs)
    assert {"se@2of2", "reference_dates@2of2"} <= set(graph["ae@2of2"].needs)
    assert graph["ae"].partitions == ("ae@1of2", "ae@2of2")
    assert (graph["relrec"].partitions, graph["t_14_1_1"].partition) == ((), None)


def in_partitions(build, cut, name):
    """The entry of a dataset made in parts of what the build has, and joined."""
    cut.entries.clear()
    for part in cut.graph[name].partitions:
        for need in cut.graph[part].needs:
            whole = build.frame(need.removesuffix(f"@{cut.graph[part].partition.told}"))
            given = cut.cache.write(need, "given", {DATA: whole}, beside=cut_for("", cut.graph[part].partition.count))
            if cut.graph[need].partition and cut.graph[part].partition.file in given.files:
                own = cut.cache.read(need, given, cut.graph[part].partition.file)
                given = cut.cache.write(need, "part", {DATA: own})
            cut.entries[need] = given
        cut.ensure(part)
    for need in set(cut.graph[name].needs) - set(cut.entries):
        cut.entries[need] = build.entries[need]
    cut.ensure(name)
    return cut.entries[name]


@pytest.mark.parametrize("count", [2, 7])
def test_a_dataset_made_in_parts_has_the_bytes_of_one_made_at_once(count, study_build, tmp_path):
    build = study_build(STUDY, *CHOSEN)
    cut = replace(build, graph=build_graph(build.specs, count), cache=Cache(tmp_path), entries={}, frames={}, made=[])
    made = {name: in_partitions(build, cut, name) for name in CHOSEN[: 3 if count > 2 else None]}

    assert {name: entry.files for name, entry in made.items()} == {name: build.entries[name].files for name in made}


def mapped_in_parts(build, cut, domain, raw):
    """The entry of a domain mapped in parts of these raw forms, else those of the build, and joined."""
    cut.entries.clear()
    asked = order(cut.graph, [f"{domain}_mapped"])
    for need in [name for name in asked if name.startswith("raw:")]:
        whole = raw.get(need, build.frame(need))
        beside = cut_for(build.specs.study.study, cut.graph[need].cut)
        cut.entries[need] = cut.cache.write(need, f"given {len(raw)}", {DATA: whole}, beside=beside)
    for name in asked:
        if name not in cut.entries:
            cut.ensure(name)
    return cut.entries[f"{domain}_mapped"]


# Results with units, of two forms; repeated measurements; events; survival, whose records after the cut are counted;
# doses of two forms.
@pytest.mark.parametrize(("domain", "count"), [("lb", 2), ("vs", 7), ("ae", 7), ("ss", 2), ("dm", 2), ("ex", 7)])
def test_a_domain_mapped_in_parts_has_the_bytes_and_findings_of_one_mapped_at_once(
    domain, count, study_build, tmp_path
):  # fmt: skip
    name = f"{domain}_mapped"
    build = study_build(STUDY, name)
    cut = replace(build, graph=build_graph(build.specs, count), cache=Cache(tmp_path), entries={}, frames={}, made=[])

    assert mapped_in_parts(build, cut, domain, {}).files == build.entries[name].files
    assert len(cut.graph[name].partitions) == count


def test_a_column_that_cannot_be_read_is_refused_by_all_subjects_not_by_a_part(study_build, tmp_path):
    """Of the subjects of one part no date can be read, but most of all can; then most of all cannot."""
    build = study_build(STUDY, "vs_mapped")
    cut = replace(build, graph=build_graph(build.specs, 2), cache=Cache(tmp_path), entries={}, frames={}, made=[])
    records = build.frame("raw:VS")
    part = partition_of(f"{build.specs.study.study}-" + records["_SUBJECT"], 2)
    few, field = part.value_counts().idxmin(), "VSDAT"
    unread = records[field].mask(records[field].notna(), "soon")

    mapped_in_parts(build, cut, "vs", {"raw:VS": records.assign(**{field: records[field].mask(part == few, "soon")})})
    with pytest.raises(ColumnError) as told:
        mapped_in_parts(build, cut, "vs", {"raw:VS": records.assign(**{field: unread}), "raw:": None})

    count = f"{records[field].notna().sum():,}"
    assert f"{count} of {count} values of VS.{field} cannot be read as dates: 'soon'." in told.value.text()


@pytest.mark.parametrize(("name", "told"), [
    ("lb_collected@2of2", {DATA, "2of2.parquet"}), ("lb_mapped@agreed", {DATA}),
])  # fmt: skip
def test_a_node_is_told_of_its_own_records_of_what_is_cut_and_its_digest_is_the_same(name, told, tmp_path):
    """Else the tasks of so many parts would each carry the files of all."""
    build = replace(_empty(tmp_path), graph=build_graph(specs_of(STUDY), 2))
    node, files = build.graph[name], {DATA: "a", "1of2.parquet": "b", "2of2.parquet": "c"}
    of = {need: Entry("", files) for need in node.needs}
    build.entries |= of
    whole = build.digest(node)
    build.entries |= {need: entry_for(node, entry, build.graph[need]) for need, entry in of.items()}

    assert build.digest(node) == whole
    assert set(entry_for(node, Entry("", files), build.graph["raw:LABC"]).files) == told


def test_what_a_build_comes_to_says_nothing_of_its_partitions():
    made = {"raw:LABC": {DATA: "a", "1of2.parquet": "b", "2of2.parquet": "c"}, "ae@1of2": {DATA: "f"},
            "ae": {DATA: "g"}, "pages:x": {"x.rtf": "e"}}  # fmt: skip
    entries = {name: Entry("digest", files) for name, files in made.items()}
    whole = {"raw:LABC": {DATA: "a"}, "pages:x": {"x.rtf": "e"}, "ae": {DATA: "g"}}

    assert of_whole(entries, build_graph(specs_of(STUDY), 2)) == whole


def test_what_a_build_comes_to_has_the_same_things_in_however_many_partitions():
    graphs = [build_graph(specs_of("iomab_act"), count) for count in (1, 3)]
    told = [of_whole({name: Entry("", {DATA: "1"}) for name in graph}, graph) for graph in graphs]

    assert len(graphs[1]) > len(graphs[0]) and {*told[1]} == {*told[0]}


def test_a_value_of_one_subject_makes_nothing_anew_of_another_part(tmp_path):
    """The digest of a part rests on its own records alone."""
    build = replace(_empty(tmp_path), graph=build_graph(specs_of(STUDY), 2))
    people = [f"AB-{number}" for number in range(20)]
    before = pd.DataFrame({"USUBJID": people, "AETERM": "Fever"})
    other = before["USUBJID"] == before.loc[partition_of(before["USUBJID"], 2) == 2, "USUBJID"].iloc[0]
    digests, parts = [], [build.graph[f"cp@{part}of2"] for part in (1, 2)]
    build.entries |= {need: Entry("", {DATA: "a"}) for part in parts for need in part.needs}
    for number, records in enumerate((before, before.assign(AETERM=before["AETERM"].mask(other, "Rash")))):
        build.entries["cp_mapped"] = build.cache.write("cp_mapped", f"{number}", {DATA: records}, beside=cut_for("", 2))
        digests.append([build.digest(part) for part in parts])

    assert digests[0][0] == digests[1][0]
    assert digests[0][1] != digests[1][1]


def _empty(home: Path):
    """A build of the example that has made nothing yet."""
    from pipeline.publish.build import Request, opened

    return opened(Request(study=STUDY, root=str(Path(__file__).parents[2]), out=str(home / "out")))


def test_what_was_asked_for_longest_ago_is_let_go_first_and_read_again_when_it_is_asked_for(tmp_path):
    build, records = _empty(tmp_path), pd.DataFrame({"USUBJID": ["a", "b"]})
    for name in ("ae", "cm", "vs"):
        build.entries[name] = build.cache.write(name, "one", {DATA: records})
    for name in ("ae", "cm", "vs", "ae"):
        build.frame(name)
    build.frames["laid"] = records
    build.release(2 * build.sizes["ae"])

    assert list(build.frames) == ["ae", "vs", "laid"]
    assert list(build.frame("cm")["USUBJID"]) == ["a", "b"]


def test_what_nobody_names_is_not_proposed_for_an_unknown_target():
    """Parts, mapped records and checks are of the graph, not of who types a name."""
    with pytest.raises(TrialError) as told:
        resolve(build_graph(specs_of(STUDY), 2), "9999999")

    assert "adae" in told.value.text() and not any(sign in told.value.text() for sign in ("@", "_mapped", "check:"))
