"""Which characters the theme's fonts have, and that no other font gets in."""

from types import SimpleNamespace

import pytest

from pipeline.diagnostics import Location, Problems
from pipeline.document.tree import Address, Document, Heading, Meta, Paragraph, Text
from pipeline.render import fonts, pdf
from tests.support import specimen

PLACE = Location("content/talks/article.md", 12, 3)
LOOK = specimen.make_options(places={Address("article.md#q1.ash.1"): PLACE})


def saying(*texts, running=""):
    children = [Paragraph((Text(text, source),)) for text, source in texts]
    meta = Meta(title="A title", language="en", running_head=running)
    return Document(meta, (Heading(1, (Text("A title"),)), *children))


def missing(*texts):
    return [(d.code, d.message, d.at) for d in fonts.find_missing_glyphs(saying(*texts), LOOK)]


def test_a_character_that_no_face_has_is_told_at_its_place():
    source = Address("article.md#q1.ash.1")
    assert missing(("a 漢 b", source), ("c 漢", None)) == [
        ("no-glyph", "no font of the theme has U+6F22 cjk unified ideograph-6f22 (漢)", PLACE),
        ("no-glyph", "no font of the theme has U+6F22 cjk unified ideograph-6f22 (漢)", None),
    ]


def test_it_is_told_once_for_each_place_with_the_first_of_its_characters():
    source = Address("article.md#q1.ash.1")
    ((_, message, _),) = missing(("漢漢字", source), ("漢", source))
    assert message.startswith("no font of the theme has U+6F22 ")
    assert message.endswith("(漢), U+5B57 cjk unified ideograph-5b57 (字)")
    ((_, message, _),) = missing(("漢字漢一二三", source))
    assert message.count("U+") == 3
    assert message.endswith(" and 2 more")


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, “quoted” – and more…",
        "Łódź, Kraków, Ağrı, Győr, Žilina",  # beyond Latin-1
        "Ge\N{COMBINING ACUTE ACCENT}ry",  # one letter once it is composed
        "thin\N{THIN SPACE}and narrow\N{NARROW NO-BREAK SPACE}spaces, word\N{WORD JOINER}joined",
        "5 ≠ 6",  # not in every cut of the text face, or of the display face
    ],
)
def test_what_the_faces_have_is_no_finding(text):
    assert missing((text, None)) == []


def test_no_font_is_opened_for_what_every_face_has(monkeypatch):
    monkeypatch.setattr(fonts, "collect_glyphs", lambda theme: pytest.fail("looked"))
    assert missing(("Plain words, “quoted” – and more… à la São Tomé", None)) == []


def test_a_missing_character_stops_the_pdf_before_it_is_set(monkeypatch):
    monkeypatch.setattr(pdf, "HTML", lambda **_: pytest.fail("set"))
    with pytest.raises(Problems) as caught:
        pdf.render(saying(("漢", Address("article.md#q1.ash.1"))), LOOK)
    assert [(d.code, d.at) for d in caught.value.diagnostics] == [("no-glyph", PLACE)]


def test_page_furniture_is_held_to_the_theme_as_well():
    document = saying(("Words.", None), running="漢")
    with pytest.raises(Problems) as caught:
        pdf.render(
            document,
            specimen.make_options(css="@page :right { @top-left { content: string(verso) } }"),
        )
    # A machine with a font for it gives that, another an empty box.
    assert {d.code for d in caught.value.diagnostics} <= {"foreign-font", "weasyprint"}
    assert "漢" in caught.value.diagnostics[0].message


def test_a_font_of_the_machine_is_told_with_what_it_prints():
    laid = SimpleNamespace(
        fonts={
            1: SimpleNamespace(family="Spectral,Brief Spectral", to_unicode={3: "a"}),
            2: SimpleNamespace(family="DejaVu Sans", to_unicode={3: "✓", 4: "✗"}),
        }
    )
    (found,) = fonts.find_foreign_fonts(laid, LOOK)
    assert (found.code, found.message) == (
        "foreign-font",
        "the font DejaVu Sans of this machine got into the PDF, for: ✓✗",
    )


def test_faces_are_named_so_that_no_font_of_the_machine_is_taken():
    rules = fonts.write_font_faces(LOOK.theme, lambda font: f"https://x.invalid/{font.path.name}")
    assert rules.count("@font-face") == 8
    assert (
        '@font-face { font-family: "Brief Spectral"; '
        'src: url("https://x.invalid/Spectral-SemiBoldItalic.ttf"); '
        "font-weight: bold; font-style: italic }"
    ) in rules.splitlines()
