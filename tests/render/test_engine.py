"""What is relied on of WeasyPrint's inside, which it may change without a word.

Each part is used in pipeline/render/ or pipeline/checks/layout_checks.py. Where one of these tests
fails after an update, what names that part there has to be looked at.
"""

import dataclasses
import os
import subprocess
import sys

import pytest

from pipeline.diagnostics import Findings
from pipeline.document.tree import Item, List, Paragraph, Text
from pipeline.render import pdf
from pipeline.render.engine import boxes, pydyf
from tests.support import specimen
from tests.support.paths import ROOT

BOXES = (
    *("MarginBox", "FootnoteAreaBox", "TextBox", "LineBox", "InlineBox", "InlineBlockBox"),
    *("BlockBox", "ReplacedBox", "TableBox", "TableCellBox", "TableRowGroupBox"),
    *("FlexContainerBox", "GridContainerBox"),
)


@pytest.fixture(scope="module")
def inside():
    """Returns the laid-out document, and the pydyf.PDF as a finisher gets it."""
    document, options, finished = specimen.document(), specimen.make_options(), []
    with pdf.lay_out_pages(document, options, Findings()) as laid:
        laid.write_pdf(pdf_tags=True, finisher=lambda _, pdf_file: finished.append(pdf_file))
        yield laid, finished[0]


def descendants(laid):
    return [box for page in laid.pages for box in page._page_box.descendants()]


def of(laid, kind):
    return [box for box in descendants(laid) if isinstance(box, kind)]


@pytest.mark.parametrize("name", BOXES)
def test_boxes_have_the_names_they_had(name):
    assert issubclass(getattr(boxes, name), boxes.Box)


def test_a_page_has_its_boxes_its_anchors_and_its_links(inside):
    laid, _ = inside
    page = laid.pages[0]
    assert (page.width, page.height) == pytest.approx((793.7, 1122.5), abs=0.1)
    assert page._page_box.content_box_y() > 0
    kinds = {type(child) for page in laid.pages for child in page._page_box.children}
    assert kinds >= {boxes.MarginBox, boxes.BlockBox}
    assert {name for page in laid.pages for name in page.anchors}
    links = [link for page in laid.pages for link in page.links]
    assert {kind for kind, _, area, box in links if box.element_tag == "a"} == {
        "internal", "external",
    }  # fmt: skip
    assert all(len(area) == 4 for _, _, area, _ in links)
    assert any(box.link_annotation for _, _, _, box in links)


def test_a_box_knows_its_element_its_place_and_its_look(inside):
    laid, _ = inside
    text = next(box for box in of(laid, boxes.TextBox) if box.text.strip())
    assert text.element is not None
    assert text.element_tag
    assert min(text.position_x, text.position_y, text.width, text.height, text.baseline) >= 0
    assert text.style["font_size"] > 0
    assert text.style["color"].coordinates
    cell = of(laid, boxes.TableCellBox)[0]
    assert cell.border_box_x() + cell.border_width() > 0
    assert cell.element.tag in ("th", "td")
    assert of(laid, boxes.TableRowGroupBox)[0].is_header
    assert any(box.is_table_wrapper for box in of(laid, boxes.BlockBox))
    assert of(laid, boxes.FootnoteAreaBox)


def test_what_css_makes_is_told_by_its_element_s_tag(inside):
    laid, _ = inside
    tags = {(box.element_tag or "").partition("::")[2] for box in descendants(laid)}
    assert {"marker", "before", "footnote-call", "footnote-marker"} <= tags


def test_what_is_put_off_holds_its_box():
    items = List((Item((Paragraph((Text("One."),)),)),), ordered=True)
    document = dataclasses.replace(specimen.document(), children=(items,))
    with pdf.lay_out_pages(document, specimen.make_options(), Findings()) as laid:
        finished = [box for box in descendants(laid) if hasattr(box, "_box")]
    assert finished
    assert all(isinstance(box._box, boxes.Box) for box in finished)


def test_a_pdf_has_its_objects_its_pages_and_its_catalog(inside):
    _, pdf_file = inside
    assert pdf_file.objects[pdf_file.pages["Count"]] is not None
    assert len(pdf_file.page_references) == pdf_file.pages["Count"]
    page = pdf_file.objects[int(pdf_file.page_references[0].split()[0])]
    assert page["Type"] == "/Page"
    assert {"Resources", "Contents"} <= page.keys()
    assert {"StructTreeRoot", "MarkInfo"} <= pdf_file.catalog.keys()
    assert isinstance(pdf_file.info, pydyf.Dictionary)
    assert pdf_file.pages.reference


def test_a_stream_has_its_colours_in_parts_of_their_own(inside):
    _, pdf_file = inside
    parts = [
        part for each in pdf_file.objects if isinstance(each, pydyf.Stream) for part in each.stream
    ]
    assert any(isinstance(part, bytes) and part.endswith(b" rg") for part in parts)


def test_the_structure_is_of_dictionaries_that_cells_point_to(inside):
    laid, pdf_file = inside
    cells = of(laid, boxes.TableCellBox)
    marked = [cell.mark for cell in cells if hasattr(cell, "mark")]
    assert marked
    assert all(mark["S"] in ("/TH", "/TD") and "A" in mark for mark in marked)
    root = pdf_file.objects[int(pdf_file.catalog["StructTreeRoot"].split()[0])]
    numbers = pdf_file.objects[int(root["ParentTree"].split()[0])]["Nums"]
    assert numbers[::2] == sorted(numbers[::2])


def test_fonts_tell_their_family_and_what_they_print(inside):
    laid, _ = inside
    assert laid.fonts
    for font in laid.fonts.values():
        assert font.family
        assert font.to_unicode


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
