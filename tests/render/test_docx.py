"""A Word file is whole, says what it is, holds the Document's words, and is the same each time."""

import cProfile
import hashlib
import json
import os
import posixpath
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO

import lxml.etree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document.characters import REFUSED
from pipeline.document.tree import (
    Block,
    Box,
    Cell,
    Definition,
    Definitions,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Item,
    Link,
    List,
    Meta,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Section,
    Span,
    Strong,
    Table,
    Text,
    to_json,
)
from pipeline.render.docx.writer import render
from tests.support import specimen
from tests.support.docx_file import (
    WordFile,
    get_value,
    has_property,
    make_shipped_options,
    read_text,
    render_docx,
)
from tests.support.paths import ROOT
from tests.support.read_outputs import W, read_docx_words, read_tree_words
from tests.support.specimen import paragraph, words

CORE = {
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}


@pytest.fixture(scope="module")
def file() -> WordFile:
    return WordFile(render(specimen.document(), specimen.make_options()).data)


# The order in which the standard has the properties of an element (ECMA-376 part 1, annex A).
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs "
    "suppressAutoHyphens bidi spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps color spacing sz szCs u "
    "shd vertAlign rtl cs lang",
    "tblPr": "tblStyle tblpPr tblOverlap tblW jc tblInd tblBorders shd tblLayout tblCellMar "
    "tblLook tblCaption tblDescription",
    "trPr": "cantSplit tblHeader",
    "tcPr": "tcW tcBorders shd vAlign",
    "pBdr": "top left bottom right",
    "tblBorders": "top left bottom right insideH insideV",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg",
    "style": "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr tcPr "
    "tblStylePr",
    "abstractNum": "nsid multiLevelType lvl",
    "lvl": "start numFmt pStyle lvlText lvlJc pPr rPr",
}


class TestThePackage:
    def test_every_part_is_xml_or_the_image(self, file):
        pictures = [name for name in file.names if name.startswith("word/media/")]
        assert [file.parts[name] for name in pictures] == [specimen.picture().data]
        for name in {*file.names} - {*pictures}:
            file.xml(name)

    def test_every_part_has_a_type_and_every_relation_a_part(self, file):
        types = file.xml("[Content_Types].xml")
        named = {t.get("PartName") for t in types if t.get("PartName")}
        endings = {t.get("Extension") for t in types if t.get("Extension")}
        for name in {*file.names} - {"[Content_Types].xml"}:
            assert f"/{name}" in named or name.rpartition(".")[2] in endings
        assert named <= {f"/{name}" for name in file.names}
        for name in file.names:
            if name.startswith("word/_rels/"):
                for link in file.xml(name):
                    if link.get("TargetMode") != "External":
                        assert posixpath.normpath(f"word/{link.get('Target')}") in file.names

    @pytest.mark.parametrize("kind", ORDER)
    def test_properties_stand_in_the_standard_s_order(self, file, kind):
        elements = ORDER[kind].split()
        nested = List((Item(every_place("one", "other")), Item((paragraph("שלום"),))))
        for whole in (
            file,
            render_docx(nested, PageBreak(), Section((nested,), "answer", running="R")),
        ):
            for name in whole.names:
                if name.startswith("word/") and name.endswith(".xml"):
                    for element in whole.xml(name).iter(f"{W}{kind}"):
                        places = [elements.index(child.tag.removeprefix(W)) for child in element]
                        assert places == sorted(places)

    def test_no_program_is_named(self, file):
        for name, part in file.parts.items():
            assert b"python" not in part.lower(), name
        assert "docProps/thumbnail.jpeg" not in file.names

    def test_word_opens_it_without_its_compatibility_mode(self, file):
        settings = file.xml("word/settings.xml")
        modes = {s.get(f"{W}name"): s.get(f"{W}val") for s in settings.iter(f"{W}compatSetting")}
        assert modes["compatibilityMode"] == "15"

    def test_word_asks_nothing_when_it_opens(self, file):
        assert file.xml("word/settings.xml").find(f"{W}updateFields") is None
        assert all(f.get(f"{W}dirty") is None for f in file.body.iter(f"{W}fldChar"))


class TestWhatTheFileSaysOfItself:
    def test_its_properties_are_the_document_s(self, file):
        core = file.xml("docProps/core.xml")
        properties = {name: core.findtext(name, namespaces=CORE) for name in (
            "dc:title", "dc:creator", "dc:subject", "cp:keywords", "dc:language",
            "dcterms:created", "dcterms:modified",
        )}  # fmt: skip
        assert properties == {
            "dc:title": "Who keeps the line open when the talks have stopped?",
            "dc:creator": "R. Elm; T. Fir",
            "dc:subject": "Five practitioners on the open line.",
            "cp:keywords": "diplomacy, open line",
            "dc:language": "en-GB",
            "dcterms:created": "2021-03-04T00:00:00Z",
            "dcterms:modified": "2021-03-04T00:00:00Z",
        }

    def test_its_dates_are_of_the_kind_that_word_reads(self, file):
        dates = file.xml("docProps/core.xml").iterfind("dcterms:*", CORE)
        assert [[*date.attrib.values()] for date in dates] == [["dcterms:W3CDTF"]] * 2

    def test_the_publisher_is_the_company(self, file):
        app = file.xml("docProps/app.xml")
        assert app.findtext("{*}Company") == "The Line Institute"

    def test_what_the_document_does_not_say_is_not_said(self):
        core = render_docx(paragraph("Words."), title="T").xml("docProps/core.xml")
        assert {lxml.etree.QName(element).localname for element in core} == {"title", "language"}

    def test_its_language_is_every_run_s(self, file):
        defaults = file.xml("word/styles.xml").find(f"{W}docDefaults")
        assert defaults.find(f".//{W}lang").get(f"{W}val") == "en-GB"
        assert get_value(file.xml("word/settings.xml"), "themeFontLang") == "en-GB"
        assert not any(True for _ in file.body.iter(f"{W}lang"))


class TestTheSameEachTime:
    def test_the_same_document_gives_the_same_bytes(self):
        twice = [render(specimen.document(), specimen.make_options()).data for _ in range(2)]
        assert twice[0] == twice[1]

    def test_the_archive_tells_no_time(self):
        data = render(specimen.document(), specimen.make_options()).data
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
        assert entries[0].filename == "[Content_Types].xml"
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.extra for entry in entries} == {b""}

    @pytest.mark.slow
    def test_another_process_elsewhere_gives_the_same_bytes(self, tmp_path):
        here = hashlib.sha256(render(specimen.document(), specimen.make_options()).data).hexdigest()
        script = (
            "import hashlib; from tests.support import specimen;"
            "from pipeline.render.docx.writer import render;"
            "rendered = render(specimen.document(), specimen.make_options());"
            "print(hashlib.sha256(rendered.data).hexdigest())"
        )
        for seed, zone, locale in (("1", "Asia/Tokyo", "C"), ("2", "America/Lima", "tr_TR.UTF-8")):
            run = subprocess.run(
                [sys.executable, "-c", script],
                cwd=tmp_path,
                env={
                    **os.environ,
                    "PYTHONHASHSEED": seed,
                    "TZ": zone,
                    "LANG": locale,
                    "LC_ALL": locale,
                    "PYTHONPATH": str(ROOT),
                },
                capture_output=True,
                text=True,
                check=True,
            )
            assert run.stdout.strip() == here


# --- the words ---------------------------------------------------------------------------

some_words = st.text(
    st.characters(exclude_categories=["Cs"]).filter(lambda c: not REFUSED.search(c)), max_size=20
)


def inlines(text: str, more: str):
    return (
        Text(text),
        Strong((Emphasis(words(more)), Text(text))),
        Span("term", words(more)),
        Link("https://example.org/", words(text)),
        Footnote((paragraph(more), paragraph(text))),
        Text(more),
    )


def every_place(one: str, other: str) -> tuple:
    """Put two texts wherever a Document holds words."""
    line = inlines(one, other)
    return (
        Heading(2, line),
        Paragraph(line, "lead"),
        List((Item((Paragraph(line), paragraph(other))), Item((paragraph(one),))), ordered=True),
        Quote((paragraph(one), Paragraph(line)), words(other), "evidence"),
        Quote((Paragraph(line),), line),
        Definitions((Definition(line, (Paragraph(line), paragraph(other))),)),
        Section((Definitions((Definition(line, (Paragraph(line),)),)),), "imprint"),
        Table(
            (Row((Cell(line), Cell(words(one)))),), (Row((Cell(words(other)), Cell(line))),), line
        ),
    )


def written(document: Document) -> list[str]:
    return read_tree_words(json.loads(to_json(document)))


class TestTheWords:
    @pytest.mark.parametrize("paper", ["a4", "letter", "a5"])
    def test_they_are_the_document_s_in_its_order(self, paper):
        document = specimen.document()
        assert read_docx_words(render(document, specimen.make_options(paper)).data) == written(
            document
        )

    @settings(max_examples=25)
    @given(one=some_words, other=some_words)
    def test_any_text_that_a_document_may_hold_comes_out_as_it_is(self, one, other):
        document = Document(Meta("A title", "en-GB"), every_place(one, other))
        assert read_docx_words(render(document, make_shipped_options()).data) == written(document)

    @given(text=some_words)
    @settings(max_examples=25)
    def test_spaces_stay_as_they_are(self, text):
        file = render_docx(paragraph(f"a{text}  b"))
        kept = [t.text for t in file.body.iter(f"{W}t")]
        xml = "".join(text.replace("\r", "\n") for text in kept)
        assert xml == f"a{text}  b".replace("\t", "").replace("\r", "\n")

    def test_a_document_without_words_is_a_file(self):
        document = replace(specimen.document(), children=())
        assert read_docx_words(render(document, make_shipped_options()).data) == []


class TestLargeFiles:
    def work(self, answers: int) -> int:
        """Count the calls that a file takes: a measure of work that no machine changes."""
        image = specimen.picture()
        blocks: list[Block] = []
        images = {}
        for number in range(answers):
            images[f"i{number}"] = replace(image, sha256=f"{number}")
            line = (Link(f"https://example.org/{number}", words("link")),)
            note = Footnote((paragraph("Note."),))
            blocks += [
                PageBreak(),
                Section(
                    (
                        Heading(
                            2, words("Answer"), id=f"a-rather-long-name-of-the-answer-{number}"
                        ),
                        Paragraph((Text(specimen.PROSE), *line, note)),
                        List((Item((paragraph("one"),)),), ordered=True),
                        Figure(f"i{number}", "A map"),
                    ),
                    running=f"{number}",
                ),
            ]
        document = Document(Meta("A title", "en-GB"), tuple(blocks), images)
        profile = cProfile.Profile()
        profile.runcall(render, document, make_shipped_options())
        return sum(entry.callcount for entry in profile.getstats())

    @pytest.mark.slow
    def test_work_grows_with_the_text(self):
        few, many = self.work(50), self.work(200)
        assert many < 4.4 * few


def test_a_break_before_a_table_is_before_its_first_words():
    file = render_docx(paragraph("one"), PageBreak(), Box((paragraph("two"),)), paragraph("three"))
    broken = [read_text(p) for p in file.paragraphs if has_property(p, "pPr/pageBreakBefore")]
    assert broken == ["two"]
