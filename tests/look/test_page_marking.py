"""A marking stands at the head and the foot of every page, in every format, as TLP 2.0 has it."""

import json
import subprocess
from dataclasses import replace

import lxml.html
import pikepdf
import pytest

from pipeline.diagnostics import Problems
from pipeline.look import page_marking
from pipeline.render import html, pdf
from pipeline.render.docx import writer
from tests.support import specimen
from tests.support.command import brief
from tests.support.docx_file import WordFile, get_value
from tests.support.pdf_file import list_inks, open_pdf
from tests.support.read_outputs import W, read_docx_words, read_pdf_letters


def document(text: str):
    plain = specimen.document()
    return replace(plain, meta=replace(plain.meta, marking=text))


def two_pages(text: str):
    """A cover and an introduction."""
    whole = document(text)
    cover, apart, _, introduction, *_ = whole.children
    return replace(whole, children=(cover, apart, introduction))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *((label, label) for label in page_marking.COLOURS),
        ("tlp: amber", "TLP:AMBER"),
        ("TLP Amber + Strict", "TLP:AMBER+STRICT"),
        ("CONFIDENTIAL", "CONFIDENTIAL"),
        ("  Embargoed  until noon ", "Embargoed until noon"),
    ],
)
def test_a_marking_is_read_as_a_person_writes_it(written, read):
    assert page_marking.read_marking(written) == read


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("TLP:WHITE", "unknown-marking"),
        ("TLP", "unknown-marking"),
        ("TLP:", "unknown-marking"),
        (" ", "bad-marking"),
        ("x" * 61, "bad-marking"),
        ("SECRET\u202e", "bad-marking"),
    ],
)
def test_a_label_that_there_is_not_is_refused(written, code):
    with pytest.raises(Problems) as caught:
        page_marking.read_marking(written)
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_a_command_refuses_it_as_wrong_usage_and_says_what_there_is(project):
    result = brief(project, "build", "--marking", "TLP:WHITE")

    assert result.exit_code == 2
    assert "`TLP:AMBER+STRICT`" in result.output


def test_a_brief_that_is_marked_says_so_on_its_pages_and_of_itself(project):
    template = ("build", "-t", "per-question", "--marking", "TLP:GREEN")
    assert brief(project, *template, "-f", "tree", "-f", "pdf").exit_code == 0

    out = project / "out/mini"
    meta = json.loads((out / "mini-per-question.tlp-green.tree.json").read_text("utf-8"))["meta"]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert meta["marking"] == "TLP:GREEN"
    assert meta["keywords"] == ["TLP:GREEN"]
    assert {entry["marking"] for entry in manifest["outputs"]} == {"TLP:GREEN"}
    with pikepdf.open(out / "mini-per-question.tlp-green.pdf") as file:
        assert file.docinfo["/Keywords"] == "TLP:GREEN"
        assert list(file.open_metadata()["dc:subject"]) == ["TLP:GREEN"]


# --- PDF ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """The specimen, marked, for screens."""
    path = tmp_path_factory.mktemp("marked") / "brief.pdf"
    rendered = pdf.render(document("TLP:AMBER+STRICT"), specimen.make_options())
    path.write_bytes(rendered.data)
    return path, rendered.pages


def places(path, word):
    """Yield the page, the right edge, the top and the height of each place of a word, in pt."""
    command = ["pdftotext", "-bbox", str(path), "-"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for number, page in enumerate(lxml.html.fromstring(output.encode()).iter("page"), 1):
        for found in page.iter("word"):
            if found.text == word:
                right, top, bottom = (
                    float(found.attrib[side]) for side in ("xmax", "ymin", "ymax")
                )
                yield number, right, top, bottom - top


def test_it_stands_at_the_right_of_every_head_and_foot(marked):
    path, pages = marked
    mm = 72 / 25.4

    found = list(places(path, "TLP:AMBER+STRICT"))

    assert [number for number, *_ in found] == [n for n in range(1, pages + 1) for _ in "tb"]
    for number, right, _, height in found:
        edge = 210 - (20 if number % 2 else 22)  # the text's, with a label's 4 pt within
        assert right == pytest.approx(edge * mm - 4, abs=0.5)
        assert height >= 12
    assert {top < 22 * mm for _, _, top, _ in found} == {True, False}
    assert all(top < 22 * mm or top > (297 - 24) * mm for _, _, top, _ in found)


def test_a_head_of_two_lines_stands_below_it(tmp_path):
    head = "@page :left { @top-left { content: 'Head' '\\A' 'two'; white-space: pre } }"
    path = tmp_path / "brief.pdf"
    path.write_bytes(pdf.render(two_pages("TLP:RED"), specimen.make_options(css=head)).data)

    bottom = {n: top + height for n, _, top, height in places(path, "TLP:RED") if top < 60}
    heads = [(n, top) for n, _, top, _ in places(path, "Head") if top < 60]
    assert heads
    assert all(top >= bottom[number] for number, top in heads)


def test_it_is_no_part_of_what_is_read(marked):
    path, _ = marked
    plain = path.with_name("plain.pdf")
    plain.write_bytes(pdf.render(specimen.document(), specimen.make_options()).data)

    assert read_pdf_letters(path) == read_pdf_letters(plain)


@pytest.mark.parametrize(
    ("text", "letters", "ground"),
    [
        ("TLP:RED", (1, 0.168627, 0.168627), (0, 0, 0)),
        ("TLP:AMBER", (1, 0.752941, 0), (0, 0, 0)),
        ("TLP:GREEN", (0.2, 1, 0), (0, 0, 0)),
        ("CONFIDENTIAL", (0, 0, 0), (1, 1, 1)),
    ],
)
def test_a_label_is_in_its_colour_on_black_and_other_words_are_black(
    tmp_path, text, letters, ground
):
    file = open_pdf(pdf.render(two_pages(text), specimen.make_options()), tmp_path, "x.pdf")
    colours = {
        tuple(round(float(part), 6) for part in step.operands)
        for step in pikepdf.parse_content_stream(file.pages[1])
        if str(step.operator) == "rg"
    }

    assert {letters, ground} <= colours


def test_on_the_press_its_ground_is_black_ink_alone(tmp_path):
    options = replace(specimen.make_options(), profile="print")
    file = open_pdf(pdf.render(two_pages("TLP:RED"), options), tmp_path, "x.pdf")

    assert ("k", 0, 0, 0, 100) in list_inks(file)
    assert not {kind for kind, *_ in list_inks(file)} & {"rg", "RG"}


@pytest.mark.parametrize(
    "css",
    [
        "div.marking { float: left; width: 1mm; height: 1mm }",
        "@page { @top-right-corner { content: 'PUBLIC' } }",
        "@page :first { @bottom-right-corner { content: none } }",
        "@page cover { @top-right-corner { content: none; margin: 0 } }",
        "div.marking > span { color: white; background: white; font-size: 8pt }",
    ],
)
def test_a_template_s_stylesheet_does_not_take_its_place(tmp_path, css):
    path = tmp_path / "x.pdf"
    rendered = pdf.render(two_pages("TLP:RED"), specimen.make_options(css=css))
    path.write_bytes(rendered.data)

    assert len(list(places(path, "TLP:RED"))) == 2 * (rendered.pages or 0)


@pytest.mark.parametrize(
    "css",
    [
        "@page :first { @top-right-corner { content: none !important } }",
        "body div.marking > span { font-size: 50% !important }",
    ],
)
def test_one_that_insists_is_refused(css):
    with pytest.raises(Problems) as caught:
        pdf.render(two_pages("TLP:RED"), specimen.make_options(css=css))
    assert {d.code for d in caught.value.diagnostics} & {"unmarked", "too-small"}


def test_a_character_that_no_font_has_is_told():
    with pytest.raises(Problems) as caught:
        pdf.render(two_pages("機密"), specimen.make_options())
    assert [d.code for d in caught.value.diagnostics] == ["no-glyph"]


# --- DOCX and HTML ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown", "colour", "ground"),
    [
        ("TLP:CLEAR", "\u00a0TLP:CLEAR\u00a0", "FFFFFF", "000000"),
        ("EMBARGOED", "EMBARGOED", "000000", None),
    ],
)
def test_it_stands_in_every_head_and_foot_of_a_word_file(text, shown, colour, ground):
    data = writer.render(document(text), specimen.make_options()).data
    file = WordFile(data)
    references = [r for r in file.body.iter() if str(r.tag).endswith("Reference")]
    parts = [file.linked(r) for r in references if "er" in r.tag and r.get(f"{W}type")]

    assert len(parts) > 6
    for part in parts:
        lines = list(part.iter(f"{W}p"))
        line = lines[0] if part.tag == f"{W}hdr" else lines[-1]
        assert "".join(t.text for t in line.iter(f"{W}t")) == shown
        assert file.how(line, "jc").get(f"{W}val") == "right"
        letters = file.styles[line.find(f".//{W}rStyle").get(f"{W}val")]
        assert get_value(letters, "rPr/sz") == "24"
        assert get_value(letters, "rPr/color") == colour
        assert get_value(letters, "rPr/shd", "fill") == ground
    assert read_docx_words(data) == read_docx_words(
        writer.render(specimen.document(), specimen.make_options()).data
    )


def test_a_browser_shows_it_above_and_below():
    page = lxml.html.fromstring(
        html.render(document("TLP:RED"), specimen.make_options()).data.decode()
    )

    shown = [
        (e.get("class"), e.text_content()) for e in page.xpath("/html/body/*") if e.tag == "div"
    ]
    assert shown == [("marking head", "TLP:RED"), ("marking foot", "TLP:RED")]
