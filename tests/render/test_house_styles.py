"""A house's own Word template gives its styles, pages and faces to a DOCX."""

import json
import os
from pathlib import Path

import pytest

from pipeline.word import house_template
from tests.support import house_file
from tests.support.anchors import read_manifest
from tests.support.command import brief
from tests.support.docx_file import WordFile, get_style, read_text
from tests.support.read_outputs import W
from tests.support.workbench import write_project


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = write_project(tmp_path_factory.mktemp("house"))
    house_file.write_house_file(folder / "house.dotx")
    return folder


@pytest.fixture(scope="module")
def built(project) -> tuple[WordFile, str]:
    return house_file.build_house_docx(project, "--reference-docx", "house.dotx")


@pytest.fixture(scope="module")
def file(built) -> WordFile:
    return built[0]


def paragraph_style(file: WordFile, words: str) -> str | None:
    return get_style(file.paragraph(words))


class TestStyles:
    def test_a_style_is_the_house_s_by_its_name_in_word(self, file):
        assert paragraph_style(file, "Words") == "Titel"
        assert paragraph_style(file, "“First words of Ada") == "Textkrper"
        assert file.styles["Titel"].find(f"{W}rPr/{W}color").get(f"{W}val") == "C00000"

    def test_or_by_another_name_that_is_known_for_its_role(self, file):
        assert paragraph_style(file, "Two experts on words") == "Vorspann"

    def test_one_that_is_missing_is_ours_and_told(self, built):
        file, output = built
        assert paragraph_style(file, "At a glance") == "BoxTitle"
        assert file.styles["BoxTitle"].find(f"{W}basedOn").get(f"{W}val") == "Standard"
        assert output.count("[reference-style]") == 1
        (line,) = [line for line in output.splitlines() if "[reference-style]" in line]
        assert line.startswith("house.dotx: warning: the Word template has no styles `")
        assert "`Box Title`" in line
        assert "`Title`" not in line
        assert "`After Table`" not in line
        assert "`Heading 4` for `Box Title`" in output

    def test_a_style_without_an_id_cannot_be_used(self, project):
        styles = (
            *house_file.STYLES,
            "<w:style w:type='paragraph'><w:name w:val='Strip'/></w:style>",
        )
        house_file.write_house_file(project / "nameless.dotx", house_file.make_parts(styles=styles))
        file, _ = house_file.build_house_docx(
            project, "--reference-docx", "nameless.dotx", out="nameless"
        )
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
        (item, *_) = [p for p in file.paragraphs if read_text(p) == "A deed"]
        assert get_style(item) == "Liste"
        assert item.find(f"{W}pPr/{W}numPr") is not None
        assert file.styles["Liste"].find(f".//{W}numPr") is None

    def test_the_words_are_the_same_and_the_manifest_names_the_styles(self, project, file):
        plain, _ = house_file.build_house_docx(project, out="plain")
        assert [read_text(p) for p in file.paragraphs] == [read_text(p) for p in plain.paragraphs]
        house_blocks, blocks = (read_manifest(f)["blocks"] for f in (file, plain))
        assert [b["pieces"] for b in house_blocks] == [b["pieces"] for b in blocks]
        title = next(b for b in house_blocks if b["pieces"][0]["text"] == "Words")
        assert (title["style"], title["role"]) == ("Titel", "Title")

    def test_the_manifest_of_the_files_names_it(self, project, file):
        listed = json.loads((project / "out/words/manifest.json").read_bytes())["outputs"]
        requested = {each["file"]: each["asked"] for each in listed}
        assert requested["words-per-question.house.docx"]["reference_docx"]["file"] == "house.dotx"

    def test_its_name_need_not_be_text(self, project):
        house = os.fsdecode(b"h\xff.dotx")
        house_file.write_house_file(project / house)
        arguments = ["build", "-t", "per-question", "-f", "docx", "--reference-docx", house]
        arguments += ["--cache", "kept"]

        assert brief(project, *arguments).exit_code == 0
        assert "1 fresh as they were" in brief(project, *arguments).stdout

    @pytest.mark.slow
    def test_a_house_that_changes_makes_the_file_anew(self, project):
        written = (project / "house.dotx").read_bytes()
        (project / "ours.dotx").write_bytes(written)
        arguments = ("--reference-docx", "ours.dotx")
        house_file.build_house_docx(project, *arguments, out="kept")
        file = "kept/words/words-per-question.ours.docx"

        assert "0 files" in house_file.build_house_docx(project, *arguments, out="kept")[1]
        assert brief(project, "verify", "--out", "kept", file).exit_code == 0

        house_file.write_house_file(
            project / "ours.dotx", {**house_file.make_parts(), "docProps/more.xml": "<x/>"}
        )

        verified = brief(project, "verify", "--out", "kept", file)
        assert verified.exit_code == 1
        assert "the Word template `ours.dotx` is another" in verified.output
        assert "1 file" in house_file.build_house_docx(project, *arguments, out="kept")[1]

    def test_it_is_the_same_each_time(self, project, file):
        again, _ = house_file.build_house_docx(
            project, "--reference-docx", "house.dotx", out="again"
        )
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
        parts = {r.tag.removeprefix(W): file.linked(r) for r in first if r.get(f"{house_file.R}id")}
        assert read_text(parts["footerReference"]) == "The House, page 1"
        assert get_style(parts["headerReference"][0]) == "Kopfzeile"
        assert not [r for section in others for r in section if r.get(f"{house_file.R}id")]
        assert house_file.make_picture() in [d for n, d in file.parts.items() if "/media/" in n]
        assert read_manifest(file)["furniture"] == ["The House, page"]
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
        parts = house_file.make_parts(section=section, settings=settings)
        house_file.write_house_file(project / "bare.dotx", parts)
        options = ("--reference-docx", "bare.dotx", "--marking", "TLP:AMBER")
        file, _ = house_file.build_house_docx(project, *options, out="marked")
        first = next(file.body.iter(f"{W}sectPr"))
        shown = {
            (r.tag.removeprefix(W), r.get(f"{W}type")): read_text(file.linked(r))
            for r in first
            if r.get(f"{house_file.R}id")
        }
        assert len(shown) == 6
        assert all("TLP:AMBER" in words for words in shown.values())
        assert first.find(f"{W}titlePg") is not None

    def test_a_template_without_headers_leaves_the_brief_s(self, project):
        parts = house_file.make_parts(section='<w:pgSz w:w="8391"/>')
        house_file.write_house_file(project / "plain.dotx", parts)
        file, _ = house_file.build_house_docx(
            project, "--reference-docx", "plain.dotx", out="headless"
        )
        first = next(file.body.iter(f"{W}sectPr"))
        assert [read_text(file.linked(r)) for r in first if r.get(f"{house_file.R}id")]

    def test_fractions_of_a_measure_are_rounded(self, tmp_path):
        """Google Docs writes them."""
        parts = house_file.make_parts(section=house_file.page(left="1440.0000000000002"))
        path = house_file.write_house_file(tmp_path / "house.dotx", parts)
        assert house_template.read_house_template(path, "house.dotx").margins["left"] == "1440"

    def test_a_page_of_which_half_is_not_said_is_the_brief_s(self, tmp_path):
        parts = house_file.make_parts(section='<w:pgSz w:w="8391" w:h="11906"/>')
        read = house_template.read_house_template(
            house_file.write_house_file(tmp_path / "house.dotx", parts), "house.dotx"
        )
        assert (read.size, read.margins) == ({}, {})

    def test_a_document_is_a_template_too(self, project):
        house_file.write_house_file(project / "house.docx", house_file.make_parts(kind="document"))
        file, _ = house_file.build_house_docx(project, "--reference-docx", "house.docx", out="docx")
        assert "Titel" in file.styles


class TestFaces:
    def test_the_theme_is_the_house_s(self, project):
        theme = '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
        house_file.write_house_file(project / "theme.dotx", house_file.add_part("theme", theme))
        file, _ = house_file.build_house_docx(
            project, "--reference-docx", "theme.dotx", out="theme"
        )
        assert file.xml("word/theme/theme1.xml").attrib == {}

    def test_fonts_are_named_and_not_embedded(self, project):
        font = '<w:font w:name="House"><w:embedRegular/></w:font>'
        fonts = f'<w:fonts xmlns:w="{W[1:-1]}">{font}</w:fonts>'
        house_file.write_house_file(project / "fonts.dotx", house_file.add_part("fontTable", fonts))
        file, _ = house_file.build_house_docx(
            project, "--reference-docx", "fonts.dotx", out="fonts"
        )
        (named,) = file.xml("word/fontTable.xml")
        assert named.get(f"{W}name") == "House"
        assert len(named) == 0

    def test_what_is_taken_off_leaves_the_rest(self, project):
        header = "<w:p><w:bookmarkStart w:id='1' w:name='_bp_1'/><w:r><w:t>House</w:t></w:r></w:p>"
        house_file.write_house_file(project / "marks.dotx", house_file.make_parts(header=header))
        file, _ = house_file.build_house_docx(
            project, "--reference-docx", "marks.dotx", out="marks"
        )
        head = file.xml("word/house1.xml")
        assert read_text(head) == "House"
        assert head.find(f".//{W}bookmarkStart") is None
