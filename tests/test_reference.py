"""A house's own Word template gives its styles and pages to a DOCX, and nothing that it may not."""

import json
import os
import zipfile
from pathlib import Path

import lxml.etree
import pytest

from pipeline.diagnostics import Problems
from pipeline.document import images
from pipeline.word import house_template, opc
from tests import housefile
from tests.command import brief
from tests.test_docx_anchors import manifest
from tests.wordfile import W, WordFile, said, style
from tests.workbench import write_project, write_template

HEADER = f"<w:p><w:r>{housefile.LOGO}</w:r><w:r><w:t>The House</w:t></w:r></w:p>"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    made = write_project(tmp_path_factory.mktemp("house"))
    housefile.write(made / "house.dotx")
    return made


def build(project: Path, *options: str, out: str = "out") -> tuple[WordFile, str]:
    asked = ("build", "-f", "docx", "-t", "per-question", "--out", out)
    result = brief(project, *asked, *options)
    assert result.exit_code == 0, result.output
    path = project / out / "words/words-per-question.docx"
    return WordFile(path.read_bytes()), result.output


@pytest.fixture(scope="module")
def dressed(project) -> tuple[WordFile, str]:
    return build(project, "--reference-docx", "house.dotx")


@pytest.fixture(scope="module")
def file(dressed) -> WordFile:
    return dressed[0]


def paragraph_style(file: WordFile, words: str) -> str | None:
    return style(file.paragraph(words))


class TestStyles:
    def test_a_style_is_the_house_s_by_its_name_in_word(self, file):
        assert paragraph_style(file, "Words") == "Titel"
        assert paragraph_style(file, "“First words of Ada") == "Textkrper"
        assert file.styles["Titel"].find(f"{W}rPr/{W}color").get(f"{W}val") == "C00000"

    def test_or_by_another_name_that_is_known_for_its_role(self, file):
        assert paragraph_style(file, "Two experts on words") == "Vorspann"

    def test_one_that_is_missing_is_ours_and_told(self, dressed):
        file, told = dressed
        assert paragraph_style(file, "At a glance") == "BoxTitle"
        assert file.styles["BoxTitle"].find(f"{W}basedOn").get(f"{W}val") == "Standard"
        assert told.count("[reference-style]") == 1
        (line,) = [line for line in told.splitlines() if "[reference-style]" in line]
        assert line.startswith("house.dotx: warning: the Word template has no styles `")
        assert "`Box Title`" in line
        assert "`Title`" not in line
        assert "`After Table`" not in line
        assert "`Heading 4` for `Box Title`" in told

    def test_a_style_without_an_id_cannot_be_used(self, project):
        styles = (
            *housefile.STYLES,
            "<w:style w:type='paragraph'><w:name w:val='Strip'/></w:style>",
        )
        housefile.write(project / "nameless.dotx", housefile.parts(styles=styles))
        file, _ = build(project, "--reference-docx", "nameless.dotx", out="nameless")
        assert all(use.get(f"{W}val") for use in file.body.iter(f"{W}pStyle"))

    def test_an_id_that_the_house_has_for_another_style_stays_the_house_s(self, file):
        assert file.styles["Number"][0].get(f"{W}val") == "Phone Number"

    def test_nothing_has_a_style_that_is_not_there(self, file):
        for name in ("word/document.xml", "word/footnotes.xml"):
            for tag in ("pStyle", "rStyle", "tblStyle"):
                for use in file.xml(name).iter(f"{W}{tag}"):
                    assert use.get(f"{W}val") in file.styles
        for each in file.styles.values():
            for tag in ("basedOn", "next", "link"):
                for relative in each.findall(f"{W}{tag}"):
                    assert relative.get(f"{W}val") in file.styles

    def test_lists_have_the_numbers_of_the_brief(self, file):
        (item, *_) = [p for p in file.paragraphs if said(p) == "A deed"]
        assert style(item) == "Liste"
        assert item.find(f"{W}pPr/{W}numPr") is not None
        assert file.styles["Liste"].find(f".//{W}numPr") is None

    def test_the_words_are_the_same_and_the_manifest_names_the_styles(self, project, file):
        plain, _ = build(project, out="plain")
        assert [said(p) for p in file.paragraphs] == [said(p) for p in plain.paragraphs]
        dressed_blocks, blocks = (manifest(f)["blocks"] for f in (file, plain))
        assert [b["pieces"] for b in dressed_blocks] == [b["pieces"] for b in blocks]
        title = next(b for b in dressed_blocks if b["pieces"][0]["text"] == "Words")
        assert (title["style"], title["role"]) == ("Titel", "Title")

    def test_the_manifest_of_the_files_names_it(self, project, file):
        listed = json.loads((project / "out/words/manifest.json").read_bytes())["outputs"]
        asked = {each["file"]: each["asked"] for each in listed}
        assert asked["words-per-question.docx"]["reference_docx"]["file"] == "house.dotx"

    def test_its_name_need_not_be_text(self, project):
        house = os.fsdecode(b"h\xff.dotx")
        housefile.write(project / house)
        order = ["build", "-t", "per-question", "-f", "docx", "--reference-docx", house]
        order += ["--cache", "kept"]

        assert brief(project, *order).exit_code == 0
        assert "1 fresh as they were" in brief(project, *order).stdout

    @pytest.mark.slow
    def test_a_house_that_changes_makes_the_file_anew(self, project):
        written = (project / "house.dotx").read_bytes()
        (project / "ours.dotx").write_bytes(written)
        arguments = ("--reference-docx", "ours.dotx")
        build(project, *arguments, out="kept")
        file = "kept/words/words-per-question.docx"

        assert "0 files" in build(project, *arguments, out="kept")[1]
        assert brief(project, "verify", "--out", "kept", file).exit_code == 0

        housefile.write(project / "ours.dotx", {**housefile.parts(), "docProps/more.xml": "<x/>"})

        verified = brief(project, "verify", "--out", "kept", file)
        assert verified.exit_code == 1
        assert "the Word template `ours.dotx` is another" in verified.output
        assert "1 file" in build(project, *arguments, out="kept")[1]

    def test_it_is_the_same_each_time(self, project, file):
        again, _ = build(project, "--reference-docx", "house.dotx", out="again")
        assert again.data == file.data


class TestPages:
    def test_every_section_has_the_house_s_page(self, file):
        sections = list(file.body.iter(f"{W}sectPr"))
        assert sections
        for section in sections:
            assert section.find(f"{W}pgSz").get(f"{W}w") == "8391"
            assert section.find(f"{W}pgMar").get(f"{W}top") == "1701"

    def test_header_footer_and_logo_are_the_house_s(self, file):
        first, *others = file.body.iter(f"{W}sectPr")
        parts = {r.tag.removeprefix(W): file.linked(r) for r in first if r.get(f"{R}id")}
        assert said(parts["footerReference"]) == "The House, page 1"
        assert style(parts["headerReference"][0]) == "Kopfzeile"
        assert not [r for section in others for r in section if r.get(f"{R}id")]
        assert housefile.picture() in [d for n, d in file.parts.items() if "/media/" in n]
        assert manifest(file)["furniture"] == ["The House, page"]
        assert not [n for n in file.names if n.startswith("word/header")]

    def test_tables_and_boxes_fit_between_its_margins(self, file):
        for measure in file.body.iter(f"{W}tblW"):
            assert int(measure.get(f"{W}w")) <= 8391 - 2 * 1021

    def test_a_marking_stands_on_every_page(self, project):
        section = (
            '<w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="8391" w:h="11906"/>'
            '<w:pgMar w:top="1701" w:right="1021" w:bottom="1134" w:left="1021"/><w:titlePg/>'
        )
        settings = "<w:evenAndOddHeaders/>"
        held = housefile.parts(section=section, settings=settings)
        housefile.write(project / "bare.dotx", held)
        options = ("--reference-docx", "bare.dotx", "--marking", "TLP:AMBER")
        file, _ = build(project, *options, out="marked")
        first = next(file.body.iter(f"{W}sectPr"))
        shown = {
            (r.tag.removeprefix(W), r.get(f"{W}type")): said(file.linked(r))
            for r in first
            if r.get(f"{R}id")
        }
        assert len(shown) == 6
        assert all("TLP:AMBER" in words for words in shown.values())
        assert first.find(f"{W}titlePg") is not None

    def test_a_template_without_headers_leaves_the_brief_s(self, project):
        held = housefile.parts(section='<w:pgSz w:w="8391"/>')
        housefile.write(project / "plain.dotx", held)
        file, _ = build(project, "--reference-docx", "plain.dotx", out="headless")
        first = next(file.body.iter(f"{W}sectPr"))
        assert [said(file.linked(r)) for r in first if r.get(f"{R}id")]

    def test_fractions_of_a_measure_are_rounded(self, tmp_path):
        """Google Docs writes them."""
        held = housefile.parts(section=housefile.page(left="1440.0000000000002"))
        path = housefile.write(tmp_path / "house.dotx", held)
        assert house_template.read_house_template(path, "house.dotx").margins["left"] == "1440"

    def test_a_page_of_which_half_is_not_said_is_the_brief_s(self, tmp_path):
        held = housefile.parts(section='<w:pgSz w:w="8391" w:h="11906"/>')
        read = house_template.read_house_template(
            housefile.write(tmp_path / "house.dotx", held), "house.dotx"
        )
        assert (read.size, read.margins) == ({}, {})

    def test_a_document_is_a_template_too(self, project):
        housefile.write(project / "house.docx", housefile.parts(kind="document"))
        file, _ = build(project, "--reference-docx", "house.docx", out="docx")
        assert "Titel" in file.styles


class TestFaces:
    def test_the_theme_is_the_house_s(self, project):
        theme = '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
        housefile.write(project / "theme.dotx", with_part("theme", theme))
        file, _ = build(project, "--reference-docx", "theme.dotx", out="theme")
        assert file.xml("word/theme/theme1.xml").attrib == {}

    def test_fonts_are_named_and_not_embedded(self, project):
        font = '<w:font w:name="House"><w:embedRegular/></w:font>'
        fonts = f'<w:fonts xmlns:w="{W[1:-1]}">{font}</w:fonts>'
        housefile.write(project / "fonts.dotx", with_part("fontTable", fonts))
        file, _ = build(project, "--reference-docx", "fonts.dotx", out="fonts")
        (named,) = file.xml("word/fontTable.xml")
        assert named.get(f"{W}name") == "House"
        assert len(named) == 0

    def test_what_is_taken_off_leaves_the_rest(self, project):
        header = "<w:p><w:bookmarkStart w:id='1' w:name='_bp_1'/><w:r><w:t>House</w:t></w:r></w:p>"
        housefile.write(project / "marks.dotx", housefile.parts(header=header))
        file, _ = build(project, "--reference-docx", "marks.dotx", out="marks")
        head = file.xml("word/house1.xml")
        assert said(head) == "House"
        assert head.find(f".//{W}bookmarkStart") is None


class TestNamedByATemplate:
    def test_it_stands_in_the_project(self, project):
        spec = "extends: per-question\nreference_docx: templates/h.dotx"
        write_template(project, "own", spec=spec)
        housefile.write(project / "templates/h.dotx")
        result = brief(project, "build", "-f", "docx", "-t", "own")
        assert result.exit_code == 0, result.output
        file = WordFile((project / "out/words/words-own.docx").read_bytes())
        assert "Titel" in file.styles
        listed = json.loads((project / "out/words/manifest.json").read_bytes())["outputs"]
        (entry,) = [each for each in listed if each["file"] == "words-own.docx"]
        assert "templates/h.dotx" in entry["inputs"]

    @pytest.mark.parametrize("name", ["h.dotx", "content/h.dotx", "house/h.dotx"])
    def test_it_may_stand_anywhere_in_the_project(self, tmp_path, name):
        project = write_project(tmp_path / "inner")
        write_template(project, "own", spec=f"extends: per-question\nreference_docx: {name}")
        house = project / name
        house.parent.mkdir(exist_ok=True)
        housefile.write(house)
        order = ["build", "-f", "docx", "-t", "own"]

        assert brief(project, *order).exit_code == 0
        assert "1 fresh as they were" in brief(project, *order).stdout
        house.rename(tmp_path / "h.dotx")
        house.symlink_to(tmp_path / "h.dotx")
        assert "[file-outside]" in brief(project, *order).output

    @pytest.mark.parametrize("name", ["../house.dotx", "/etc/hostname", "templates/link.dotx"])
    def test_nothing_outside_of_the_project_is_read(self, tmp_path, name):
        project = write_project(tmp_path / "inner")
        housefile.write(tmp_path / "house.dotx")
        write_template(project, "own", spec=f"extends: per-question\nreference_docx: {name}")
        (project / "templates/link.dotx").symlink_to(tmp_path / "house.dotx")
        result = brief(project, "build", "-f", "docx", "-t", "own")
        assert result.exit_code == 1
        assert "[file-outside]" in result.output

    def test_one_that_is_not_there_is_an_error(self, tmp_path):
        project = write_project(tmp_path)
        write_template(project, "own", spec="extends: per-question\nreference_docx: none.dotx")
        result = brief(project, "build", "-f", "docx", "-t", "own")
        assert "none.dotx: error: `none.dotx`: No such file or directory" in result.output


def refused(tmp_path: Path, held: dict[str, str | bytes]) -> tuple[str, str]:
    path = housefile.write(tmp_path / "house.dotx", held)
    with pytest.raises(Problems) as caught:
        house_template.read_house_template(path, "house.dotx")
    (found,) = caught.value.diagnostics
    assert found.at is not None
    assert found.at.file == "house.dotx"
    return found.code, found.message


def with_part(kind: str, xml: str) -> dict[str, str | bytes]:
    """Give a template with one more part of the document."""
    held = housefile.parts()
    links = str(held["word/_rels/document.xml.rels"]).removesuffix("</Relationships>")
    held["word/_rels/document.xml.rels"] = (
        links + housefile.relations(("rId9", kind, "more.xml")).partition(">")[2]
    )
    return {**held, "word/more.xml": xml}


def run(inner: str) -> str:
    return f"<w:r>{inner}</w:r>"


def field(*code: str, shows: str = "") -> str:
    """Write a field, with its code in several runs."""
    written = "".join(run(f"<w:instrText>{part}</w:instrText>") for part in code)
    begin, separate, end = (
        run(f"<w:fldChar w:fldCharType='{kind}'/>") for kind in ("begin", "separate", "end")
    )
    return begin + written + separate + (run(f"<w:t>{shows}</w:t>") if shows else "") + end


MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
CHART = """\
<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">
<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>
<c:chart xmlns:c="urn:chart" r:id="rId1"/></a:graphicData></a:graphic></wp:inline></w:drawing>"""
WORDS = run("<w:t>The House</w:t>")


class TestLeftOut:
    """What a header may not hold goes, and is told; the rest of it stays."""

    def taken(self, tmp_path: Path, held: dict[str, str | bytes]) -> house_template.PagePart:
        path = housefile.write(tmp_path / "house.dotx", held)
        (header,) = [
            p
            for p in house_template.read_house_template(path, "house.dotx").parts
            if p.kind == "header"
        ]
        for forbidden in (b"hyperlink", b"object", b"pict>", b"txbx", b"INCLUDE", b"DDE", b"chart"):
            assert forbidden not in header.xml
        return header

    @pytest.mark.parametrize(
        ("inner", "told"),
        [
            (run("<w:object/>"), ["an embedded object"]),
            (run("<w:pict/>"), ["a text box, a shape or a watermark"]),
            (run(f"<mc:AlternateContent {MC}><w:drawing/><w:txbxContent><w:p>"
                 f"{run('<w:t>Boxed</w:t>')}</w:p></w:txbxContent></mc:AlternateContent>"),
             ["a text box, a shape or a chart"]),
            (run(CHART), ["a text box, a shape or a chart"]),
            (field("INCLUDE", "TEXT a.docx", shows="stale"), ["the field `INCLUDETEXT`"]),
            (field("IF ", shows="stale"), ["the field `IF`"]),
            (f"<w:fldSimple w:instr='DDEAUTO c cmd'>{run('<w:t>stale</w:t>')}</w:fldSimple>",
             ["the field `DDEAUTO`"]),
            (field(), ["an empty field"]),
            (run("<w:instrText>INCLUDEPICTURE x</w:instrText>"), []),
            (run("<w:rPr><n:glow xmlns:n='urn:newer'/></w:rPr>"), []),
            ("<w:pPr><w:numPr><w:numId w:val='7'/></w:numPr></w:pPr>", []),
        ],
    )  # fmt: skip
    def test_what_runs_or_shows_another_file(self, tmp_path, inner, told):
        header = self.taken(tmp_path, housefile.parts(header=f"<w:p>{inner}{WORDS}</w:p>"))
        assert list(header.left_out) == told
        root = lxml.etree.fromstring(header.xml)
        assert said(root) == "The House"
        assert b"newer" not in header.xml.partition(b">")[2]
        assert b"numPr" not in header.xml

    def test_a_code_that_a_field_in_it_would_write(self, tmp_path):
        """Word puts a code together of what its inner fields show."""
        inner = field("QUOTE ", shows="INCLUDETEXT a.docx")
        begin, separate, end = (
            run(f"<w:fldChar w:fldCharType='{kind}'/>") for kind in ("begin", "separate", "end")
        )
        code = f"{begin}{inner}{run('<w:instrText> PAGE </w:instrText>')}{separate}{end}"
        header = self.taken(tmp_path, housefile.parts(header=f"<w:p>{code}{WORDS}</w:p>"))
        assert b"instrText" not in header.xml
        assert said(lxml.etree.fromstring(header.xml)) == "The House"

    @pytest.mark.parametrize(
        "link",
        [
            f"<w:hyperlink r:id='rId2'>{run('<w:t>site</w:t>')}</w:hyperlink>",
            field('HYPERLINK "https://house.example/"', shows="site"),
            "<w:fldSimple w:instr='HYPERLINK x'>" + run("<w:t>site</w:t>") + "</w:fldSimple>",
        ],
    )
    def test_a_link_leaves_its_words(self, tmp_path, link):
        links = (("rId2", "hyperlink", "https://house.example/"),)
        held = housefile.parts(header=f"<w:p>{WORDS}{link}</w:p>", header_links=links)
        header = self.taken(tmp_path, held)
        assert header.left_out == ("a link (its words stay)",)
        assert said(lxml.etree.fromstring(header.xml)) == "The Housesite"
        assert b"house.example" not in header.xml

    @pytest.mark.parametrize(
        ("kind", "target", "told"),
        [("image", "https://tracker.example/logo.png", "a picture that is not embedded"),
         ("image", "file:///etc/passwd", "a picture that is not embedded"),
         ("oleObject", "media/logo.png", "another file"),
         ("image", "media/logo.emf", "a picture that is no PNG or JPEG (`logo.emf`)")],
    )  # fmt: skip
    def test_a_picture_that_cannot_be_taken(self, tmp_path, kind, target, told):
        held = housefile.parts(header_links=(("rId1", kind, target),), header=HEADER)
        header = self.taken(tmp_path, {**held, "word/media/logo.emf": b"\x01\0\0\0"})
        assert header.left_out == (told,)
        assert header.images == {}
        assert said(lxml.etree.fromstring(header.xml)) == "The House"
        assert b"drawing>" not in header.xml

    def test_a_header_of_which_nothing_stays_is_an_empty_line(self, tmp_path):
        header = self.taken(tmp_path, housefile.parts(header="<w:altChunk r:id='rId1'/>"))
        assert header.left_out == ("another document",)
        assert [child.tag for child in lxml.etree.fromstring(header.xml)] == [f"{W}p"]

    def test_a_theme_s_pictures(self, tmp_path):
        held = with_part("theme", f"<t><b xmlns:r='{R[1:-1]}' r:embed='rId1'/></t>")
        path = housefile.write(tmp_path / "house.dotx", held)
        assert b"rId1" not in house_template.read_house_template(path, "house.dotx").theme

    def test_the_build_says_so_once(self, project):
        held = housefile.parts(header=f"<w:p>{field('DATE')}{WORDS}</w:p>")
        housefile.write(project / "dated.dotx", held)
        file, told = build(project, "--reference-docx", "dated.dotx", out="dated")
        assert told.count("[reference-left-out]") == 1
        line = "dated.dotx: warning: left out of the Word template's header: the field `DATE`"
        assert line in told
        assert said(file.xml("word/house1.xml")) == "The House"


class TestRefused:
    def test_macros(self, tmp_path):
        kind = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"
        held = housefile.parts()
        types = str(held["[Content_Types].xml"])
        with_macros = types.replace(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", kind
        )
        for part in ({"[Content_Types].xml": with_macros}, {"word/vbaProject.bin": b"x"}):
            assert refused(tmp_path, {**held, **part})[0] == "reference-macros"

    @pytest.mark.parametrize(
        ("part", "data"),
        [
            ("word/styles.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><w/>"),
            ("word/styles.xml", "<not closed"),
            ("word/_rels/document.xml.rels", housefile.relations()),
            ("word/header1.xml", f"<w:body xmlns:w='{W[1:-1]}'/>"),
            ("word/_rels/header1.xml.rels", housefile.relations()),
            ("_rels/.rels", housefile.relations()),
            ("word/document.xml", "<w/>"),
        ],
    )
    def test_a_damaged_file(self, tmp_path, part, data):
        held = {**housefile.parts(), part: data}
        if data == "<w/>":
            del held["word/styles.xml"]
        assert refused(tmp_path, held)[0] == "bad-word-file"

    @pytest.mark.parametrize(
        "page",
        [
            '<w:pgSz w:w="wide"/>',
            '<w:pgSz w:w="99999999999"/>',
            '<w:pgMar w:left="-500"/>',
            housefile.page(w=5000, left=1600, right=1600),
            housefile.page(h=5000, top=-1600, bottom=1600),
            housefile.page(left=1000, gutter=5000),
        ],
    )
    def test_a_page_that_is_none(self, tmp_path, page):
        held = housefile.parts(section=page)
        assert refused(tmp_path, held)[0] == "bad-word-file"

    def test_what_is_no_word_file(self, tmp_path):
        path = tmp_path / "house.dotx"
        for data in (b"", b"PK\x03\x04", b"%PDF-1.7", housefile.picture()):
            path.write_bytes(data)
            with pytest.raises(Problems, match="cannot be read"):
                house_template.read_house_template(path, "house.dotx")
        with pytest.raises(Problems, match="Is a directory"):
            house_template.read_house_template(tmp_path, "folder")

    def test_what_unpacks_without_end(self, tmp_path, monkeypatch):
        for most in ("file_bytes", "unpacked_bytes", "xml_bytes", "parts"):
            monkeypatch.setattr(opc, "DEFAULT_LIMITS", opc.PackageLimits(**{most: 5}))
            assert refused(tmp_path, housefile.parts())[0] == "too-large"
            monkeypatch.undo()
        monkeypatch.setattr(images, "MOST_BYTES", 5)
        assert refused(tmp_path, housefile.parts())[0] == "too-large"

    def test_a_size_that_is_not_the_one_told(self, tmp_path):
        """A part that unpacks to more than the package says is not read to its end."""
        path = housefile.write(tmp_path / "house.dotx")
        data = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as held:
            size = held.getinfo("word/styles.xml").file_size
        told = size.to_bytes(4, "little")
        data = data.replace(told, (20).to_bytes(4, "little"))
        path.write_bytes(data)
        with pytest.raises(Problems, match="cannot be read"):
            house_template.read_house_template(path, "house.dotx")
