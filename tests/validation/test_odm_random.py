"""Random ODM snapshots: each value is found once at its place, under its keys and the code list of its version."""

import random

import pytest
from odm_text import clinical, group, metadata, odm, page

from pipeline.intake.delivery import open_delivery

FORMS = {  # form: item groups, each with its repeat keys and items
    "F.LOG": {"IG.LOG": ("1234", ("IT.LOG.TERM", "IT.LOG.GRADE")), "IG.HEAD": ("", ("IT.LOG.DAT",))},
    "F.VS": {"IG.BP": ("12", ("IT.BP.ORRES", "IT.BP.POS")), "IG.TMP": ("12", ("IT.TMP.ORRES",))},
    "F.DM": {"dm.a": ("1", ("IT.AGE",)), "dm.b": ("1", ("IT.SEX", "IT.X.CODE", "IT.Y.CODE"))},
    "F.EG": {"IG.EG": ("", ("IT.EG.TEST", "IT.EG.RES"))},  # repeats, and has no keys
}
COLUMN = {"IT.X.CODE": "X_CODE", "IT.Y.CODE": "Y_CODE"}
SYSTEM = ("SUBJECT", "FOLDER", "FOLDERSEQ", "FORM", "FORMSEQ", "MDVOID", "ACTIVE")


def column(item: str) -> str:
    """The column an item stands in."""
    return COLUMN.get(item, item.split(".")[-1])


def defined(version: str, count: int) -> str:
    """One version: every item has a code list that decodes `v7` as `v7 M1`."""
    items = {item for groups in FORMS.values() for _, named in groups.values() for item in named}
    listed = "".join(
        f'<ItemDef OID="{item}" Name="{column(item)}"><CodeListRef CodeListOID="CL"/></ItemDef>'
        for item in sorted(items)
    )
    codes = "".join(
        f'<CodeListItem CodedValue="v{n}"><Decode>v{n} {version}</Decode></CodeListItem>' for n in range(count)
    )
    return metadata(f'{listed}<CodeList OID="CL">{codes}</CodeList>', version)


def snapshot(chance: random.Random) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A random snapshot and where each of its values belongs: its keys, then the column."""
    text, expected, number = "", {}, 0
    for _ in range(chance.randint(1, 60)):
        form = chance.choice(sorted(FORMS))
        subject, event, again = chance.choice("AB"), chance.choice(("SE.1", "SE.2")), chance.choice("12")
        repeat, version = chance.choice("1112"), chance.choice(("M1", "M2"))
        inside = ""
        for oid, (keys, named) in FORMS[form].items():
            for key in chance.sample(keys, chance.randint(0, len(keys))) if keys else ("",) * chance.randint(0, 2):
                gone = chance.random() < 0.1
                items = {}
                for item in chance.sample(named, chance.randint(1, len(named))):
                    items[item], number = f"v{number}", number + 1
                    place = (subject, event.removeprefix("SE."), again, form.removeprefix("F."), repeat, version)
                    expected[items[item]] = (*place, "0" if gone else "1", column(item))
                inside += group(items, oid, key, 'TransactionType="Remove"' if gone else "")
        body = clinical(page(inside, form, event, f'FormRepeatKey="{repeat}"'), subject, version=version)
        text += body.replace("<StudyEventData ", f'<StudyEventData StudyEventRepeatKey="{again}" ')
    return odm(defined("M1", number) + defined("M2", number) + text), expected


@pytest.mark.parametrize("seed", range(25))
def test_every_value_of_a_random_snapshot_stands_at_its_place(tmp_path, seed):
    text, expected = snapshot(random.Random(seed))
    (tmp_path / "s.xml").write_text(text)
    delivery = open_delivery(tmp_path / "s.xml")
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in delivery.hashes:
        read = delivery.read(name)
        ids = [row[read.header.index("RECORDID")] for row in read.rows]
        for row in read.rows:
            record = {"FORMSEQ": "1", "MDVOID": ""} | dict(zip(read.header, row, strict=True))
            keys = tuple(record[name] for name in SYSTEM)
            for item in (c.removesuffix("_STD") for c in read.header if c.endswith("_STD")):
                if record[item]:
                    found.setdefault(record[f"{item}_STD"], set()).add((*keys, item))
                    assert record[item] == f"{record[f'{item}_STD']} {record['MDVOID'] or only(expected)}"
        assert name.endswith(("EG]", "LOG]", "VS]", "DM]")) and ids
    for value, (*place, active, item) in expected.items():
        several = len({where[5] for where in expected.values()}) > 1
        wanted = {(*place[:5], place[5] if several else "", a, item) for a in (active, "0")}
        assert found[value] & wanted and found[value] <= wanted, value


def only(expected: dict[str, tuple[str, ...]]) -> str:
    """The one version of a file that has data of one only."""
    return next(iter(expected.values()))[5]
