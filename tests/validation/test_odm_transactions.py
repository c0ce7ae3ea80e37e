"""Transactional ODM files are applied in their order, at every level, and what they replace is told."""

import random
import re

import pytest
from odm_text import clinical, group, metadata, odm, page, rows, sheet, told

from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import open_delivery

INSERTED = clinical(page(group({"IT.TERM": "Fever", "IT.GRADE": "2"}, "IG.AE", "1"), "F.AE"))
SECOND = clinical(page(group({"IT.TERM": "Rash"}, "IG.AE", "2"), "F.AE"))


def later(kind: str, level: str, items: dict[str, str], key: str = "1", **more: str) -> str:
    """A later block of the AE form with a transaction type at one level."""
    body = clinical(page(group(items, "IG.AE", key), "F.AE"), **more)
    return re.sub(rf"<{level} ", f'<{level} TransactionType="{kind}" ', body, count=1)


@pytest.mark.parametrize(
    ("kind", "level", "items", "key", "expected"),
    [
        ("Update", "ItemGroupData", {"IT.GRADE": "3"}, "1", [("Fever", "3"), ("Rash", "")]),
        ("Upsert", "ItemData", {"IT.GRADE": "3"}, "1", [("Fever", "3"), ("Rash", "")]),
        ("Upsert", "ItemGroupData", {"IT.TERM": "Chill"}, "3", [("Fever", "2"), ("Rash", ""), ("Chill", "")]),
        ("Context", "ItemData", {"IT.GRADE": "3"}, "1", [("Fever", "2"), ("Rash", "")]),
        ("Context", "ItemGroupData", {}, "3", [("Fever", "2"), ("Rash", "")]),
        ("Update", "ItemData", {"IT.GRADE": ""}, "1", [("Fever", ""), ("Rash", "")]),
        ("Remove", "ItemData", {"IT.GRADE": ""}, "1", [("Fever", ""), ("Rash", "")]),
        ("Remove", "ItemGroupData", {}, "1", [("Rash", "")]),
        ("Remove", "ItemGroupData", {"IT.GRADE": "2"}, "1", [("Rash", "")]),
        ("Remove", "FormData", {}, "1", []),
        ("Remove", "StudyEventData", {}, "1", []),
        ("Remove", "SubjectData", {}, "1", []),
    ],
)
def test_a_transaction_does_what_it_says(tmp_path, kind, level, items, key, expected):
    other = clinical(page(group({"IT.TERM": "Pain"}, "IG.AE", "1"), "F.AE"), "1010009")
    read = sheet(tmp_path, odm(INSERTED + SECOND + other + later(kind, level, items, key), "Transactional"), "AE")

    assert sorted(rows(read, "SUBJECT", "TERM", "GRADE")) == sorted(
        [*(("1010001", *row) for row in expected), ("1010009", "Pain", "")]
    )


def test_a_record_entered_under_one_version_is_updated_under_the_next(tmp_path):
    update = later("Update", "ItemGroupData", {"IT.GRADE": "3"}, version="M2")

    assert rows(sheet(tmp_path, odm(INSERTED + update, "Transactional"), "AE"), "TERM", "GRADE") == [("Fever", "3")]


def test_what_is_replaced_or_removed_is_told(tmp_path):
    update = clinical(page(group({"IT.GRADE": "3"}, "IG.AE", "1", 'TransactionType="Update"'), "F.AE"))
    removal = clinical(page(group({}, "IG.AE", "2", 'TransactionType="Remove"'), "F.AE"))
    found = told(
        sheet(tmp_path, odm(INSERTED + SECOND + update + removal, "Transactional"), "AE"), "check", "column", "value"
    )

    assert found == [("RAW-REPLACED", "GRADE", "2"), ("RAW-INACTIVE", "", "IT.TERM=Rash")]


def test_a_form_all_of_whose_records_are_removed_is_there_and_empty(tmp_path):
    removal = clinical(page(group({}, "IG.AE", "1", 'TransactionType="Remove"'), "F.AE"))
    read = sheet(tmp_path, odm(INSERTED + removal, "Transactional"), "AE")

    assert (read.rows, read.header[-2:], len(read.notes)) == ([], ["TERM", "GRADE"], 1)


def test_what_is_removed_and_entered_again_is_there(tmp_path):
    removal = clinical(page("", "F.AE", more='TransactionType="Remove"'))
    read = sheet(tmp_path, odm(INSERTED + removal + INSERTED, "Transactional"), "AE")

    assert rows(read, "TERM", "GRADE", "ACTIVE") == [("Fever", "2", "1")]


@pytest.mark.parametrize(
    ("kind", "key", "message"),
    [
        ("Update", "7", "updated that the file does not hold"),
        ("Remove", "7", "does not hold"),
        ("Insert", "1", "second time"),
    ],
)
def test_a_transaction_that_cannot_be_is_told(tmp_path, kind, key, message):
    later = clinical(page(group({"IT.TERM": "Fever"}, "IG.AE", key, f'TransactionType="{kind}"'), "F.AE"))
    found = told(sheet(tmp_path, odm(INSERTED + later, "Transactional"), "AE"), "message")

    assert [text for (text,) in found if message in text]


def test_a_transaction_nobody_knows_is_refused(tmp_path):
    later = clinical(page(group({"IT.TERM": "x"}, "IG.AE", "1", 'TransactionType="Purge"'), "F.AE"))
    with pytest.raises(TrialError, match="'Purge' is none that ODM knows"):
        sheet(tmp_path, odm(INSERTED + later, "Transactional"), "AE")


def test_an_audit_trail_of_single_items_becomes_one_record(tmp_path):
    stamp = "<DateTimeStamp>2026-01-0{n}T10:00:00</DateTimeStamp>"
    audit = f"<AuditRecord>{stamp}<ReasonForChange>{{why}}</ReasonForChange></AuditRecord>"
    sent = [("IT.BRTHDTC", "1", ""), ("IT.SEX", "2", ""), ("IT.BRTHDTC", "3", "Data entry error")]
    blocks = "".join(
        clinical(
            page(
                f'<ItemGroupData ItemGroupOID="DM"><ItemData ItemOID="{oid}" TransactionType="Upsert" Value="v{n}">'
                f"{audit.format(n=n, why=why)}</ItemData></ItemGroupData>",
                "DM",
            ),
            "uuid",
            'v:SubjectName="1010001"',
        )
        for oid, n, why in sent
    )
    read = sheet(tmp_path, odm(blocks, "Transactional"), "DM")

    assert rows(read, "SUBJECT", "BRTHDTC", "SEX", "CREATED", "UPDATED") == [
        ("1010001", "v3", "v2", "2026-01-01 10:00:00", "2026-01-03 10:00:00")
    ]


FORMS = {  # form: item groups, each with its repeat keys and items
    "F.LOG": {"IG.LOG": ("123", ("IT.LOG.TERM", "IT.LOG.GRADE")), "IG.HEAD": ("", ("IT.LOG.DAT",))},
    "F.VS": {"IG.BP": ("12", ("IT.BP.ORRES", "IT.BP.POS")), "IG.TMP": ("12", ("IT.TMP.ORRES",))},
    "F.DM": {"dm.a": ("1", ("IT.AGE",)), "dm.b": ("1", ("IT.SEX", "IT.X.CODE", "IT.Y.CODE"))},
}
COLUMN = {"IT.X.CODE": "X_CODE", "IT.Y.CODE": "Y_CODE"}
LEVELS = ("SubjectData", "StudyEventData", "FormData", "ItemGroupData", "ItemData")


def planned() -> str:
    """The metadata of the random files: which groups stand on a form, which of them repeat, which items they have."""
    defined = ""
    for form, groups in FORMS.items():
        held = "".join(f'<ItemGroupRef ItemGroupOID="{oid}"/>' for oid in groups)
        defined += f'<FormDef OID="{form}" Name="{form}" Repeating="Yes">{held}</FormDef>'
        for oid, (keys, items) in groups.items():
            listed = "".join(f'<ItemRef ItemOID="{item}"/>' for item in items)
            repeating = "Yes" if len(keys) > 1 else "No"
            defined += f'<ItemGroupDef OID="{oid}" Name="{oid}" Repeating="{repeating}">{listed}</ItemGroupDef>'
    return metadata(defined)


def one(chance: random.Random, number: int) -> tuple[tuple[str, ...], dict[str, str], str, str]:
    """A random transaction: its key, its items, and what is done at which level."""
    form = chance.choice(sorted(FORMS))
    oid = chance.choice(sorted(FORMS[form]))
    keys, items = FORMS[form][oid]
    place = (
        chance.choice("AB"),
        chance.choice(("SE.1", "SE.2")),
        chance.choice("12"),
        form,
        chance.choice("11112"),
        oid,
    )
    named = chance.sample(items, chance.randint(1, len(items)))
    level = chance.choices(LEVELS, (1, 2, 3, 10, 10))[0] if chance.random() < 0.3 else ""
    kind = "Remove" if level and chance.random() < 0.7 else "Context" if level == "ItemData" else ""
    return (
        (*place, chance.choice(keys) if keys else ""),
        {n: f"v{number}.{i}" for i, n in enumerate(named)},
        kind,
        level,
    )


def written(key: tuple[str, ...], items: dict[str, str], kind: str, level: str) -> str:
    """The transaction as ODM."""
    subject, visit, again, form, page_number, oid, repeat = key
    body = clinical(page(group(items, oid, repeat), form, visit, f'FormRepeatKey="{page_number}"'), subject)
    body = body.replace("<StudyEventData ", f'<StudyEventData StudyEventRepeatKey="{again}" ')
    return re.sub(rf"<{level} ", f'<{level} TransactionType="{kind}" ', body) if kind else body


def applied(state: dict, key: tuple[str, ...], items: dict[str, str], kind: str, level: str) -> None:
    """The plain model: a dictionary of dictionaries."""
    depth = dict(zip(LEVELS, (1, 3, 5, 7, 7), strict=True)).get(level, 7)
    if kind == "Remove" and level != "ItemData":
        for gone in [k for k in state if k[:depth] == key[:depth]]:
            del state[gone]
    elif kind == "Remove":
        for name in items:
            state.get(key, {}).pop(name, None)
    elif kind != "Context":
        state.setdefault(key, {}).update(items)


def cells_of(delivery) -> tuple[set[tuple[str, ...]], int]:
    """Every value by its whole key, from the sheets, and how many the notes list."""
    found, listed = set(), 0
    for name in delivery.hashes:
        read = delivery.read(name)
        for note in read.notes:
            if note.check in ("RAW-REPLACED", "RAW-INACTIVE") or "context" in note.message:
                many = re.search(r"([\d,]+) values?\b", note.message)
                listed += int(many[1].replace(",", "")) if many else 1
        start = max(i for i, n in enumerate(read.header) if n in ("UPDATED", "FORMSEQ", "ITEMGROUP")) + 1
        for record in (dict(zip(read.header, row, strict=True)) for row in read.rows):
            place = (
                record["SUBJECT"],
                record["FOLDER"],
                record["FOLDERSEQ"],
                record["FORM"],
                record.get("FORMSEQ", "1"),
            )
            for column in read.header[start:]:
                kind = record.get("ITEMGROUP", "")
                where = "" if column in ("DAT", "AGE", "SEX", "X_CODE", "Y_CODE") else record["RECORDPOS"]
                if record[column]:
                    found.add((*place, kind, where, column, record[column]))
    return found, listed


@pytest.mark.parametrize("seed", range(25))
def test_random_transactions_leave_what_a_plain_model_leaves(tmp_path, seed):
    chance, state, text, told_values = random.Random(seed), {}, planned(), 0
    for number in range(chance.randint(1, 120)):
        key, items, kind, level = one(chance, number)
        applied(state, key, items, kind, level)
        text += written(key, items, kind, level)
        told_values += len(items)
    (tmp_path / "s.xml").write_text(odm(text, "Transactional"))
    found, listed = cells_of(open_delivery(tmp_path / "s.xml"))
    expected = {
        (*(s, v.removeprefix("SE."), a, f.removeprefix("F."), p), g.removeprefix("IG.") if f == "F.VS" else "",
         r if f in ("F.LOG", "F.VS") and g != "IG.HEAD" else "", COLUMN.get(name, name.split(".")[-1]), value)
        for (s, v, a, f, p, g, r), items in state.items() for name, value in items.items()
    }  # fmt: skip

    assert found == expected
    assert told_values == len(found) + listed


def test_an_update_of_a_whole_subject_that_means_a_form_nobody_entered_is_told(tmp_path):
    lost = later("Update", "SubjectData", {"IT.GRADE": "3"}).replace("F.AE", "F.A E")
    (tmp_path / "snapshot.xml").write_text(odm(INSERTED + lost, "Transactional"))
    read = open_delivery(tmp_path / "snapshot.xml").read("snapshot.xml[A E]")

    assert told(read, "check", "severity") == [("RAW-ODM", "major")]


@pytest.mark.parametrize(("first", "second"), [("", "1"), ("1", "")])
def test_an_update_finds_its_group_with_and_without_the_repeat_key_1(tmp_path, first, second):
    entered = clinical(page(group({"IT.TERM": "Fever", "IT.GRADE": "2"}, "IG.AE", first), "F.AE"))
    text = odm(entered + later("Update", "ItemGroupData", {"IT.GRADE": "3"}, second), "Transactional")

    assert rows(sheet(tmp_path, text, "AE"), "TERM", "GRADE") == [("Fever", "3")]
