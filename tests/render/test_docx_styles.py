"""Word's own styles are really used, and look as the theme says."""

from dataclasses import replace

import pytest

from pipeline.document.tree import (
    ROLES,
    Box,
    Cell,
    Emphasis,
    Heading,
    Item,
    Link,
    List,
    Paragraph,
    Quote,
    Reference,
    Row,
    Section,
    Span,
    Strong,
    Table,
    Text,
)
from pipeline.look import theme
from pipeline.render.docx.writer import render
from tests.support import specimen
from tests.support.docx_file import (
    COLUMN,
    STEP,
    WordFile,
    find,
    get_style,
    get_value,
    has_property,
    list_runs,
    measure_value,
    read_text,
    render_docx,
)
from tests.support.read_outputs import W
from tests.support.specimen import SHARED, paragraph, words


@pytest.fixture(scope="module")
def file() -> WordFile:
    return WordFile(render(specimen.document(), specimen.make_options()).data)


def themed(tokens: str):
    """The look of a theme that changes some of the shipped tokens."""
    shipped = ("theme.yaml", (SHARED / "theme.yaml").read_text("utf-8"))
    return replace(specimen.make_options(), theme=theme.load_theme([shipped, ("own.yaml", tokens)]))


class TestTheStylesThatAreUsed:
    @pytest.mark.parametrize(
        ("words", "used"),
        [
            ("Who keeps the line open", "Title"),
            ("Five views from five desks", "Subtitle"),
            ("Summary", "Heading1"),
            ("Ash", "Heading2"),
            ("What came after", "Heading3"),
            ("A quote of two paragraphs.", "Quote"),
            ("It cost us nothing to pick up.", "AttributedPullQuote"),
            ("Pay for it.", "Options"),
            ("A thing with parts:", "ListBullet"),
            ("one part", "ListBullet2"),
            ("the fourth;", "ListNumber"),
            ("A caption on its own.", "Caption"),
            ("Calls made, by year.", "TableCaption"),
            ("Contents", "TOCHeading"),
        ],
    )
    def test_a_node_has_word_s_own_style(self, file, words, used):
        styled = [p for p in file.paragraphs if file.styles[used] in file.styling(p)]
        assert words in [read_text(p)[: len(words)] for p in styled]

    def test_notes_and_contents_have_word_s_own_styles(self, file):
        notes = file.xml("word/footnotes.xml")
        assert {get_style(p) for p in notes.iter(f"{W}p")} == {None, "FootnoteText"}
        assert [len(file.styled(f"TOC{n}")) for n in (1, 2, 3)] == [3, 1, 1]

    def test_every_style_that_is_named_is_there(self, file):
        parts = [name for name in file.names if name.startswith("word/") and name.endswith(".xml")]
        named = {
            element.get(f"{W}val")
            for part in parts
            for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
            for element in file.xml(part).iter(f"{W}{tag}")
        }
        assert named <= {*file.styles}

    def test_a_style_that_one_in_use_stands_on_is_there_too(self):
        file = render_docx(Heading(3, words("A name")), paragraph("Also answering: Ash.", "source"))
        used = get_style(file.paragraph("Also answering"))
        assert get_value(file.styles[used], "basedOn") == "Source"
        assert "Source" in file.styles

    def test_word_knows_its_own_styles_by_their_names(self, file):
        names = {id: get_value(style, "name") for id, style in file.styles.items()}
        assert names["Heading1"] == "heading 1"
        assert names["TOC2"] == "toc 2"
        assert names["FootnoteText"] == "footnote text"
        assert names["ListBullet2"] == "List Bullet 2"
        own = [s for s in file.styles.values() if s.get(f"{W}customStyle")]
        assert {"Title", "Subtitle", "Quote", "Caption", "Header", "Hyperlink"}.isdisjoint(
            s.get(f"{W}styleId") for s in own
        )
        assert len({*names.values()}) == len(names)

    @pytest.mark.parametrize("role", sorted(ROLES["paragraph"]))
    def test_each_role_of_a_paragraph_has_a_style_of_its_own(self, role):
        file = render_docx(*(paragraph(f"In {r}.", r) for r in sorted(ROLES["paragraph"])))
        mine = get_style(file.paragraph(f"In {role}."))
        assert file.styled(mine) == [f"In {role}."]

    @pytest.mark.parametrize("role", sorted(ROLES["span"]))
    def test_each_role_of_words_in_a_line_has_a_style_of_its_own(self, role):
        spans = [Span(r, words(f"({r})")) for r in sorted(ROLES["span"])]
        given = dict(list_runs(render_docx(Paragraph(tuple(spans))).paragraphs[0]))
        mine = given.pop(f"({role})")["rStyle"]
        assert mine not in [properties["rStyle"] for properties in given.values()]

    @pytest.mark.parametrize("role", sorted({"", *ROLES["section"]}))
    def test_a_section_of_any_role_holds_its_words(self, role):
        file = render_docx(Section((Heading(2, words("Head")), paragraph("Words.")), role=role))
        assert [words for _, words in file.read()] == ["Head", "Words."]

    @pytest.mark.parametrize("role", sorted({"", *ROLES["table"]}))
    def test_a_table_of_any_role_has_a_table_style(self, role):
        row = Row((Cell(words("Cell")),))
        file = render_docx(Table((row,), (row,), role=role))
        named = file.styles[get_value(file.body, "tbl/tblPr/tblStyle")]
        assert named.get(f"{W}type") == "table"


class TestNothingIsSetByHand:
    """Styles carry the design: what an editor changes in a style, changes everywhere."""

    KEPT = frozenset({"pStyle", "numPr", "pageBreakBefore", "bidi", "sectPr"})
    """What a paragraph has beside its style: a number, a break, a direction."""
    LETTERS = frozenset({"rStyle", "rtl", "lang", "b", "bCs", "i", "iCs"})
    """Stress on stress cannot be said by styles: one would take away the other (§17.7.3)."""

    @pytest.mark.parametrize("brief", ["specimen", "nested", "marked"])
    def test_in_no_part(self, brief):
        node = Section((
            List((Item((paragraph("a"), Quote((paragraph("b"),), words("c")), paragraph("d"))),)),
            Box((paragraph("e", "lead"), List((Item((paragraph("f"),)),)), Heading(4, words("g")))),
            Quote((List((Item((paragraph("h"),)),), ordered=True),)),
        ))  # fmt: skip
        document = {
            "specimen": specimen.document(),
            "nested": replace(specimen.document(), children=(node, replace(node, role="imprint"))),
            "marked": replace(
                specimen.document(), meta=replace(specimen.document().meta, marking="TLP:RED")
            ),
        }[brief]
        file = WordFile(render(document, specimen.make_options()).data)
        for name in file.names:
            if name.startswith("word/") and name.endswith(".xml") and "styles" not in name:
                for tag, allowed in ("pPr", self.KEPT), ("rPr", self.LETTERS):
                    found = file.xml(name).iterfind(f".//{W}p//{W}{tag}")
                    assert {child.tag.removeprefix(W) for e in found for child in e} <= allowed

    def test_a_paragraph_elsewhere_has_a_style_that_says_so(self):
        file = render_docx(List((Item((paragraph("a"), Quote((paragraph("b"),)))),)))
        moved = file.styles[get_style(file.paragraphs[1])]
        assert get_value(moved, "basedOn") == "Quote"
        assert [child.tag.removeprefix(W) for child in find(moved, "pPr")] == ["ind"]
        assert file.left(file.paragraphs[1]) == COLUMN + 2 * STEP

    def test_styles_of_ours_that_nobody_uses_are_not_there(self, file):
        plain = render_docx(paragraph("Words."))
        assert not [id for id, s in plain.styles.items() if s.get(f"{W}customStyle")]
        assert {"Title", "Heading3", "ListNumber", "Quote", "TOC1", "Hyperlink"} <= {*plain.styles}
        used = {e.get(f"{W}val") for n in file.names if n.startswith("word/") and "xml" in n
                for tag in ("pStyle", "rStyle", "tblStyle", "basedOn")
                for e in file.xml(n).iter(f"{W}{tag}")}  # fmt: skip
        assert {id for id, s in file.styles.items() if s.get(f"{W}customStyle")} <= used

    def test_word_lists_its_own_styles_as_they_are(self, file):
        latent = {
            e.get(f"{W}name"): e for e in file.xml("word/styles.xml").iter(f"{W}lsdException")
        }
        for written in file.styles.values():
            name = get_value(written, "name")
            if name in latent:
                assert latent[name].get(f"{W}uiPriority") == (
                    get_value(written, "uiPriority") or "0"
                )
                assert latent[name].get(f"{W}qFormat") == f"{has_property(written, 'qFormat'):d}"
        assert not has_property(file.styles["TOC1"], "qFormat")


class TestTheLook:
    def test_tokens_are_what_a_style_looks_like(self):
        options = themed(
            "colours: {accent: '#aa0000'}\n"
            "styles: {heading-2: {face: display, size: 19, leading: 23, italic: true, "
            "colour: accent, after: 11, align: center}}\n"
        )
        heading = render_docx(paragraph("W"), options=options).styles["Heading1"]
        assert get_value(heading, "rPr/sz") == "38"
        assert get_value(heading, "rPr/color") == "AA0000"
        assert has_property(heading, "rPr/i")
        assert get_value(heading, "rPr/rFonts", "ascii") == "Barlow"
        assert get_value(heading, "pPr/jc") == "center"
        spacing = find(heading, "pPr/spacing")
        assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == (f"{23 * 20}", "exact")
        assert spacing.get(f"{W}after") == f"{11 * 20}"

    def test_what_a_role_does_not_set_is_as_in_the_body(self):
        options = themed("styles: {body: {size: 11, colour: grey}, list: {before: 0, after: 0}}\n")
        file = render_docx(paragraph("W"), options=options)
        assert get_value(file.styles["ListBullet"], "rPr/sz") == "22"
        assert get_value(file.styles["ListBullet"], "rPr/color") == "555E66"
        defaults = find(file.xml("word/styles.xml"), "docDefaults/rPrDefault")
        assert get_value(defaults, "rPr/sz") == "22"

    def test_small_capitals_are_real_ones(self):
        options = themed("styles: {strip: {caps: small}, name: {caps: small}}\n")
        file = render_docx(
            paragraph("W", "strip"), Paragraph((Span("name", words("N")),)), options=options
        )
        assert has_property(file.styles["Strip"], "rPr/smallCaps")
        assert has_property(file.styles["InlineName"], "rPr/smallCaps")

    def test_faces_and_colours_are_the_theme_s_so_that_an_editor_can_change_them_all(self, file):
        scheme = file.xml("word/theme/theme1.xml")
        assert [f.get("typeface") for f in scheme.iter("{*}latin")] == ["Barlow", "Spectral"]
        assert scheme.find(".//{*}accent1/{*}srgbClr").get("val") == "114457"
        assert get_value(file.styles["BoxTitle"], "rPr/color", "themeColor") == "accent1"
        assert get_value(file.styles["BodyText"], "rPr/rFonts", "asciiTheme") == "minorHAnsi"
        assert get_value(file.styles["Heading2"], "rPr/rFonts", "asciiTheme") == "majorHAnsi"

    def test_a_missing_face_has_another_to_stand_in(self, file):
        fonts = file.xml("word/fontTable.xml")
        stands_in = {f.get(f"{W}name"): get_value(f, "altName") for f in fonts}
        assert stands_in == {"Spectral": "Georgia", "Barlow": "Calibri"}

    def test_nothing_is_set_below_eight_points(self, file):
        for name in file.names:
            if name.startswith("word/") and name.endswith(".xml"):
                sizes = [int(size.get(f"{W}val")) for size in file.xml(name).iter(f"{W}sz")]
                if "theme" not in name and name != "word/styles.xml":
                    assert not sizes, "sizes stand in styles"
                assert all(size >= 16 for size in sizes)

    def test_distances_add_up_to_what_the_larger_one_is_in_print(self, file):
        """Word adds the distances between two paragraphs if the settings say so."""
        compat = find(file.xml("word/settings.xml"), "compat")
        assert has_property(compat, "doNotUseHTMLParagraphAutoSpacing")
        after_text = measure_value(file.styles["BodyText"], "pPr/spacing", "after")
        before_head = measure_value(file.styles["Heading3"], "pPr/spacing", "before")
        assert after_text + before_head == 6.75 * 20

    def test_the_text_column_begins_beside_a_rail_and_heads_at_the_margin(self, file):
        assert measure_value(file.styles["BodyText"], "pPr/ind", "left") == COLUMN
        assert find(file.styles["Heading1"], "pPr/ind") is None
        assert find(file.styles["Heading2"], "pPr/ind") is None

    def test_text_is_hyphenated_and_heads_are_not(self, file):
        assert has_property(file.xml("word/settings.xml"), "autoHyphenation")
        assert has_property(file.styles["Normal"], "pPr/suppressAutoHyphens")
        for id, hyphenated in (("BodyText", True), ("ListBullet", True), ("Heading1", False)):
            off = find(file.styles[id], "pPr/suppressAutoHyphens")
            assert (off is not None and off.get(f"{W}val") == "0") is hyphenated

    def test_heads_keep_to_what_they_head(self, file):
        for id in ("Title", "Heading1", "Heading2", "Heading3", "BoxTitle", "TOCHeading", "Lead"):
            assert has_property(file.styles[id], "pPr/keepNext")
        assert has_property(file.styles["Normal"], "pPr/widowControl")

    def test_the_navigation_pane_has_three_levels_below_the_title(self, file):
        levels = {id: get_value(s, "pPr/outlineLvl") for id, s in file.styles.items()}
        outline = {id: level for id, level in levels.items() if level is not None}
        assert outline == {"Heading1": "0", "Heading2": "1", "Heading3": "2"}


class TestLettersInALine:
    def test_stress_is_a_character_style(self):
        line = Paragraph((Emphasis(words("one")), Strong(words("two"))))
        given = dict(list_runs(render_docx(line).paragraphs[0]))
        assert given == {"one": {"rStyle": "Emphasis"}, "two": {"rStyle": "Strong"}}

    def test_stress_within_stress_is_both(self):
        line = Paragraph(
            (Emphasis((Strong(words("one")),)), Strong((Emphasis(words("two")),)),
             Span("name", (Emphasis((Strong(words("three")),)),)),
             Strong((Span("term", words("four")),)), Emphasis((Span("term", words("five")),)))
        )  # fmt: skip
        given = dict(list_runs(render_docx(line).paragraphs[0]))
        assert given["one"] == {"rStyle": "Emphasis", "b": None, "bCs": None}
        assert given["two"] == {"rStyle": "Strong", "i": None, "iCs": None}
        assert {"i", "b"} <= {*given["three"]}
        assert given["four"] == {"rStyle": "InlineTerm", "b": None, "bCs": None}
        assert given["five"] == {"rStyle": "InlineTerm", "i": None, "iCs": None}

    def test_bold_in_a_bold_paragraph_is_said_outright(self):
        """In a style it would take the paragraph's bold away (ECMA-376 §17.7.3)."""
        given = dict(
            list_runs(
                render_docx(Heading(2, (Strong(words("one")), Span("number", words("2"))))).body
            )
        )
        assert given["one"] == {"rStyle": "Strong", "b": None, "bCs": None}
        assert given["2"] == {"rStyle": "InlineNumber", "b": None, "bCs": None}

    def test_a_citation_s_links_look_like_the_citation(self):
        line = Paragraph((Text("Said."), Span("cite", (Reference("s", words("1")), Text(", 2")))))
        file = render_docx(Heading(2, words("Sources"), id="s"), line)
        given = dict(list_runs(file.paragraph("Said.")))
        assert given["1"] == given[", 2"] == {"rStyle": "Citation"}
        assert get_value(file.styles["Citation"], "rPr/vertAlign") == "superscript"

    def test_labels_are_set_back_in_a_table(self):
        label = Span("label", words("p. 2"))
        row = Row((Cell((Text("Yes "), label)),))
        file = render_docx(Table((row,), (row,)), Paragraph((label,)))
        styles = [
            properties["rStyle"] for words, properties in list_runs(file.body) if words == "p. 2"
        ]
        assert styles == ["CellLabel", "CellLabel", "InlineLabel"]

    def test_a_word_in_a_role_without_a_style_is_plain(self):
        assert list(list_runs(render_docx(Paragraph((Span("", words("plain")),))).body)) == [
            ("plain", {})
        ]

    def test_links_have_word_s_style(self):
        line = Paragraph((Link("https://example.org/", words("out")), Reference("h", words("in"))))
        given = dict(list_runs(render_docx(Heading(2, words("H"), id="h"), line).paragraphs[-1]))
        assert given == {"out": {"rStyle": "Hyperlink"}, "in": {"rStyle": "Reference"}}
