"""The booklet: every page in its place when the sheets are folded into each other."""

import subprocess
from dataclasses import replace

import pikepdf
import pytest

from pipeline.document.tree import Block, Document, Heading, Meta, PageBreak, Paragraph, Text
from pipeline.render import pdf
from pipeline.render.finish.booklet import compute_creep, compute_imposition
from tests.support import specimen

MM = 72 / 25.4
SLUG = 12


def document(count):
    """A brief of so many pages, each with its own word."""
    nodes: list[Block] = [Heading(1, (Text("Page1"),), id="title")]
    for number in range(2, count + 1):
        nodes += [PageBreak(), Paragraph((Text(f"Page{number}"),))]
    return Document(Meta(title="T", language="en-GB", date="2021-03-04"), tuple(nodes))


def booklet(count, path, css="", **options):
    file = replace(specimen.make_options(css=css), profile="booklet", **options)
    rendered = pdf.render(document(count), file)
    path.write_bytes(rendered.data)
    return rendered


def words(path):
    """Read each side as poppler sees it: words with their left edge and middle, in mm."""
    found = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    sides: list[dict[int, tuple[float, ...]]] = []
    for line in map(str.strip, found.splitlines()):
        if line.startswith("<page "):
            sides.append({})
        elif line.startswith("<word "):
            place, _, word = line.removesuffix("</word>").partition(">")
            left, top, right, bottom = (
                float(part.split('"')[1]) / MM for part in place.split()[1:]
            )
            if word.startswith("Page"):
                sides[-1][int(word[4:])] = (left - SLUG, right - left, bottom - top)
    return sides


@pytest.mark.parametrize(
    ("count", "paper", "fold"),
    [(4, "a4", 210), (8, "a4", 210), (12, "a4", 210), (20, "a4", 210), (12, "a5", 148)],
)
def test_folded_the_pages_follow_each_other(count, paper, fold, tmp_path):
    """Lay the sheets into each other, fold them, and turn the leaves."""
    path = tmp_path / "x.pdf"
    rendered = booklet(count, path, paper=paper)
    sides = words(path)
    assert rendered.pages == len(sides) == count // 2
    halves = []
    for side in sides:
        left, right = sorted(side, key=lambda number: side[number][0])
        assert side[left][0] < fold < side[right][0]
        halves.append((left, right))
        for _, width, height in side.values():
            assert width > height  # upright
    sheets = list(zip(halves[::2], halves[1::2], strict=True))
    # The right half of each sheet is a leaf: its front, then what lies behind it, which is on the
    # left of the back. Leaves come from the outermost sheet to the innermost, then back again.
    read = []
    for front, back in sheets:
        read += [front[1], back[0]]
    for front, back in reversed(sheets):
        read += [back[1], front[0]]
    assert read == list(range(1, count + 1))
    assert list(compute_imposition(count)) == halves


def test_pages_that_fill_up_stand_at_the_end(tmp_path):
    booklet(6, tmp_path / "x.pdf")
    assert [sorted(side) for side in words(tmp_path / "x.pdf")] == [[1], [2], [3, 6], [4, 5]]


def test_one_page_is_one_sheet(tmp_path):
    booklet(1, tmp_path / "x.pdf")
    assert [sorted(side) for side in words(tmp_path / "x.pdf")] == [[1], []]


@pytest.mark.parametrize(
    ("paper", "sheet"),
    [("a4", (420.0, 297.0)), ("letter", (431.8, 279.4)), ("a5", (296.0, 210.0))],
)
def test_a_sheet_is_two_pages_wide(paper, sheet, tmp_path):
    booklet(4, tmp_path / "x.pdf", paper=paper)
    with pikepdf.open(tmp_path / "x.pdf") as file:
        for page in file.pages:
            boxes = [
                [round(float(part) / MM, 1) for part in page[f"/{name}"]]
                for name in ("TrimBox", "BleedBox", "MediaBox")
            ]
            width, height = sheet
            assert boxes == [
                [-out, -out, round(width + out, 1), round(height + out, 1)] for out in (0, 3, 12)
            ]


def test_it_is_pdf_x_without_links_bookmarks_and_tags(tmp_path):
    booklet(4, tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf") as file:
        assert str(file.docinfo["/GTS_PDFXVersion"]) == "PDF/X-4"
        assert file.Root.OutputIntents[0].OutputConditionIdentifier == "FOGRA39"
        assert {"/Outlines", "/Names", "/StructTreeRoot"} & set(file.Root.keys()) == set()
        assert file.Root.ViewerPreferences.Duplex == "/DuplexFlipShortEdge"
        assert [str(name) for name in sorted(file.pages[0].Resources.XObject.keys())] == [
            "/Marks",
            "/Page1",
            "/Page4",
        ]


def test_two_runs_give_the_same_bytes(tmp_path):
    first = booklet(5, tmp_path / "x.pdf", creep=1.0)
    assert first.data == booklet(5, tmp_path / "x.pdf", creep=1.0).data


def test_a_ground_ends_at_the_fold_and_bleeds_elsewhere(tmp_path):
    path = tmp_path / "x.pdf"
    booklet(4, path, css="@page :first { background: #cfe0e6 }")
    subprocess.run(
        ["pdftoppm", "-r", "25.4", "-l", "1", "-gray", "-singlefile", path, tmp_path / "x"],
        check=True,
    )
    from PIL import Image

    with Image.open(tmp_path / "x.pgm") as page:  # a pixel is a millimetre
        row = page.crop((0, 150, page.width, 151)).tobytes()
        dark = [x - SLUG for x, grey in enumerate(row) if grey < 240]
        ground = [x for x in dark if x > 0 and x < 425]
    assert min(ground) in (210, 211)
    assert max(x for x in ground if x < 424) in (422, 423)


def test_a_fold_is_marked_above_and_below_the_middle(tmp_path):
    booklet(4, tmp_path / "x.pdf")
    with pikepdf.open(tmp_path / "x.pdf") as file:
        crop_marks = file.pages[0].Resources.XObject.Marks
        steps = pikepdf.parse_content_stream(crop_marks)
    at = [str(step.operator) for step in steps].index("d")
    folds = [
        [round(float(part) / MM, 1) for part in step.operands]
        for step in steps[at + 1 :]
        if str(step.operator) in ("m", "l")
    ]
    assert folds == [[210.0, -4.0], [210.0, -10.0], [210.0, 301.0], [210.0, 307.0]]


def test_creep_moves_inner_pages_to_the_fold(tmp_path):
    booklet(12, tmp_path / "still.pdf")
    booklet(12, tmp_path / "moved.pdf", creep=2.0)
    moves = [
        {number: round(place[0] - still[number][0], 2) for number, place in moved.items()}
        for still, moved in zip(
            words(tmp_path / "still.pdf"), words(tmp_path / "moved.pdf"), strict=True
        )
    ]
    assert moves == [
        {12: 0, 1: 0},
        {2: 0, 11: 0},
        {10: 1, 3: -1},
        {4: 1, 9: -1},
        {8: 2, 5: -2},
        {6: 2, 7: -2},
    ]


def test_a_single_sheet_does_not_creep():
    assert [compute_creep(side, 2, 2.0) for side in (0, 1)] == [0, 0]
