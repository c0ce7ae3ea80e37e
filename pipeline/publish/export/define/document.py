"""A define as XML, in the order that the schema of Define-XML 2.1 asks for; the same facts make the same bytes."""

from __future__ import annotations

from lxml import etree

from pipeline.publish.export.define.facts import Codelist, Described, Facts, Item, Paper, ValueOrigin
from pipeline.publish.export.oids import metadata_oid, study_oid

ODM, DEF = "http://www.cdisc.org/ns/odm/v1.3", "http://www.cdisc.org/ns/def/v2.1"
XLINK, XML = "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
NAMES = {None: ODM, "def": DEF, "xlink": XLINK, "arm": "http://www.cdisc.org/ns/arm/v1.0"}
STYLESHEET, ANNOTATED = "define2-1.xsl", "LF.acrf"
IG, CT, CT_OF_ANALYSIS = "STD.IG", "STD.CT", "STD.CT.ADAM"
PURPOSE = {"sdtm": "Tabulation", "adam": "Analysis"}
YES, NO = "Yes", "No"


def document(facts: Facts) -> bytes:
    """The whole document, with the stylesheet that browsers show it by."""
    root = etree.Element(_odm("ODM"), nsmap=NAMES)
    program, version = facts.program
    _say(root, ODMVersion="1.3.2", FileType="Snapshot", FileOID=metadata_oid(facts.study, facts.layer),
         CreationDateTime=facts.stamp, AsOfDateTime=facts.stamp, Originator=facts.originator, SourceSystem=program,
         SourceSystemVersion=version, def_Context="Submission")  # fmt: skip
    study = _add(root, "Study", OID=study_oid(facts.study))
    named = _add(study, "GlobalVariables")
    _add(named, "StudyName").text = facts.study
    _add(named, "StudyDescription").text = facts.title or facts.study
    _add(named, "ProtocolName").text = facts.study
    _metadata(study, facts)
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/xsl" href="{STYLESHEET}"'))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _metadata(study: etree._Element, facts: Facts) -> None:
    layer = {"sdtm": "SDTM", "adam": "ADaM"}[facts.layer]
    told = _add(study, "MetaDataVersion", OID=metadata_oid(facts.study, facts.layer), Description=f"{layer} datasets",
                Name=f"{facts.study}, {layer}", def_DefineVersion="2.1.0")  # fmt: skip
    _standards(told, facts)
    if facts.annotated:
        _add(_add(told, "def:AnnotatedCRF"), "def:DocumentRef", leafID=ANNOTATED)
    if facts.guides:
        supplemental = _add(told, "def:SupplementalDoc")
        for paper in facts.guides:
            _add(supplemental, "def:DocumentRef", leafID=paper.oid)
    items = [item for group in facts.groups for item in group.items]
    for item in items:
        _value_list(told, item)
    _where_clauses(told, facts)
    for group in facts.groups:
        _group(told, group)
    for each in (each for group in facts.groups for each in group.every):
        _item(told, each)
    for codelist in facts.codelists:
        _codelist(told, codelist)
    _texts(told, [each for group in facts.groups for each in group.every])
    if facts.annotated:
        _leaf(told, ANNOTATED, "acrf.pdf", "Annotated Case Report Form")
    for paper in papers(facts):
        _leaf(told, paper.oid, paper.href, paper.title)
    if facts.displays:
        _displays(_add(told, "arm:AnalysisResultDisplays"), facts)


def papers(facts: Facts) -> list[Paper]:
    """The documents that a define names beside the annotated CRF."""
    shown = [paper for display in facts.displays for paper in (display.page, display.program) if paper]
    return [*facts.guides, *shown]


def _standards(told: etree._Element, facts: Facts) -> None:
    standards = _add(told, "def:Standards")
    name, version = facts.standard
    _add(standards, "def:Standard", OID=IG, Name=name, Type="IG", Version=version, Status="Final")
    for oid, publishing, package in ((CT, *facts.terminology), (CT_OF_ANALYSIS, "ADaM", facts.analysis)):
        if package:
            _add(standards, "def:Standard", OID=oid, Name="CDISC/NCI", Type="CT", PublishingSet=publishing,
                 Version=package, Status="Final")  # fmt: skip


def _value_list(told: etree._Element, item: Item) -> None:
    """The parts of a variable, each under its condition."""
    if item.values:
        listed = _add(told, "def:ValueListDef", OID=_value_oid(item))
        for number, value in enumerate(item.values, start=1):
            reference = _add(listed, "ItemRef", ItemOID=value.oid, OrderNumber=str(number), Mandatory=NO,
                             MethodOID=method_oid(value))  # fmt: skip
            assert value.where
            _add(reference, "def:WhereClauseRef", WhereClauseOID=value.where.oid)


def _where_clauses(told: etree._Element, facts: Facts) -> None:
    """The conditions of values and of analyses, each once."""
    values = [value.where for group in facts.groups for item in group.items for value in item.values]
    asked = [data.where for display in facts.displays for analysis in display.analyses for data in analysis.data]
    for where in {where.oid: where for where in [*values, *asked] if where}.values():
        clause = _add(told, "def:WhereClauseDef", OID=where.oid)
        for check in where.checks:
            compared = _add(clause, "RangeCheck", Comparator=check.how, SoftHard="Soft", def_ItemOID=check.item)
            for value in check.values:
                _add(compared, "CheckValue").text = value


def _group(told: etree._Element, group: Described) -> None:
    leaf = f"LF.{group.name}"
    made = _add(told, "ItemGroupDef", OID=group.oid, Domain=group.domain, Name=group.name,
                Repeating=YES if group.repeating else NO, IsReferenceData=YES if group.reference else NO,
                SASDatasetName=group.name, Purpose=PURPOSE[group.layer], def_Structure=group.structure,
                def_StandardOID=IG, def_ArchiveLocationID=leaf)  # fmt: skip
    _describe(made, group.label)
    for number, item in enumerate(group.items, start=1):
        _add(made, "ItemRef", ItemOID=item.oid, OrderNumber=str(number), Mandatory=YES if item.mandatory else NO,
             KeySequence=str(item.key or ""), MethodOID=method_oid(item))  # fmt: skip
    kind = _add(made, "def:Class", Name=group.observation_class)
    if group.subclass:
        _add(kind, "def:SubClass", Name=group.subclass)
    _leaf(made, leaf, f"{group.name.lower()}.xpt", f"{group.name.lower()}.xpt")


def _item(told: etree._Element, item: Item) -> None:
    made = _add(told, "ItemDef", OID=item.oid, Name=item.name, DataType=item.data_type, Length=_number(item.length),
                SignificantDigits=_number(item.digits), SASFieldName=item.name, def_DisplayFormat=item.display_format,
                def_CommentOID=comment_oid(item))  # fmt: skip
    if item.label:
        _describe(made, item.label)
    if item.codelist:
        _add(made, "CodeListRef", CodeListOID=item.codelist)
    if item.origin:
        _origin(made, item.origin)
    if item.values:
        _add(made, "def:ValueListRef", ValueListOID=_value_oid(item))


def _origin(made: etree._Element, origin: ValueOrigin) -> None:
    told = _add(made, "def:Origin", Type=origin.type, Source=origin.source)
    if origin.predecessor:
        _describe(told, origin.predecessor)
    if origin.pages:
        reference = _add(told, "def:DocumentRef", leafID=ANNOTATED)
        _add(reference, "def:PDFPageRef", PageRefs=" ".join(map(str, origin.pages)), Type="PhysicalRef")


def _codelist(told: etree._Element, codelist: Codelist) -> None:
    standard = {"def_IsNonStandard": "" if codelist.dictionary else YES}
    if codelist.code:
        standard = {"def_StandardOID": CT_OF_ANALYSIS if codelist.of_analysis else CT}
    made = _add(told, "CodeList", OID=codelist.oid, Name=codelist.name, DataType="text", **standard)
    if codelist.dictionary:
        _add(made, "ExternalCodeList", Dictionary=codelist.dictionary, Version=codelist.version)
        return
    decoded = all(term.decode for term in codelist.terms)
    for term in codelist.terms:
        kind = "CodeListItem" if decoded else "EnumeratedItem"
        entry = _add(made, kind, CodedValue=term.value, def_ExtendedValue=YES if term.extended else "")
        if decoded:
            _text(_add(entry, "Decode"), term.decode)
        if term.code:
            _add(entry, "Alias", Name=term.code, Context="nci:ExtCodeID")
    if codelist.code:
        _add(made, "Alias", Name=codelist.code, Context="nci:ExtCodeID")


def _texts(told: etree._Element, items: list[Item]) -> None:
    """How values are made, then what is said of them besides."""
    for item in items:
        if item.method:
            name = f"Derivation of {item.name}" + (f", {item.label}" if item.where else "")
            _describe(_add(told, "MethodDef", OID=method_oid(item), Name=name, Type="Computation"), item.method)
    for item in items:
        if item.comment:
            _describe(_add(told, "def:CommentDef", OID=comment_oid(item)), item.comment)


def _displays(told: etree._Element, facts: Facts) -> None:
    """The tables and figures with their analyses (Analysis Results Metadata 1.0)."""
    for display in facts.displays:
        shown = _add(told, "arm:ResultDisplay", OID=display.oid, Name=display.name)
        _describe(shown, display.title)
        if display.page:
            _add(shown, "def:DocumentRef", leafID=display.page.oid)
        for analysis in display.analyses:
            parameter = next((data.parameter for data in analysis.data if data.parameter), "")
            made = _add(shown, "arm:AnalysisResult", OID=analysis.oid, ParameterOID=parameter,
                        AnalysisReason=analysis.reason, AnalysisPurpose=analysis.purpose)  # fmt: skip
            _describe(made, analysis.label)
            datasets = _add(made, "arm:AnalysisDatasets")
            for data in analysis.data:
                dataset = _add(datasets, "arm:AnalysisDataset", ItemGroupOID=data.group)
                if data.where:
                    _add(dataset, "def:WhereClauseRef", WhereClauseOID=data.where.oid)
                for variable in data.variables:
                    _add(dataset, "arm:AnalysisVariable", ItemOID=variable)
            if analysis.words:
                _describe(_add(made, "arm:Documentation"), analysis.words)
            programming = _add(made, "arm:ProgrammingCode", Context="command line")
            _add(programming, "arm:Code").text = analysis.code
            if display.program:
                _add(programming, "def:DocumentRef", leafID=display.program.oid)


def _leaf(told: etree._Element, oid: str, href: str, title: str) -> None:
    leaf = _add(told, "def:leaf", ID=oid)
    leaf.set(f"{{{XLINK}}}href", href)
    _add(leaf, "def:title").text = title


def _value_oid(item: Item) -> str:
    return f"VL.{item.oid.removeprefix('IT.')}"


def method_oid(item: Item) -> str:
    """The identifier of how an item is made, '' where nothing is told."""
    return f"MT.{item.oid.removeprefix('IT.')}" if item.method else ""


def comment_oid(item: Item) -> str:
    """The identifier of what is said of an item besides, '' where nothing is."""
    return f"COM.{item.oid.removeprefix('IT.')}" if item.comment else ""


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _describe(element: etree._Element, text: str) -> None:
    _text(_add(element, "Description"), text)


def _text(element: etree._Element, text: str) -> None:
    told = _add(element, "TranslatedText")
    told.set(f"{{{XML}}}lang", "en")
    told.text = text


def _add(element: etree._Element, name: str, **said: str) -> etree._Element:
    """A child with its attributes, without those that say nothing; `def_Class` is def:Class."""
    prefix, _, plain = name.rpartition(":")
    child = etree.SubElement(element, f"{{{NAMES[prefix or None]}}}{plain}")
    _say(child, **said)
    return child


def _say(element: etree._Element, **said: str) -> None:
    for name, value in said.items():
        if value:
            element.set(f"{{{DEF}}}{name.removeprefix('def_')}" if name.startswith("def_") else name, value)


def _odm(name: str) -> str:
    return f"{{{ODM}}}{name}"
