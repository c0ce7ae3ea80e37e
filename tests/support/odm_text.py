"""ODM files for tests, as short as the rule they are about."""

from pathlib import Path

from pipeline.intake.delivery import open_delivery
from pipeline.readers import Sheet

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:v="urn:vendor" '
    'ODMVersion="1.3.2" FileOID="F" FileType="{kind}" CreationDateTime="2026-06-30T10:00:00">\n'
)


def odm(body: str, kind: str = "Snapshot") -> str:
    """A whole file around a body."""
    return f"{HEAD.format(kind=kind)}{body}\n</ODM>"


def metadata(inside: str, oid: str = "M1", units: str = "") -> str:
    """A study with one metadata version."""
    basic = f"<BasicDefinitions>{units}</BasicDefinitions>"
    return f'<Study OID="ST">{basic}<MetaDataVersion OID="{oid}" Name="{oid}">{inside}</MetaDataVersion></Study>\n'


def clinical(inside: str, subject: str = "1010001", more: str = "", version: str = "M1") -> str:
    """One subject's data in a block of their own; `more` are attributes of SubjectData."""
    return (
        f'<ClinicalData StudyOID="ST" MetaDataVersionOID="{version}"><SubjectData SubjectKey="{subject}" {more}>'
        f'<SiteRef LocationOID="101"/>{inside}</SubjectData></ClinicalData>\n'
    )


def page(inside: str, form: str = "F.VS", event: str = "SE.SCR", more: str = "") -> str:
    """One form of one visit."""
    data = f'<FormData FormOID="{form}" {more}>{inside}</FormData>'
    return f'<StudyEventData StudyEventOID="{event}">{data}</StudyEventData>'


def group(items: dict[str, str], oid: str = "IG.VS", key: str = "", more: str = "") -> str:
    """One item group; `key` is its repeat key."""
    repeat = f'ItemGroupRepeatKey="{key}"' if key else ""
    inside = "".join(f'<ItemData ItemOID="{name}" Value="{value}"/>' for name, value in items.items())
    return f'<ItemGroupData ItemGroupOID="{oid}" {repeat} {more}>{inside}</ItemGroupData>'


def sheet(path: Path, text: str, form: str) -> Sheet:
    """One form of a file, through the door a delivery comes in by."""
    (path / "snapshot.xml").write_text(text, encoding="utf-8")
    return open_delivery(path / "snapshot.xml").read(f"snapshot.xml[{form}]")


def rows(read: Sheet, *columns: str) -> list[tuple[str, ...]]:
    """The columns named, '' where the sheet has no such column."""
    records = [dict(zip(read.header, row, strict=True)) for row in read.rows]
    return [tuple(record.get(name, "") for name in columns) for record in records]


def told(read: Sheet, *names: str) -> list[tuple[str, ...]]:
    """The fields named of each note."""
    return [tuple(str(getattr(note, name)) for name in names) for note in read.notes]


ITEM = '<ItemDef OID="{oid}" Name="{name}" DataType="text">{inside}</ItemDef>'
LISTED = '<CodeListRef CodeListOID="CL.R"/>'


def code_list(*items: str) -> str:
    """A code list CL.R of items `code=decode`, or `code=decode|en=decode` by language."""
    found = ""
    for item in items:
        code, _, decodes = item.partition(": ")
        texts = [text.partition("=") for text in decodes.split("|")]
        told = "".join(
            f'<TranslatedText xml:lang="{lang}">{text}</TranslatedText>'
            if equals
            else f"<TranslatedText>{lang}</TranslatedText>"
            for lang, equals, text in texts
        )
        found += f'<CodeListItem CodedValue="{code}"><Decode>{told}</Decode></CodeListItem>'
    return f'<CodeList OID="CL.R" Name="R" DataType="text">{found}</CodeList>'
