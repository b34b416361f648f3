"""A house's own Word template is read without what it may not hold, or refused."""

import json
import zipfile
from pathlib import Path

import lxml.etree
import pytest

from pipeline.diagnostics import Problems
from pipeline.system.limits import DEFAULT_LIMITS, Limits, PackageLimits, SourceLimits
from pipeline.word import house_template
from tests.support import house_file
from tests.support.command import brief
from tests.support.docx_file import WordFile, read_text
from tests.support.read_outputs import W
from tests.support.workbench import write_project, write_template


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = write_project(tmp_path_factory.mktemp("house"))
    house_file.write_house_file(folder / "house.dotx")
    return folder


def catch_refusal(
    tmp_path: Path, files: dict[str, str | bytes], limits: Limits = DEFAULT_LIMITS
) -> tuple[str, str]:
    path = house_file.write_house_file(tmp_path / "house.dotx", files)
    with pytest.raises(Problems) as caught:
        house_template.read_house_template(path, "house.dotx", limits)
    (found,) = caught.value.diagnostics
    assert found.at is not None
    assert found.at.file == "house.dotx"
    return found.code, found.message


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


class TestNamedByATemplate:
    def test_it_stands_in_the_project(self, project):
        spec = "extends: per-question\nreference_docx: templates/h.dotx"
        write_template(project, "own", spec=spec)
        house_file.write_house_file(project / "templates/h.dotx")
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
        house_file.write_house_file(house)
        arguments = ["build", "-f", "docx", "-t", "own"]

        assert brief(project, *arguments).exit_code == 0
        assert "1 fresh as they were" in brief(project, *arguments).stdout
        house.rename(tmp_path / "h.dotx")
        house.symlink_to(tmp_path / "h.dotx")
        assert "[file-outside]" in brief(project, *arguments).output

    @pytest.mark.parametrize("name", ["../house.dotx", "/etc/hostname", "templates/link.dotx"])
    def test_nothing_outside_of_the_project_is_read(self, tmp_path, name):
        project = write_project(tmp_path / "inner")
        house_file.write_house_file(tmp_path / "house.dotx")
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


class TestLeftOut:
    """What a header may not hold goes, and is reported; the rest of it stays."""

    def taken(self, tmp_path: Path, files: dict[str, str | bytes]) -> house_template.PagePart:
        path = house_file.write_house_file(tmp_path / "house.dotx", files)
        (header,) = [
            p
            for p in house_template.read_house_template(path, "house.dotx").parts
            if p.kind == "header"
        ]
        for forbidden in (b"hyperlink", b"object", b"pict>", b"txbx", b"INCLUDE", b"DDE", b"chart"):
            assert forbidden not in header.xml
        return header

    @pytest.mark.parametrize(
        ("inner", "message"),
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
    def test_what_runs_or_shows_another_file(self, tmp_path, inner, message):
        header = self.taken(tmp_path, house_file.make_parts(header=f"<w:p>{inner}{WORDS}</w:p>"))
        assert list(header.left_out) == message
        root = lxml.etree.fromstring(header.xml)
        assert read_text(root) == "The House"
        assert b"newer" not in header.xml.partition(b">")[2]
        assert b"numPr" not in header.xml

    def test_a_code_that_a_field_in_it_would_write(self, tmp_path):
        """Word puts a code together of what its inner fields show."""
        inner = field("QUOTE ", shows="INCLUDETEXT a.docx")
        begin, separate, end = (
            run(f"<w:fldChar w:fldCharType='{kind}'/>") for kind in ("begin", "separate", "end")
        )
        code = f"{begin}{inner}{run('<w:instrText> PAGE </w:instrText>')}{separate}{end}"
        header = self.taken(tmp_path, house_file.make_parts(header=f"<w:p>{code}{WORDS}</w:p>"))
        assert b"instrText" not in header.xml
        assert read_text(lxml.etree.fromstring(header.xml)) == "The House"

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
        files = house_file.make_parts(header=f"<w:p>{WORDS}{link}</w:p>", header_links=links)
        header = self.taken(tmp_path, files)
        assert header.left_out == ("a link (its words stay)",)
        assert read_text(lxml.etree.fromstring(header.xml)) == "The Housesite"
        assert b"house.example" not in header.xml

    @pytest.mark.parametrize(
        ("kind", "target", "message"),
        [("image", "https://tracker.example/logo.png", "a picture that is not embedded"),
         ("image", "file:///etc/passwd", "a picture that is not embedded"),
         ("oleObject", "media/logo.png", "another file"),
         ("image", "media/logo.emf", "a picture that is no PNG or JPEG (`logo.emf`)")],
    )  # fmt: skip
    def test_a_picture_that_cannot_be_taken(self, tmp_path, kind, target, message):
        files = house_file.make_parts(
            header_links=(("rId1", kind, target),), header=house_file.NAMED_HEADER
        )
        header = self.taken(tmp_path, {**files, "word/media/logo.emf": b"\x01\0\0\0"})
        assert header.left_out == (message,)
        assert header.images == {}
        assert read_text(lxml.etree.fromstring(header.xml)) == "The House"
        assert b"drawing>" not in header.xml

    def test_a_header_of_which_nothing_stays_is_an_empty_line(self, tmp_path):
        header = self.taken(tmp_path, house_file.make_parts(header="<w:altChunk r:id='rId1'/>"))
        assert header.left_out == ("another document",)
        assert [child.tag for child in lxml.etree.fromstring(header.xml)] == [f"{W}p"]

    def test_a_theme_s_pictures(self, tmp_path):
        files = house_file.add_part(
            "theme", f"<t><b xmlns:r='{house_file.R[1:-1]}' r:embed='rId1'/></t>"
        )
        path = house_file.write_house_file(tmp_path / "house.dotx", files)
        assert b"rId1" not in house_template.read_house_template(path, "house.dotx").theme

    def test_the_build_says_so_once(self, project):
        files = house_file.make_parts(header=f"<w:p>{field('DATE')}{WORDS}</w:p>")
        house_file.write_house_file(project / "dated.dotx", files)
        file, message = house_file.build_house_docx(
            project, "--reference-docx", "dated.dotx", out="dated"
        )
        assert message.count("[reference-left-out]") == 1
        line = "dated.dotx: warning: left out of the Word template's header: the field `DATE`"
        assert line in message
        assert read_text(file.xml("word/house1.xml")) == "The House"


class TestRefused:
    def test_macros(self, tmp_path):
        kind = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"
        files = house_file.make_parts()
        types = str(files["[Content_Types].xml"])
        with_macros = types.replace(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", kind
        )
        for part in ({"[Content_Types].xml": with_macros}, {"word/vbaProject.bin": b"x"}):
            assert catch_refusal(tmp_path, {**files, **part})[0] == "reference-macros"

    @pytest.mark.parametrize(
        ("part", "data"),
        [
            ("word/styles.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><w/>"),
            ("word/styles.xml", "<not closed"),
            ("word/_rels/document.xml.rels", house_file.relations()),
            ("word/header1.xml", f"<w:body xmlns:w='{W[1:-1]}'/>"),
            ("word/_rels/header1.xml.rels", house_file.relations()),
            ("_rels/.rels", house_file.relations()),
            ("word/document.xml", "<w/>"),
        ],
    )
    def test_a_damaged_file(self, tmp_path, part, data):
        files = {**house_file.make_parts(), part: data}
        if data == "<w/>":
            del files["word/styles.xml"]
        assert catch_refusal(tmp_path, files)[0] == "bad-word-file"

    @pytest.mark.parametrize(
        "page",
        [
            '<w:pgSz w:w="wide"/>',
            '<w:pgSz w:w="99999999999"/>',
            '<w:pgMar w:left="-500"/>',
            house_file.page(w=5000, left=1600, right=1600),
            house_file.page(h=5000, top=-1600, bottom=1600),
            house_file.page(left=1000, gutter=5000),
        ],
    )
    def test_a_page_that_is_none(self, tmp_path, page):
        files = house_file.make_parts(section=page)
        assert catch_refusal(tmp_path, files)[0] == "bad-word-file"

    def test_what_is_no_word_file(self, tmp_path):
        path = tmp_path / "house.dotx"
        for data in (b"", b"PK\x03\x04", b"%PDF-1.7", house_file.make_picture()):
            path.write_bytes(data)
            with pytest.raises(Problems, match="cannot be read"):
                house_template.read_house_template(path, "house.dotx")
        with pytest.raises(Problems, match="Is a directory"):
            house_template.read_house_template(tmp_path, "folder")

    def test_what_unpacks_without_end(self, tmp_path):
        for most in ("file_bytes", "unpacked_bytes", "xml_bytes", "parts"):
            limits = Limits(packages=PackageLimits(**{most: 5}))
            assert catch_refusal(tmp_path, house_file.make_parts(), limits)[0] == "too-large"
        limits = Limits(sources=SourceLimits(image_bytes=5))
        assert catch_refusal(tmp_path, house_file.make_parts(), limits)[0] == "too-large"

    def test_a_size_that_is_not_the_one_told(self, tmp_path):
        """A part that unpacks to more than the package says is not read to its end."""
        path = house_file.write_house_file(tmp_path / "house.dotx")
        data = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as files:
            size = files.getinfo("word/styles.xml").file_size
        message = size.to_bytes(4, "little")
        data = data.replace(message, (20).to_bytes(4, "little"))
        path.write_bytes(data)
        with pytest.raises(Problems, match="cannot be read"):
            house_template.read_house_template(path, "house.dotx")
