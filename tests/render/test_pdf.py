"""The PDF: tagged, its own fonts only, the same bytes everywhere, and nothing read outside."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from pipeline.diagnostics import Problems, Severity
from pipeline.document.tree import (
    Box,
    Cell,
    Contents,
    Document,
    Emphasis,
    Entry,
    Footnote,
    Heading,
    Item,
    LineBreak,
    Link,
    List,
    Meta,
    PageNumber,
    Paragraph,
    Reference,
    Row,
    Section,
    Span,
    Table,
    Text,
)
from pipeline.render import html, pdf
from tests.support import specimen
from tests.support.paths import ROOT
from tests.support.read_outputs import PlainPages, pdf_letters


def text(*pieces):
    return tuple(Text(piece) for piece in pieces)


def brief(*nodes, **meta):
    meta = {"title": "A title", "language": "en-GB", **meta}
    return Document(Meta(**meta), (Heading(1, text("A title"), id="title"), *nodes))


def opened(rendered, tmp_path, name="brief.pdf"):
    path = tmp_path / name
    path.write_bytes(rendered.data)
    return pikepdf.open(path)


@pytest.fixture(scope="module")
def rendered():
    return pdf.render(specimen.document(), specimen.look())


@pytest.fixture(scope="module")
def file(rendered, tmp_path_factory):
    return opened(rendered, tmp_path_factory.mktemp("pdf"))


def elements(pdf_file, kind=None):
    """The structure elements of a kind, in reading order."""

    def walk(element):
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            if kind in (None, str(element.S)):
                yield element
            for kid in kids(element):
                yield from walk(kid)

    return list(walk(pdf_file.Root.StructTreeRoot.K[0]))


def kids(element):
    held = element.get("/K", [])
    return list(held) if isinstance(held, pikepdf.Array) else [held]


def kinds(found):
    return {str(kid.S) for element in found for kid in kids(element)}


def annotations(pdf_file):
    return [
        (number, annotation)
        for number, page in enumerate(pdf_file.pages, 1)
        for annotation in page.get("/Annots", [])
    ]


# --- PDF/UA-1 (ISO 14289-1) ------------------------------------------------------------


def test_it_claims_what_it_is(file):
    assert file.pdf_version == "1.7"
    assert file.Root.MarkInfo.Marked is True
    assert file.Root.Lang == "en-GB"
    assert file.Root.ViewerPreferences.DisplayDocTitle is True
    assert {str(page.Tabs) for page in file.pages} == {"/S"}
    metadata = file.open_metadata()
    assert metadata["pdfuaid:part"] == "1"
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
    (intent,) = file.Root.OutputIntents
    assert (intent.S, intent.DestOutputProfile.N) == ("/GTS_PDFA1", 3)
    assert intent.OutputConditionIdentifier == "sRGB IEC61966-2.1"
    assert len(bytes(file.trailer.ID[0])) == 32


def test_it_says_what_it_is_and_by_whom_with_the_edition_s_date_only(file):
    said = {str(key): str(value) for key, value in file.docinfo.items()}
    assert re.fullmatch(r"WeasyPrint [\d.]+", said.pop("/Producer"))
    assert said == {
        "/Title": "Who keeps the line open when the talks have stopped?",
        "/Author": "R. Elm, T. Fir",
        "/Subject": "Five practitioners on the open line.",
        "/Keywords": "diplomacy, open line",
        "/Publisher": "The Line Institute",
        "/CreationDate": "D:20210304",
        "/ModDate": "D:20210304",
    }
    metadata = file.open_metadata()
    assert metadata["dc:description"] == said["/Subject"]
    assert metadata["pdf:Keywords"] == said["/Keywords"]
    assert metadata["pdf:Producer"] == str(file.docinfo.Producer)
    assert metadata["dc:title"] == "Who keeps the line open when the talks have stopped?"
    assert metadata["dc:creator"] == ["R. Elm", "T. Fir"]
    assert metadata["dc:publisher"] == {"The Line Institute"}
    assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2021-03-04"


def test_a_publisher_may_have_any_name(tmp_path):
    named = opened(pdf.render(brief(publisher="Müller & <Söhne>"), specimen.look()), tmp_path)
    metadata = named.open_metadata()
    assert metadata["dc:publisher"] == {"Müller & <Söhne>"}


def test_a_brief_that_says_little_of_itself(tmp_path):
    little = opened(pdf.render(brief(), specimen.look()), tmp_path)
    assert "/CreationDate" not in little.docinfo
    metadata = little.open_metadata()
    assert "dc:publisher" not in metadata


def test_headings_are_nested(file):
    levels = [int(str(each.S)[2]) for each in elements(file) if re.match("/H[1-6]", str(each.S))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_figure_says_what_it_shows(file):
    assert [str(figure.Alt) for figure in elements(file, "/Figure")] == [
        "A grey ramp from dark to light"
    ]


def test_a_heading_with_a_number_beside_its_lines_is_one_heading(tmp_path):
    numbered = Heading(2, (Span("number", text("7")), Text(" What is asked here?")), id="h")
    made = opened(pdf.render(brief(Section((numbered,), "question")), specimen.look()), tmp_path)
    (heading,) = elements(made, "/H2")
    assert len(kids(heading)) > 1
    for kid in kids(heading):
        assert kid.S == "/Span"
        assert kid.P.objgen == heading.objgen


def test_a_list_item_is_a_label_and_a_body(file):
    items = elements(file, "/LI")
    assert len(items) == 22
    assert kinds(items) == {"/Lbl", "/LBody"}
    assert kinds(elements(file, "/L")) <= {"/LI", "/L"}
    for element in elements(file):
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert kid.P.objgen == element.objgen


def test_a_footnote_is_a_note_with_a_name(file):
    notes = elements(file, "/Note")
    assert [str(note.ID) for note in notes] == ["note-1", "note-2"]


def test_what_floats_on_to_the_next_page_is_no_note(tmp_path):
    facts = Box((List(items(*(f"Fact {number}" for number in range(50)))),))
    look = specimen.look(css="aside { float: right; width: 40mm }")

    beside = [Paragraph(text(specimen.PROSE)) for _ in range(20)]

    with opened(pdf.render(brief(facts, *beside), look), tmp_path) as made:
        assert elements(made, "/Note") == []
        assert len(elements(made, "/LI")) == 50
        for element in elements(made, "/LI"):
            assert element.P.S == "/L"


def test_each_link_annotation_has_a_size_and_belongs_to_a_link(file):
    linked = {
        kid.Obj.objgen
        for link in elements(file, "/Link")
        for kid in kids(link)
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    found = annotations(file)
    assert {annotation.objgen for _, annotation in found} == linked
    for _, annotation in found:
        left, bottom, right, top = map(float, annotation.Rect)
        assert abs(right - left) > 2
        assert abs(top - bottom) > 2
        assert annotation.F == 4  # printed, not hidden
        assert str(annotation.Contents)


def test_a_link_over_two_lines_is_one_link_with_an_area_for_each(tmp_path):
    words = "where this begins, which is a long way to say it, " * 3 + "and so on"
    link = Reference("title", text(words))
    inside = (*text("See "), Emphasis((link,)), *text(". " + words))
    made = opened(pdf.render(brief(Paragraph(inside)), specimen.look()), tmp_path)
    ((_, annotation),) = annotations(made)
    (element,) = elements(made, "/Link")
    lines = len(annotation.QuadPoints) // 8
    assert lines > 1
    assert str(annotation.Contents) == words
    assert kids(element)[0].Obj.objgen == annotation.objgen
    assert len(kids(element)) == 1 + lines
    parents = list(made.Root.StructTreeRoot.ParentTree.Nums)
    of = dict(zip(map(int, parents[::2]), parents[1::2], strict=True))
    assert of[annotation.StructParent].objgen == element.objgen
    assert {of[0][kid].objgen for kid in kids(element)[1:]} == {element.objgen}
    assert set(of) == {0, annotation.StructParent}
    left, bottom, right, top = map(float, annotation.Rect)
    points = list(map(float, annotation.QuadPoints))
    assert (min(points[::2]), max(points[::2])) == (left, right)
    assert (min(points[1::2]), max(points[1::2])) == (bottom, top)


def test_an_element_in_a_link_over_two_lines_stays_in_it(tmp_path):
    words = "where this begins, which is a long way to say it, " * 3
    link = Reference("title", (Emphasis(text(words)), *text("and so on")))
    made = opened(pdf.render(brief(Paragraph((link,))), specimen.look()), tmp_path)
    (element,) = elements(made, "/Link")
    inner = [kid for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    assert len(inner) > 1
    assert {kid.P.objgen for kid in inner} == {element.objgen}
    read = words.replace(" ", "") + "andsoon"
    assert pdf_letters(tmp_path / "brief.pdf")[0] == "Atitle" + read


def test_a_number_that_hangs_in_a_link_is_no_second_link(tmp_path):
    css = "span.number { display: inline-block; width: 4mm }"
    link = Reference("title", (Span("number", text("1")), *text("To the title")))
    made = opened(pdf.render(brief(Paragraph((link,))), specimen.look(css=css)), tmp_path)
    assert len(annotations(made)) == 1


# --- tables ----------------------------------------------------------------------------


def test_a_table_over_several_pages_is_one_table(file):
    tables = elements(file, "/Table")
    assert len(tables) == 2
    matrix = tables[1]
    assert [str(kid.S) for kid in kids(matrix)] == ["/Caption", "/THead", "/TBody"]
    rows = [row for row in elements(file, "/TR") if row.P.P.objgen == matrix.objgen]
    assert len(rows) == 1 + 25
    assert len({row.Pg.objgen for row in rows}) == 2


def test_header_cells_have_a_scope_and_every_cell_its_headers(file):
    heads = {str(head.ID): str(head.A.Scope) for head in elements(file, "/TH")}
    assert set(heads.values()) == {"/Column", "/Row"}
    for cell in elements(file, "/TD"):
        assert sorted(heads[str(name)] for name in cell.A.Headers) == ["/Column", "/Row"]


@pytest.mark.slow
def test_rows_that_are_flexible_boxes_are_rows_of_one_table(tmp_path):
    made = opened(pdf.render(specimen.document(), specimen.look("a5")), tmp_path)
    matrix = elements(made, "/Table")[1]
    rows = [kids(group) for group in kids(matrix)[1:]]
    assert [str(kid.S) for kid in kids(matrix)] == ["/Caption", "/THead", "/TBody"]
    assert [len(group) for group in rows] == [1, 25]
    assert {str(row.S) for group in rows for row in group} == {"/TR"}
    assert len({row.Pg.objgen for row in rows[1]}) > 1
    heads = {str(head.ID): str(head.A.Scope) for head in elements(made, "/TH")}
    for cell in elements(made, "/TD"):
        assert sorted(heads[str(name)] for name in cell.A.Headers) == ["/Column", "/Row"]


def test_the_words_of_a_row_that_is_taller_than_a_page_stay_in_their_cells(tmp_path):
    long = [" ".join(f"{letter}{number}" for number in range(900)) for letter in "ab"]
    table = Table(
        (Row((Cell(text("Left"), "col"), Cell(text("Right"), "col"))),),
        (Row(tuple(Cell(text(words)) for words in long)), Row((Cell(text("x")), Cell(text("y"))))),
    )
    made = opened(
        pdf.render(brief(table), specimen.look(css="tr { break-inside: auto }")), tmp_path
    )
    assert len(made.pages) == 2
    assert len(elements(made, "/Table")) == 1
    assert len(elements(made, "/TD")) == 4
    expected = "".join(["Atitle", "Left", "Right", *long, "xy"]).replace(" ", "")
    assert pdf_letters(tmp_path / "brief.pdf")[0] == expected


def test_a_table_that_css_made_something_else_is_left_alone():
    css = "td { display: block }"
    assert pdf.render(specimen.document(), specimen.look(css=css)).pages


# --- finding one's way -----------------------------------------------------------------


def test_bookmarks_are_the_headings(file):
    def read(items):
        return {item.title: read(item.children) for item in items}

    with file.open_outline() as outline:
        (title,) = outline.root
        assert title.title == "Who keeps the line open when the talks have stopped?"
        inside = read(title.children)
    question = "Should states treat the open line as a public good?"
    assert list(inside)[:4] == ["Contents", "Introduction", "Summary", question]
    assert inside[question] == {"Ash": {"What came after": {}}}


def test_a_bookmark_keeps_words_apart_where_a_heading_breaks(tmp_path):
    heading = Heading(2, (*text("First line"), LineBreak(), *text("second line")))
    made = opened(pdf.render(brief(heading), specimen.look()), tmp_path)
    with made.open_outline() as outline:
        assert outline.root[0].children[0].title.split() == ["First", "line", "second", "line"]


def test_contents_lead_to_the_pages_they_name(rendered, file):
    numbers = {page.objgen: number for number, page in enumerate(file.pages, 1)}
    names = list(file.Root.Names.Dests.Names)
    pages = {
        str(name): numbers[place[0].objgen]
        for name, place in zip(names[::2], names[1::2], strict=True)
    }
    assert rendered.anchors == pages
    (nav,) = [node for node in specimen.contents().children if isinstance(node, Contents)]
    links = [str(a.Dest) for number, a in annotations(file) if number == pages["contents"]]
    targets = [entry.target for entry in nav.children]
    assert links == targets  # though the last entry takes two lines
    words, _ = pdf_letters(Path(file.filename))
    for entry in nav.children:
        title = "".join(part.text for part in entry.children).replace(" ", "")
        assert f"{title}{pages[entry.target]}" in words


def test_layout_gives_the_pages_of_the_pdf(rendered):
    assert pdf.find_anchor_pages(specimen.document(), specimen.look()) == rendered.anchors


def notes_that_run_over(number):
    """Notes at the foot of a page whose lines have to stay together, and page numbers."""
    note = Footnote(tuple(Paragraph(text(specimen.PROSE)) for _ in range(4)))
    filling = [Paragraph(text(f"{n}. " + specimen.PROSE)) for n in range(number)]
    return brief(
        Contents((Entry(2, "end", text("The end")),)),
        *filling,
        Paragraph((*text(specimen.PROSE), note, *text(specimen.PROSE))),
        *filling,
        Heading(2, text("The end"), id="end"),
        Paragraph((*text("Page "), PageNumber("end"))),
    )


def items(*names):
    return tuple(Item((Paragraph(text(name)),)) for name in names)


def test_lists_are_counted_from_where_they_begin_in_the_text_and_in_notes(tmp_path):
    note = Footnote(
        (
            Paragraph(text("note")),
            List(items("one", "two"), ordered=True, start=5),
            List(items("three")),
        )
    )
    counted = List(items("four", "five"), ordered=True, start=8)
    opened(pdf.render(brief(counted, Paragraph((*text("Word"), note))), specimen.look()), tmp_path)
    (page,) = filter(None, PlainPages(tmp_path / "brief.pdf").pages)
    assert page == "Atitle8.four9.fiveWord11.note5.one6.two–three"


@pytest.mark.parametrize("number", [8, 10, 12])
def test_a_note_that_moves_to_the_next_page_is_printed_once(tmp_path, number):
    opened(pdf.render(notes_that_run_over(number), specimen.look()), tmp_path)
    _, notes = pdf_letters(tmp_path / "brief.pdf")
    assert notes == "1." + specimen.PROSE.replace(" ", "") * 4


def test_page_numbers_that_never_settle_are_told(monkeypatch):
    pages = iter(range(1, 99))
    monkeypatch.setattr(pdf, "read_anchor_pages", lambda laid: {"end": next(pages)})
    with pytest.raises(Problems) as caught:
        pdf.find_anchor_pages(notes_that_run_over(1), specimen.look())
    assert [d.code for d in caught.value.diagnostics] == ["page-numbers"]


# --- fonts and sizes -------------------------------------------------------------------


def test_only_the_theme_s_fonts_are_in_it_and_all_are_embedded(file):
    fonts = {
        name: font.DescendantFonts[0].FontDescriptor
        for page in file.pages
        for name, font in page.Resources.Font.items()
    }
    assert len(fonts) == 6
    for descriptor in fonts.values():
        assert re.fullmatch(r"/[A-Z]{6}\+Brief-(Spectral|Barlow).*", str(descriptor.FontName))
        assert "/FontFile2" in descriptor


def sizes(pdf_file):
    """The type sizes in pt."""
    return [
        float(step.operands[1]) * 0.75
        for page in pdf_file.pages
        for step in pikepdf.parse_content_stream(page, "Tf")
    ]


def test_nothing_but_the_numbers_of_notes_is_smaller_than_8_pt(file):
    small = [size for size in sizes(file) if size < 7.99]
    assert [round(size, 1) for size in small] == [5.2, 5.2]


# --- nothing is read outside -----------------------------------------------------------

REACHING_OUT = [
    "@import url(file://{secret});",
    "@import 'https://pack.invalid/more.css';",
    "p {{ background: url(file://{secret}) }}",
    "h1 {{ list-style: url(https://192.0.2.1/x.png) inside; display: list-item }}",
    "@font-face {{ font-family: x; src: url(file://{secret}) }} p {{ font-family: x }}",
    "p::before {{ content: url({secret}) }}",
    "@page {{ @top-left {{ content: url(../../../../../../{secret}) }} }}",
    "p {{ background: url(images/other.png), url(//192.0.2.1/x) }}",
]


@pytest.mark.parametrize("css", REACHING_OUT)
def test_a_stylesheet_that_got_past_its_check_reads_nothing(css, tmp_path, monkeypatch):
    secret = tmp_path / "secret.png"
    secret.write_bytes(specimen.picture().data)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    look = specimen.look(css=css.format(secret=secret))
    try:
        made = opened(pdf.render(brief(Paragraph(text("Words."))), look), tmp_path)
    except Problems:
        return
    assert not any("/XObject" in page.Resources and page.Resources.XObject for page in made.pages)
    assert not list(made.Root.get("/Names", {}).get("/EmbeddedFiles", {}))


@pytest.mark.parametrize(
    "words",
    [
        "<img src='file:///etc/passwd'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<style>@import 'file:///etc/passwd'</style>",
        "url(file:///etc/passwd)",
    ],
)
def test_words_are_never_taken_for_more(words, tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    document = brief(Paragraph(text(words)), publisher=words, running_head=words, subject=words)
    made = opened(pdf.render(document, specimen.look()), tmp_path)
    assert "/EmbeddedFiles" not in made.Root.Names
    assert words.replace(" ", "") in pdf_letters(tmp_path / "brief.pdf")[0]


def test_the_fetcher_gives_nothing_but_what_it_gave_an_address_to():
    fetcher = pdf._Fetcher()
    image = specimen.picture()
    assert fetcher.fetch(fetcher.add_image(image)).read() == image.data
    for address in ("file:///etc/passwd", f"{pdf.BASE}images/other.png", pdf.BASE, "data:,x"):
        with pytest.raises(ValueError, match="only the document's own images"):
            fetcher.fetch(address)


def test_links_out_are_links_and_not_fetched(tmp_path):
    link = Link("https://192.0.2.1/a?b=1&c=2", text("out"))
    made = opened(pdf.render(brief(Paragraph((link,))), specimen.look()), tmp_path)
    assert [str(a.A.URI) for _, a in annotations(made)] == ["https://192.0.2.1/a?b=1&c=2"]


# --- what goes wrong -------------------------------------------------------------------


def test_what_weasyprint_warns_of_is_told():
    made = pdf.render(brief(), specimen.look(css="p { widows: many }"))
    assert [(d.severity, d.message) for d in made.diagnostics] == [
        (
            Severity.WARNING,
            "the stylesheet's `widows: many` has no effect: invalid value",
        )
    ]


def test_what_weasyprint_lost_stops_the_pdf():
    lost = brief(Paragraph((Reference("nowhere", text("there")),)))
    with pytest.raises(Problems) as caught:
        pdf.render(lost, specimen.look())
    assert [d.message for d in caught.value.diagnostics] == [
        "while setting pages: No anchor #nowhere for internal URI reference"
    ]


def test_a_stylesheet_that_weasyprint_fails_on_is_told_of():
    with pytest.raises(Problems) as caught:
        pdf.render(brief(), specimen.look(css="h1 { letter-spacing: 1e9pt }"))
    (found,) = caught.value.diagnostics
    assert found.message.startswith("WeasyPrint fails on these pages: OverflowError")
    assert "print.css" in found.hint


def test_elements_nested_without_end_are_refused():
    section = Paragraph(text("deep"))
    for _ in range(150):
        section = Section((section,))
    with pytest.raises(Problems) as caught:
        pdf.render(brief(section), specimen.look())
    assert [d.code for d in caught.value.diagnostics] == ["too-deep"]


def test_no_copy_of_a_font_stays_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pdf.render(brief(), specimen.look())
    with pytest.raises(Problems):
        pdf.render(brief(Paragraph(text("x"))), specimen.look(css="p { font-size: 2pt }"))
    assert list(tmp_path.iterdir()) == []


# --- the import of WeasyPrint ----------------------------------------------------------


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


def test_what_our_fonts_do_not_need_is_imported_when_it_is_called():
    done = run(
        "import sys; from pipeline.render import engine\n"
        "assert 'fontTools.subset' not in sys.modules\n"
        "from weasyprint.pdf import fonts\n"
        "options = fonts.subset.Options(layout_features=['kern'])\n"
        "print(options.layout_features, type(options).__module__)\n"
        "import fontTools.varLib.instancer as real\n"
        "assert callable(real.instantiateVariableFont)\n"
    )
    assert (done.stdout, done.stderr) == ("['kern'] fontTools.subset\n", "")


def test_a_missing_system_library_is_told_with_the_way_out(tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('no libpango')", "utf-8")
    done = run(
        "from pipeline.diagnostics import Problems\n"
        "from pipeline.render.contract import load_renderer\n"
        "try: load_renderer('pdf')\n"
        "except Problems as problems: print(problems.diagnostics[0])\n",
        PYTHONPATH=f"{tmp_path}:{ROOT}",
    )
    assert "a system library that sets pages cannot be loaded: no libpango" in done.stdout
    assert "`brief doctor` says what is missing" in done.stdout


# --- the same bytes everywhere ---------------------------------------------------------

SET = """\
import hashlib, sys, time
if "late" in sys.argv:
    now = time.time
    time.time = lambda: now() + 4e7
from tests.support import specimen
from pipeline.render import html, pdf
for renderer in (pdf, html):
    data = renderer.render(specimen.document(), specimen.look()).data
    print(hashlib.sha256(data).hexdigest())
"""


@pytest.mark.slow
def test_another_folder_zone_language_hash_and_day_give_the_same_bytes(rendered, tmp_path):
    elsewhere = tmp_path / "another checkout, elsewhere"
    for folder in ("pipeline", "templates", "tests"):
        shutil.copytree(ROOT / folder, elsewhere / folder)
    printed = set()
    for number, (root, zone, language, argument) in enumerate(
        [
            (ROOT, "UTC", "C.UTF-8", ""),
            (elsewhere, "Asia/Kathmandu", "de_DE.UTF-8", "late"),
            (elsewhere, "America/St_Johns", "tr_TR.UTF-8", ""),
        ]
    ):
        done = subprocess.run(
            [sys.executable, "-c", SET, argument],
            capture_output=True,
            text=True,
            cwd=root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path / f"home{number}"),
                "PYTHONPATH": str(root),
                "PYTHONHASHSEED": str(number),
                "TZ": zone,
                "LANG": language,
                "LC_ALL": language,
            },
            check=True,
        )
        printed.add(done.stdout)
    assert len(printed) == 1


def test_the_html_that_is_set_names_no_place_of_this_machine():
    made = html.serialise_html(
        specimen.document(),
        specimen.look(),
        font=(fetcher := pdf._Fetcher()).add_font,
        image=fetcher.add_image,
    )
    assert str(ROOT) not in made
    assert sys.prefix not in made
