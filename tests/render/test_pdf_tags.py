"""The tags of a PDF (PDF/UA-1, ISO 14289-1): headings, lists, notes, links and tables."""

import re
from itertools import pairwise

import pikepdf
import pytest

from pipeline.document.tree import (
    Box,
    Cell,
    Definition,
    Definitions,
    Emphasis,
    Heading,
    List,
    Paragraph,
    Reference,
    Row,
    Section,
    Span,
    Table,
    Text,
)
from pipeline.render import pdf
from tests.support import specimen
from tests.support.pdf_file import (
    brief,
    find_elements,
    items,
    list_annotations,
    list_children,
    list_kinds,
    open_pdf,
    text,
)
from tests.support.read_outputs import read_pdf_letters


@pytest.fixture(scope="module")
def rendered():
    return pdf.render(specimen.document(), specimen.make_options())


@pytest.fixture(scope="module")
def file(rendered, tmp_path_factory):
    return open_pdf(rendered, tmp_path_factory.mktemp("pdf"))


def test_headings_are_nested(file):
    levels = [
        int(str(each.S)[2]) for each in find_elements(file) if re.match("/H[1-6]", str(each.S))
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_figure_says_what_it_shows(file):
    assert [str(figure.Alt) for figure in find_elements(file, "/Figure")] == [
        "The mark of the house",
        "A grey ramp from dark to light",
    ]


def test_a_heading_with_a_number_beside_its_lines_is_one_heading(tmp_path):
    numbered = Heading(2, (Span("number", text("7")), Text(" What is asked here?")), id="h")
    file = open_pdf(
        pdf.render(brief(Section((numbered,), "question")), specimen.make_options()), tmp_path
    )
    (heading,) = find_elements(file, "/H2")
    assert len(list_children(heading)) > 1
    for kid in list_children(heading):
        assert kid.S == "/Span"
        assert kid.P.objgen == heading.objgen


def test_a_list_item_is_a_label_and_a_body(file):
    items = find_elements(file, "/LI")
    assert len(items) == 22
    assert list_kinds(items) == {"/Lbl", "/LBody"}
    assert list_kinds(find_elements(file, "/L")) <= {"/LI", "/L"}
    for element in find_elements(file):
        for kid in list_children(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert kid.P.objgen == element.objgen


@pytest.mark.parametrize("css", ["", "dt { float: left } dd { margin-left: 50mm }"])
def test_a_list_of_terms_holds_items_and_no_rows(tmp_path, css):
    terms = Definitions((Definition(text("Norm"), (Paragraph(text("A rule.")),)),))
    file = open_pdf(pdf.render(brief(terms), specimen.make_options(css=css)), tmp_path)
    term, meaning = find_elements(file, "/LI")
    assert str(term.P.S) == "/L"
    assert term.P.objgen == meaning.P.objgen
    assert [list_kinds([each]) for each in (term, meaning)] == [{"/LBody"}, {"/LBody"}]
    assert find_elements(file, "/Div") == []


def test_a_footnote_is_a_note_with_a_name(file):
    notes = find_elements(file, "/Note")
    assert [str(note.ID) for note in notes] == ["note-1", "note-2"]


def test_what_floats_on_to_the_next_page_is_no_note(tmp_path):
    facts = Box((List(items(*(f"Fact {number}" for number in range(50)))),))
    options = specimen.make_options(css="aside { float: right; width: 40mm }")

    beside = [Paragraph(text(specimen.PROSE)) for _ in range(20)]

    with open_pdf(pdf.render(brief(facts, *beside), options), tmp_path) as file:
        assert find_elements(file, "/Note") == []
        assert len(find_elements(file, "/LI")) == 50
        for element in find_elements(file, "/LI"):
            assert element.P.S == "/L"


def test_each_link_annotation_has_a_size_and_belongs_to_a_link(file):
    linked = {
        kid.Obj.objgen
        for link in find_elements(file, "/Link")
        for kid in list_children(link)
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    found = list_annotations(file)
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
    file = open_pdf(pdf.render(brief(Paragraph(inside)), specimen.make_options()), tmp_path)
    ((_, annotation),) = list_annotations(file)
    (element,) = find_elements(file, "/Link")
    lines = len(annotation.QuadPoints) // 8
    assert lines > 1
    assert str(annotation.Contents) == words
    assert list_children(element)[0].Obj.objgen == annotation.objgen
    assert len(list_children(element)) == 1 + lines
    parents = list(file.Root.StructTreeRoot.ParentTree.Nums)
    of = dict(zip(map(int, parents[::2]), parents[1::2], strict=True))
    assert of[annotation.StructParent].objgen == element.objgen
    assert {of[0][kid].objgen for kid in list_children(element)[1:]} == {element.objgen}
    assert set(of) == {0, annotation.StructParent}
    left, bottom, right, top = map(float, annotation.Rect)
    points = list(map(float, annotation.QuadPoints))
    assert (min(points[::2]), max(points[::2])) == (left, right)
    assert (min(points[1::2]), max(points[1::2])) == (bottom, top)


def test_an_element_in_a_link_over_two_lines_stays_in_it(tmp_path):
    words = "where this begins, which is a long way to say it, " * 3
    link = Reference("title", (Emphasis(text(words)), *text("and so on")))
    file = open_pdf(pdf.render(brief(Paragraph((link,))), specimen.make_options()), tmp_path)
    (element,) = find_elements(file, "/Link")
    inner = [
        kid for kid in list_children(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
    ]
    assert len(inner) > 1
    assert {kid.P.objgen for kid in inner} == {element.objgen}
    read = words.replace(" ", "") + "andsoon"
    assert read_pdf_letters(tmp_path / "brief.pdf")[0] == "Atitle" + read


def test_a_number_that_hangs_in_a_link_is_no_second_link(tmp_path):
    css = "span.number { display: inline-block; width: 4mm }"
    link = Reference("title", (Span("number", text("1")), *text("To the title")))
    file = open_pdf(pdf.render(brief(Paragraph((link,))), specimen.make_options(css=css)), tmp_path)
    assert len(list_annotations(file)) == 1


def test_a_table_over_several_pages_is_one_table(file):
    tables = find_elements(file, "/Table")
    assert len(tables) == 2
    matrix = tables[1]
    assert [str(kid.S) for kid in list_children(matrix)] == ["/Caption", "/THead", "/TBody"]
    rows = [row for row in find_elements(file, "/TR") if row.P.P.objgen == matrix.objgen]
    assert len(rows) == 1 + 25
    assert len({row.Pg.objgen for row in rows}) == 2


def test_header_cells_have_a_scope_and_every_cell_its_headers(file):
    heads = {str(head.ID): str(head.A.Scope) for head in find_elements(file, "/TH")}
    assert set(heads.values()) == {"/Column", "/Row"}
    for cell in find_elements(file, "/TD"):
        assert sorted(heads[str(name)] for name in cell.A.Headers) == ["/Column", "/Row"]


@pytest.mark.slow
def test_rows_that_are_flexible_boxes_are_rows_of_one_table(tmp_path):
    file = open_pdf(pdf.render(specimen.document(), specimen.make_options("a5")), tmp_path)
    matrix = find_elements(file, "/Table")[1]
    rows = [list_children(group) for group in list_children(matrix)[1:]]
    assert [str(kid.S) for kid in list_children(matrix)] == ["/Caption", "/THead", "/TBody"]
    assert [len(group) for group in rows] == [1, 25]
    assert {str(row.S) for group in rows for row in group} == {"/TR"}
    assert len({row.Pg.objgen for row in rows[1]}) > 1
    heads = {str(head.ID): str(head.A.Scope) for head in find_elements(file, "/TH")}
    for cell in find_elements(file, "/TD"):
        assert sorted(heads[str(name)] for name in cell.A.Headers) == ["/Column", "/Row"]


def test_the_words_of_a_row_that_is_taller_than_a_page_stay_in_their_cells(tmp_path):
    long = [" ".join(f"{letter}{number}" for number in range(900)) for letter in "ab"]
    table = Table(
        (Row((Cell(text("Left"), "col"), Cell(text("Right"), "col"))),),
        (Row(tuple(Cell(text(words)) for words in long)), Row((Cell(text("x")), Cell(text("y"))))),
    )
    file = open_pdf(
        pdf.render(brief(table), specimen.make_options(css="tr { break-inside: auto }")), tmp_path
    )
    assert len(file.pages) == 2
    assert len(find_elements(file, "/Table")) == 1
    assert len(find_elements(file, "/TD")) == 4
    expected = "".join(["Atitle", "Left", "Right", *long, "xy"]).replace(" ", "")
    assert read_pdf_letters(tmp_path / "brief.pdf")[0] == expected


def test_a_table_that_css_made_something_else_is_left_alone():
    css = "td { display: block }"
    assert pdf.render(specimen.document(), specimen.make_options(css=css)).pages
