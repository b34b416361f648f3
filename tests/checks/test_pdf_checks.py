"""Preflight finds what is wrong with a PDF: each file here is broken in one way."""

import re
import sys
from decimal import Decimal

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.checks import pdf_checks
from pipeline.checks.bounded_process import (
    LimitExceeded,
    run_bounded,
)
from pipeline.checks.finished_file import FinishedFile
from pipeline.document.tree import Document, Figure, Heading, Meta, Paragraph, Text
from pipeline.render import pdf
from pipeline.system.limits import DEFAULT_LIMITS, CheckLimits, Limits
from tests.support import specimen
from tests.support.pdf_file import make_image

FAMILIES = frozenset({"Brief Spectral", "Brief Barlow"})


def render_pdf(profile):
    options = specimen.make_options(profile=profile)
    image = make_image("RGB", "PNG", (17, 68, 87), (2400, 1200))
    meta = Meta("A title", "en-GB", date="2021-03-04")
    body = (
        Heading(1, (Text("A title"),)),
        Heading(2, (Text("A part"),)),
        Paragraph((Text("Words."),)),
        Figure("map.png", "A map"),
    )
    return pdf.render(Document(meta, body, {"map.png": image}), options).data


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    for profile in ("screen", "print", "booklet"):
        (folder / f"{profile}.pdf").write_bytes(render_pdf(profile))
    return folder


@pytest.fixture
def broken(files, tmp_path):
    """Returns what is found in a PDF that has been changed; own rules only."""

    def broken(profile, change, limits=DEFAULT_LIMITS.checks, **saving):
        path = tmp_path / "broken.pdf"
        with pikepdf.open(files / f"{profile}.pdf") as file:
            change(file)
            file.save(path, **saving)
        return [d for d in find_problems(path, limits=limits) if d.code not in ("pdf-ua", "pdf-a")]

    return broken


def find_problems(path, families=FAMILIES, limits=DEFAULT_LIMITS.checks):
    """Check a file as the command does: page-validation's threads bear no fork after them."""
    file = FinishedFile(path, path.name, families, Limits(checks=limits))
    return list(run_bounded(pdf_checks.check_pdf, file))


def test_a_stream_that_ends_in_a_line_end_passes(files, tmp_path):
    with pikepdf.open(files / "screen.pdf") as file:
        file.Root["/Own"] = file.make_stream(b"x\r")
        file.save(tmp_path / "ends.pdf", compress_streams=False)
    assert find_problems(tmp_path / "ends.pdf") == []


def test_one_odd_object_keeps_nothing_from_being_found(broken):
    def change(file):
        file.Root["/OutputIntents"] = 3
        no_language(file)
        no_structure(file)

    codes = [d.code for d in broken("screen", change)]
    assert {"damaged-file", "no-language", "no-tags"} <= set(codes)


def test_a_stream_that_is_longer_than_it_says_is_found(files, tmp_path):
    data = (files / "screen.pdf").read_bytes()
    shorter = re.sub(
        rb"/Length (\d+)", lambda match: b"/Length %d" % (int(match[1]) - 9), data, count=1
    )
    assert len(shorter) == len(data)
    (tmp_path / "longer.pdf").write_bytes(shorter)
    assert "damaged-file" in [d.code for d in find_problems(tmp_path / "longer.pdf")]


@pytest.mark.parametrize("profile", ["screen", "print", "booklet"])
def test_our_own_files_pass(files, profile):
    assert find_problems(files / f"{profile}.pdf") == []


def figures(file):
    return [o for o in file.objects if isinstance(o, Dictionary) and o.get("/S") == "/Figure"]


def no_alt(file):
    for figure in figures(file):
        del figure["/Alt"]


def no_title(file):
    del file.docinfo["/Title"]
    with file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        del metadata["dc:title"]


def no_language(file):
    del file.Root["/Lang"]


def heading_skips(file):
    for item in file.objects:
        if isinstance(item, Dictionary) and item.get("/S") == "/H2":
            item["/S"] = Name("/H4")


def heading_is_mapped(file):
    file.Root.StructTreeRoot["/RoleMap"] = Dictionary({"/Part2": Name("/H3"), "/A": Name("/A")})
    for item in file.objects:
        if isinstance(item, Dictionary) and item.get("/S") == "/H2":
            item["/S"] = Name("/Part2")
        elif isinstance(item, Dictionary) and item.get("/S") == "/P":
            item["/S"] = Name("/A")


def font_is_stripped(file):
    for item in file.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == "/FontDescriptor":
            del item["/FontFile2"]


def no_structure(file):
    del file.Root["/StructTreeRoot"]


def not_marked(file):
    file.Root.MarkInfo["/Marked"] = False


def no_intent(file):
    del file.Root["/OutputIntents"]


def draw(file, content, **resources):
    page = file.pages[0]
    for kind, item in resources.items():
        page.Resources[f"/{kind}"] = Dictionary({**page.Resources.get(f"/{kind}", {}), **item})
    page.contents_add(content, prepend=False)


def rgb_is_set(file):
    draw(file, b"1 0 0 rg 0 0 10 10 re f")


def rgb_space_is_set(file):
    profile = file.make_stream(b"", {"/N": 3})
    spaces = {
        "/A": Array([Name("/Indexed"), Array([Name("/ICCBased"), profile]), 1, b"abcdef"]),
        "/B": Array([Name("/Separation"), Name("/Spot"), Name("/DeviceCMYK"), Dictionary()]),
    }
    draw(file, b"/B cs 1 sc /DeviceCMYK cs /A CS 1 SC", ColorSpace=spaces)


def rgb_image(file):
    item = {"/Type": Name("/XObject"), "/Subtype": Name("/Image"), "/Width": 1, "/Height": 1}
    item |= {"/ColorSpace": Name("/DeviceRGB"), "/BitsPerComponent": 8}
    draw(file, b"q .1 0 0 .1 0 0 cm /I9 Do Q", XObject={"/I9": file.make_stream(b"abc", item)})


def type_in_four_inks(file):
    draw(file, b".7 .6 .6 .9 k BT /F1 9 Tf (a) Tj ET", Font={})


def image_is_large(file):
    item = {"/Type": Name("/XObject"), "/Subtype": Name("/Image"), "/Width": 100, "/Height": 100}
    item |= {"/ColorSpace": Name("/DeviceGray"), "/BitsPerComponent": 8}
    image = file.make_stream(bytes(10_000), item)
    form = {"/Type": Name("/XObject"), "/Subtype": Name("/Form"), "/BBox": Array([0, 0, 9, 9])}
    form |= {"/Matrix": Array([2, 0, 0, 2, 0, 0])}
    form |= {"/Resources": Dictionary({"/XObject": Dictionary({"/I9": image})})}
    drawn = file.make_stream(b"q 50 0 0 50 0 0 cm /I9 Do Q Q /None Do", form)
    draw(file, b"/Form Do", XObject={"/Form": drawn})


def image_in_line(file):
    draw(file, b"q 72 0 0 72 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID a EI Q")


def trim_is_too_large(file):
    file.pages[1].obj["/TrimBox"] = Array([-50, 0, 600, 842])


def no_trim(file):
    del file.pages[0].obj["/TrimBox"]


def another_size(file):
    page = file.pages[3]
    for name in ("/MediaBox", "/BleedBox", "/TrimBox"):
        page.obj[name] = Array([0, 0, 300, 300])


def a_page_less(file):
    del file.pages[-1]


@pytest.mark.parametrize(
    ("profile", "change", "code", "message"),
    [
        ("screen", no_alt, "no-alt", "a figure on page 1 has no alternative text"),
        ("screen", no_title, "no-title", "the PDF has no title"),
        ("print", no_title, "no-title", "the PDF has no title"),
        ("screen", no_language, "no-language", "the PDF has no language"),
        ("screen", heading_skips, "heading-order",
         "a heading of level 4 on page 1 follows one of level 1"),
        ("screen", heading_is_mapped, "heading-order",
         "a heading of level 3 on page 1 follows one of level 1"),
        ("screen", no_structure, "no-tags", "the PDF is not tagged"),
        ("screen", not_marked, "no-tags", "the PDF is not tagged"),
        ("screen", no_intent, "no-output-intent",
         "the PDF claims PDF/A and has no output intent for it with a profile"),
        ("print", no_intent, "no-output-intent",
         "the PDF claims PDF/X and has no output intent for it with a profile"),
        ("print", rgb_is_set, "rgb-in-print", "a colour on page 1 is RGB"),
        ("print", rgb_space_is_set, "rgb-in-print", "a colour on page 1 is RGB"),
        ("print", rgb_image, "rgb-in-print", "an image on page 1 is RGB"),
        ("print", type_in_four_inks, "rich-black",
         "type on page 1 is black in several inks: CMYK 70 60 60 90"),
        ("print", image_is_large, "low-resolution", "an image on page 1 is shown at 72 ppi"),
        ("screen", image_is_large, "low-resolution", "an image on page 1 is shown at 72 ppi"),
        ("screen", image_in_line, "low-resolution", "an image on page 1 is shown at 1 ppi"),
        ("print", trim_is_too_large, "page-boxes",
         "the boxes of page 2 do not lie in each other"),
        ("print", no_trim, "page-boxes", "page 1 does not say where it is cut"),
        ("print", another_size, "page-sizes", "page 4 is 300 × 300 pt, and page 1 595 × 842"),
        ("print", a_page_less, "page-multiple", "the PDF has 3 pages, no multiple of 4"),
        ("booklet", a_page_less, "page-multiple", "the PDF has 1 sides, no multiple of 2"),
    ],
)  # fmt: skip
def test_what_is_broken_is_found(broken, profile, change, code, message):
    faults = [d for d in broken(profile, change) if d.code != "page-sizes" or code == d.code]
    assert [(d.code, d.message) for d in faults][:1] == [(code, message)]
    assert {d.code for d in faults} == {code}
    assert faults[0].at.file == "broken.pdf"


def test_a_font_that_is_stripped_is_found(broken):
    faults = broken("screen", font_is_stripped)
    assert {d.code for d in faults} == {"font-not-embedded"}
    assert "Brief-Spectral" in faults[0].message


def test_a_font_of_no_theme_is_found(files):
    faults = find_problems(files / "screen.pdf", frozenset({"Brief Spectral"}))
    assert {d.code for d in faults} == {"unknown-font"}


def test_a_type_3_font_has_no_file(broken):
    def change(file):
        font = Dictionary({"/Type": Name("/Font"), "/Subtype": Name("/Type3")})
        draw(file, b"BT /T3 9 Tf /None 9 Tf Tf ET", Font={"/T3": font})

    assert broken("screen", change) == []


def test_a_file_for_readers_needs_no_inks(broken):
    assert broken("screen", rgb_is_set) == []


def test_colours_that_are_none_are_no_rgb(broken):
    def change(file):
        deep = Array([Name("/Indexed"), Name("/DeviceCMYK"), 1, b"abcdefgh"])
        draw(file, b"/D cs 1 sc /P cs", ColorSpace={"/D": deep, "/P": Array([Name("/Pattern")])})

    assert broken("print", change) == []


# --- files that are not whole ---------------------------------------------------------------


@pytest.mark.parametrize("left", [0.3, 0.9])
def test_a_truncated_file_is_found(files, tmp_path, left):
    data = (files / "screen.pdf").read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(data[: int(len(data) * left)])
    faults = find_problems(path)
    assert faults[0].code == "damaged-file"
    assert str(tmp_path) not in faults[0].message


def test_a_file_that_can_be_repaired_is_damaged_all_the_same(files, tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes((files / "print.pdf").read_bytes().replace(b"startxref", b"startnone"))
    (one,) = [d for d in find_problems(path) if d.code not in ("pdf-ua", "pdf-a")]
    assert one.code == "damaged-file"
    assert one.message.startswith("the PDF is damaged: ")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"PK\x03\x04"])
def test_a_file_that_is_no_pdf_is_found(tmp_path, data):
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    assert [d.code for d in find_problems(path)] == ["damaged-file"]


def test_an_encrypted_file_is_found(broken):
    permissions = pikepdf.Encryption(owner="o", user="")
    faults = broken("screen", lambda file: None, encryption=permissions)
    assert "encrypted-file" in {d.code for d in faults}
    faults = broken("screen", lambda file: None, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert [d.code for d in faults] == ["encrypted-file"]


def test_things_of_the_wrong_kind_are_told_as_damage(broken):
    def change(file):
        file.pages[0].obj["/TrimBox"] = Name("/Wide")

    assert [d.code for d in broken("print", change)] == ["damaged-file"]


def test_a_structure_in_a_circle_ends(broken):
    def change(file):
        element = figures(file)[0]
        element["/K"] = Array([element, file.Root.StructTreeRoot, Decimal(1)])

    faults = broken("screen", change)
    assert {d.code for d in faults} == {"boundless-file"}
    assert all("is not checked" in d.message for d in faults)  # by page-validation: ours ends


def test_a_structure_without_end_is_not_read(broken):
    with pytest.raises(LimitExceeded, match="over 3 elements"):
        broken("screen", lambda file: None, CheckLimits(structure_elements=3))


def test_forms_that_paint_themselves_are_not_walked(broken):
    def change(file):
        item: dict[str, pikepdf.Object] = {"/Type": Name("/XObject"), "/Subtype": Name("/Form")}
        item |= {"/BBox": Array([0, 0, 9, 9])}
        form = file.make_stream(b"/Form Do", item)
        form["/Resources"] = Dictionary({"/XObject": Dictionary({"/Form": form})})
        draw(file, b"/Form Do", XObject={"/Form": form})

    with pytest.raises(LimitExceeded, match="without end"):
        broken("screen", change)


def test_colour_spaces_that_stand_on_themselves_are_not_followed(broken):
    def change(file):
        space = file.make_indirect(Array([Name("/Pattern")]))
        space.append(space)
        draw(file, b"/Own cs", ColorSpace={"/Own": space})

    with pytest.raises(LimitExceeded, match="colour spaces"):
        broken("print", change)


# --- the standards --------------------------------------------------------------------------


def test_a_rule_of_a_standard_that_is_claimed_is_told(files, tmp_path):
    path = tmp_path / "x.pdf"
    with pikepdf.open(files / "screen.pdf") as file:
        no_alt(file)
        no_intent(file)
        file.save(path)
    messages = {d.code: d.message for d in find_problems(path)}
    assert messages["pdf-ua"].startswith("PDF/UA-1, PDFUA1-FIGURE-ALTERNATIVE-TEXT")
    assert "pdf-a" in messages
    assert messages["pdf-a"].startswith("PDF/A-2a, ")


def test_a_file_that_claims_nothing_is_not_held_to_a_standard(broken):
    def change(file):
        file.Root.Metadata.write(b"<x/>")
        del file.Root["/Metadata"]

    assert broken("screen", change) == []


def test_a_level_that_is_not_known_is_left_alone(broken):
    def change(file):
        data = file.Root.Metadata.read_bytes()
        file.Root.Metadata.write(data.replace(b"<pdfaid:part>2", b"<pdfaid:part>4"))

    assert broken("screen", change) == []


def test_a_checker_that_gives_up_is_told(files, monkeypatch):
    import page

    def validate(*_, **__):
        raise page.ParseError("too odd")

    monkeypatch.setattr(page, "validate_pdf", validate)
    faults = find_problems(files / "screen.pdf")
    assert [d.message for d in faults] == [
        "PDF/UA-1 cannot be checked: too odd", "PDF/A-2a cannot be checked: too odd"
    ]  # fmt: skip


def test_many_bookmarks_are_no_damage_and_too_many_are_not_followed(broken):
    def change(file):
        with file.open_outline() as outline:
            outline.root += [pikepdf.OutlineItem("A part", 0) for _ in range(300)]

    assert broken("screen", change) == []
    faults = broken("screen", change, CheckLimits(references=256))
    assert [d.code for d in faults] == ["boundless-file"] * 2
    assert faults[0].message.startswith("PDF/UA-1 is not checked: ")


def test_without_the_checker_our_own_rules_are_kept(files, monkeypatch):
    monkeypatch.setitem(sys.modules, "page", None)
    (one,) = find_problems(files / "screen.pdf")
    assert one.code == "checker-missing"
    assert one.hint == "pip install 'briefpack[check]'"
    assert not one.is_error
