"""The PDF: what it says of itself, its own fonts only, the same bytes everywhere, its faults."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

import pikepdf
import pytest

from pipeline.diagnostics import Problems, Severity
from pipeline.document.tree import (
    Block,
    Paragraph,
    Reference,
    Section,
)
from pipeline.render import pdf
from tests.support import specimen
from tests.support.paths import ROOT
from tests.support.pdf_file import brief, open_pdf, text


@pytest.fixture(scope="module")
def rendered():
    return pdf.render(specimen.document(), specimen.make_options())


@pytest.fixture(scope="module")
def file(rendered, tmp_path_factory):
    return open_pdf(rendered, tmp_path_factory.mktemp("pdf"))


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
    information = {str(key): str(value) for key, value in file.docinfo.items()}
    assert re.fullmatch(r"WeasyPrint [\d.]+", information.pop("/Producer"))
    assert information == {
        "/Title": "Who keeps the line open when the talks have stopped?",
        "/Author": "R. Elm, T. Fir",
        "/Subject": "Five practitioners on the open line.",
        "/Keywords": "diplomacy, open line",
        "/Publisher": "The Line Institute",
        "/CreationDate": "D:20210304",
        "/ModDate": "D:20210304",
    }
    metadata = file.open_metadata()
    assert metadata["dc:description"] == information["/Subject"]
    assert metadata["pdf:Keywords"] == information["/Keywords"]
    assert metadata["pdf:Producer"] == str(file.docinfo.Producer)
    assert metadata["dc:title"] == "Who keeps the line open when the talks have stopped?"
    assert metadata["dc:creator"] == ["R. Elm", "T. Fir"]
    assert metadata["dc:publisher"] == {"The Line Institute"}
    assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2021-03-04"


def test_a_publisher_may_have_any_name(tmp_path):
    named = open_pdf(
        pdf.render(brief(publisher="Müller & <Söhne>"), specimen.make_options()), tmp_path
    )
    metadata = named.open_metadata()
    assert metadata["dc:publisher"] == {"Müller & <Söhne>"}


def test_a_brief_that_says_little_of_itself(tmp_path):
    little = open_pdf(pdf.render(brief(), specimen.make_options()), tmp_path)
    assert "/CreationDate" not in little.docinfo
    metadata = little.open_metadata()
    assert "dc:publisher" not in metadata


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


# --- what goes wrong -------------------------------------------------------------------


def test_what_weasyprint_warns_of_is_told():
    rendered = pdf.render(brief(), specimen.make_options(css="p { widows: many }"))
    assert [(d.severity, d.message) for d in rendered.diagnostics] == [
        (
            Severity.WARNING,
            "the stylesheet's `widows: many` has no effect: invalid value",
        )
    ]


def test_what_weasyprint_lost_stops_the_pdf():
    lost = brief(Paragraph((Reference("nowhere", text("there")),)))
    with pytest.raises(Problems) as caught:
        pdf.render(lost, specimen.make_options())
    assert [d.message for d in caught.value.diagnostics] == [
        "while setting pages: No anchor #nowhere for internal URI reference"
    ]


def test_a_stylesheet_that_weasyprint_fails_on_is_told_of():
    with pytest.raises(Problems) as caught:
        pdf.render(brief(), specimen.make_options(css="h1 { letter-spacing: 1e9pt }"))
    (found,) = caught.value.diagnostics
    assert found.message.startswith("WeasyPrint fails on these pages: OverflowError")
    assert "print.css" in (found.hint or "")


def test_elements_nested_without_end_are_refused():
    section: Block = Paragraph(text("deep"))
    for _ in range(150):
        section = Section((section,))
    with pytest.raises(Problems) as caught:
        pdf.render(brief(section), specimen.make_options())
    assert [d.code for d in caught.value.diagnostics] == ["too-deep"]


def test_no_copy_of_a_font_stays_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pdf.render(brief(), specimen.make_options())
    with pytest.raises(Problems):
        pdf.render(brief(Paragraph(text("x"))), specimen.make_options(css="p { font-size: 2pt }"))
    assert list(tmp_path.iterdir()) == []


# --- the same bytes everywhere ---------------------------------------------------------


SET = """\
import hashlib, sys, time
if "late" in sys.argv:
    now = time.time
    time.time = lambda: now() + 4e7
from tests.support import specimen
from pipeline.render import html, pdf
for renderer in (pdf, html):
    data = renderer.render(specimen.document(), specimen.make_options()).data
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
