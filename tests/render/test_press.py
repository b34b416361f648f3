"""The PDF for the press: PDF/X-4 with bleed and marks, in inks, on pages that are cut and bound."""

import re
import subprocess
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from PIL import Image as Picture

from pipeline.document.tree import (
    Document,
    Figure,
    Heading,
    Meta,
    PageBreak,
    Paragraph,
    Text,
)
from pipeline.render import pdf
from pipeline.render.finish.inks import InkConverter
from tests.support import specimen
from tests.support.pdf_file import list_inks, make_image, open_pdf
from tests.support.read_outputs import read_pdf_letters

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)


def make_options(profile="print", **values):
    return replace(specimen.make_options(**values), profile=profile)


def brief(*nodes, images=None, date="2021-03-04"):
    meta = Meta(title="A title", language="en-GB", date=date)
    head = Heading(1, (Text("A title"),), id="title")
    return Document(meta, (head, *nodes), images or {})


@pytest.fixture(scope="module")
def rendered():
    return pdf.render(specimen.document(), make_options(css="@page cover { background: #cfe0e6 }"))


@pytest.fixture(scope="module")
def file(rendered, tmp_path_factory):
    return open_pdf(rendered, tmp_path_factory.mktemp("press"), "brief.print.pdf")


def box(page, name):
    return [round(float(side) / MM, 2) for side in page[f"/{name}"]]


# --- PDF/X-4 (ISO 15930-7) --------------------------------------------------------------


def test_it_claims_what_it_is(file):
    assert file.pdf_version == "1.6"
    assert str(file.docinfo["/GTS_PDFXVersion"]) == "PDF/X-4"
    assert file.docinfo["/Trapped"] == "/False"
    assert file.docinfo["/CreationDate"] == file.docinfo["/ModDate"] == "D:20210304"
    metadata = file.open_metadata()
    assert metadata["pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
    assert metadata["pdf:Trapped"] == "False"
    assert metadata["xmp:MetadataDate"] == metadata["xmp:ModifyDate"] == "2021-03-04"
    assert metadata["xmpMM:DocumentID"].startswith("uuid:")
    assert metadata["xmpMM:VersionID"] == "1"
    assert metadata["xmpMM:RenditionClass"] == "default"
    assert "pdfaid:part" not in metadata
    assert file.trailer.ID


def test_its_output_intent_has_a_name_and_a_profile_of_four_inks(file):
    (intent,) = file.Root.OutputIntents
    assert intent.S == "/GTS_PDFX"
    assert intent.OutputConditionIdentifier == "FOGRA39"
    assert intent.RegistryName == "http://www.color.org"
    profile = intent.DestOutputProfile
    assert profile.N == 4
    assert profile.read_bytes()[12:20] == b"prtrCMYK"


def test_no_annotation_lies_on_a_page_and_bookmarks_stay(file):
    assert not any("/Annots" in page for page in file.pages)
    with file.open_outline() as outline:
        assert [item.title for item in outline.root] == [specimen.document().meta.title]


def test_a_brief_without_a_date_says_the_earliest_there_is(tmp_path):
    file = open_pdf(pdf.render(brief(date=""), make_options()), tmp_path, "undated.pdf")

    assert file.docinfo["/CreationDate"] == file.docinfo["/ModDate"] == "D:19800101"
    metadata = file.open_metadata()
    assert metadata["xmp:CreateDate"] == metadata["xmp:MetadataDate"] == "1980-01-01"


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(rendered):
    again = pdf.render(specimen.document(), make_options(css="@page cover { background: #cfe0e6 }"))
    assert again.data == rendered.data


# --- boxes and marks ----------------------------------------------------------------------


def test_boxes_lie_in_each_other(file):
    for page in file.pages:
        assert box(page, "TrimBox") == [0, 0, 210, 297]
        assert box(page, "BleedBox") == [-3, -3, 213, 300]
        assert box(page, "MediaBox") == [-12, -12, 222, 309]


def test_marks_stand_outside_the_bleed_in_all_inks(file):
    (form,) = {page.Resources.XObject.Marks.objgen for page in file.pages}
    crop_marks = file.get_object(form)
    steps = [
        (str(step.operator), list(step.operands))
        for step in pikepdf.parse_content_stream(crop_marks)
    ]
    assert ("CS", [pikepdf.Name.All]) in steps
    assert list(crop_marks.Resources.ColorSpace.All)[:2] == ["/Separation", "/All"]
    points = [
        tuple(float(part) / MM for part in item[at : at + 2])
        for operator, item in steps
        if operator in ("m", "l", "c")
        for at in range(0, len(item), 2)
    ]
    assert len(points) == 16 + 4 * (4 + 13)  # eight crop marks, four targets
    for x, y in points:
        assert not (-3 < x < 213 and -3 < y < 300), (x, y)
        assert -12 < x < 222
        assert -12 < y < 309


def test_a_cover_s_ground_fills_the_bleed(file):
    areas = [
        [float(part) for part in step.operands]
        for step in pikepdf.parse_content_stream(file.pages[0])
        if str(step.operator) == "re"
    ]
    x, y, width, height = (part * 0.75 / MM for part in areas[0])
    assert [round(v, 1) for v in (x, y, x + width, y + height)] == [-3, -3, 213, 300]


# --- inks -----------------------------------------------------------------------------------


def test_every_colour_is_in_inks_and_type_in_black_is_black_alone(file):
    found = list_inks(file)
    assert {kind for kind, *_ in found} == {"k", "K", "SCN"}
    assert ("k", 0, 0, 0, 100) in found  # the ink of the theme, #1b1e22
    assert ("k", 0, 0, 0, 80) in found  # its grey
    assert ("k", 88, 54, 39, 45) in found  # its accent


@pytest.mark.parametrize(
    ("colour", "amounts"),
    [
        ("000000", (0, 0, 0, 100)),
        ("1b1e22", (0, 0, 0, 100)),
        ("ffffff", (0, 0, 0, 0)),
        ("e8eff1", (11, 4, 6, 0)),
        ("114457", (88, 54, 39, 45)),
        ("ff0000", (0, 92, 97, 0)),
    ],
)
def test_a_colour_s_inks(colour, amounts):
    result = InkConverter().convert_colour(*(part / 255 for part in bytes.fromhex(colour)))
    assert [round(100 * part) for part in result] == pytest.approx(amounts, abs=2)


def test_greys_are_tints_of_black_as_light_as_they_look():
    tints = [InkConverter().convert_colour(grey, grey, grey)[3] for grey in (0.2, 0.4, 0.6)]
    assert tints == sorted(tints, reverse=True)
    assert all(0.3 < tint < 1 for tint in tints)


@pytest.fixture
def shown(tmp_path):
    """Prints an image, and returns what was made, its object and, on a screen, its middle."""
    files: list[pikepdf.Pdf] = []

    def shown(image, profile="print"):
        figure = Figure("images/map.png", "A map")
        rendered = pdf.render(
            brief(figure, images={"images/map.png": image}), make_options(profile)
        )
        files.append(open_pdf(rendered, tmp_path, f"{len(files)}.pdf"))
        (item,) = (
            each
            for each in files[-1].pages[0].Resources.XObject.values()
            if each.Subtype == "/Image"
        )
        assert isinstance(item, pikepdf.Stream)
        if profile == "print":
            return rendered, item, None
        return rendered, item, pikepdf.PdfImage(item).as_pil_image().getpixel((300, 150))

    return shown


ACCENT = (0x11, 0x44, 0x57)


@pytest.mark.parametrize(
    ("mode", "format", "colour"),
    [("RGB", "PNG", ACCENT), ("RGBA", "PNG", (*ACCENT, 128)), ("RGB", "JPEG", ACCENT)],
)
def test_an_image_is_in_inks(mode, format, colour, shown):
    _, item, _ = shown(make_image(mode, format, colour))
    assert item.ColorSpace == "/DeviceCMYK"
    assert ("/SMask" in item) is (mode == "RGBA")
    if format == "JPEG":
        assert list(item.Decode) == [1, 0] * 4
        photo = Picture.open(BytesIO(item.read_raw_bytes()))
        inked = photo.getpixel((300, 150))
    else:
        data = item.read_bytes()
        assert len(data) == 600 * 300 * 4
        inked = tuple(data[:4])
    assert [part / 2.55 for part in inked] == pytest.approx([88, 54, 39, 45], abs=2)


@pytest.mark.parametrize(
    ("mode", "format", "colour"),
    [("1", "PNG", 1), ("RGB", "PNG", (100,) * 3), ("P", "PNG", 0), ("RGB", "JPEG", (100,) * 3)],
)
def test_an_image_of_greys_alone_is_in_black_ink(mode, format, colour, shown):
    _, item, _ = shown(make_image(mode, format, colour))
    assert item.ColorSpace == "/DeviceGray"
    assert pikepdf.PdfImage(item).mode == "L"


def test_a_grey_image_is_black_ink_already(shown):
    _, item, _ = shown(make_image("L", "PNG", 100))
    assert item.ColorSpace == "/DeviceGray"


def test_an_image_in_inks_is_shown_in_the_colours_of_a_screen(shown):
    result = make_image("CMYK", "JPEG", (224, 138, 100, 115))
    _, item, colour = shown(result, "screen")
    assert item.ColorSpace == "/DeviceRGB"
    assert colour == pytest.approx(ACCENT, abs=8)
    _, item, _ = shown(result)
    assert item.ColorSpace == "/DeviceCMYK"


def test_readers_do_not_smooth_an_image(shown):
    _, item, _ = shown(make_image("RGBA", "PNG", (*ACCENT, 128)), "screen")
    assert item.Interpolate is False
    assert item.SMask.Interpolate is False


def test_an_image_with_too_few_pixels_is_named_with_its_page(shown):
    rendered, *_ = shown(make_image("RGB", "PNG", ACCENT))
    (found,) = rendered.diagnostics
    assert found.code == "low-resolution"
    assert not found.is_error
    assert found.message == "the image `images/map.png` on page 1 is printed at 96 ppi"
    assert found.hint == "a press needs 300: 1875 × 938 pixels at this size"
    assert shown(make_image("RGB", "PNG", ACCENT), "screen")[0].diagnostics == ()


def test_an_image_with_enough_pixels_is_not(shown):
    fine = make_image("L", "PNG", 100, (2200, 300))
    assert shown(fine)[0].diagnostics == ()


# --- pages ----------------------------------------------------------------------------------


def test_the_words_are_those_of_the_screen(file, tmp_path):
    """But for the numbers of pages, which are others where a part opens on a recto."""
    screen = tmp_path / "screen.pdf"
    screen.write_bytes(pdf.render(specimen.document(), specimen.make_options()).data)
    for ours, theirs in zip(read_pdf_letters(file.filename), read_pdf_letters(screen), strict=True):
        assert re.sub(r"\d", "", ours) == re.sub(r"\d", "", theirs)


def test_pages_are_a_multiple_of_four_and_those_at_the_end_are_blank(tmp_path):
    result = open_pdf(pdf.render(brief(), make_options()), tmp_path, "x.pdf")
    assert len(result.pages) == 4
    assert [len(page.Contents) for page in result.pages] == [2, 1, 1, 1]
    text = subprocess.run(
        ["pdftotext", result.filename, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert [page.strip() for page in text.split("\f")[1:4]] == ["", "", ""]


CHAPTERS = """
h2 { break-before: recto }
@page :left { @bottom-left { content: counter(page) } }
@page :right { @bottom-right { content: counter(page) } }
@page :blank { @bottom-left { content: none } }
"""


def chapters(profile, tmp_path):
    parts = [
        part
        for name in "ABC"
        for part in (Heading(2, (Text(name),), id=name), Paragraph((Text(f"Words of {name}."),)))
    ]
    rendered = pdf.render(brief(*parts), make_options(profile, css=CHAPTERS))
    open_pdf(rendered, tmp_path, "x.pdf")
    text = subprocess.run(
        ["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    return rendered.anchors, [page.split() for page in text.split("\f")[:-1]]


def test_a_chapter_opens_on_a_recto_where_the_template_says_so(tmp_path):
    anchors, pages = chapters("print", tmp_path)
    assert [anchors[name] for name in "ABC"] == [3, 5, 7]
    assert [page[-1] if page else "" for page in pages] == ["1", "", "3", "", "5", "", "7", ""]


def test_on_a_screen_no_page_is_blank(tmp_path):
    anchors, pages = chapters("screen", tmp_path)
    assert [anchors[name] for name in "ABC"] == [2, 3, 4]
    assert len(pages) == 4


def test_margins_are_mirrored(tmp_path):
    rendered = pdf.render(brief(PageBreak(), Paragraph((Text("Words."),))), make_options())
    open_pdf(rendered, tmp_path, "x.pdf")
    found = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    left = {word: float(x) / MM for x, word in re.findall(r'xMin="([\d.]+)".*>(.+)</word>', found)}
    page = specimen.make_options().theme.page
    assert left["A"] == pytest.approx(12 + page.inner, abs=0.5)
    assert left["Words."] == pytest.approx(12 + page.outer, abs=0.5)
