"""Blocks are what Word has for them: real lists, tables, quotes and boxes."""

import lxml.etree
import pytest

from pipeline.document.tree import (
    Box,
    Cell,
    Definition,
    Definitions,
    Heading,
    Item,
    List,
    Quote,
    Row,
    Section,
    Table,
)
from tests.support import specimen
from tests.support.docx_file import (
    COLUMN,
    STEP,
    WIDTH,
    find,
    get_style,
    get_value,
    has_property,
    list_runs,
    make_items,
    make_table,
    measure_value,
    read_text,
    render_docx,
)
from tests.support.read_outputs import W
from tests.support.specimen import paragraph, words


def left(element) -> int:
    indent = find(element, "pPr/ind")
    return int(indent.get(f"{W}left"))


class TestLists:
    def number(self, file, paragraph) -> tuple[str | None, str | None]:
        """Return a paragraph's list and level, its own or its style's."""
        given = find(paragraph, "pPr/numPr")
        given = file.how(paragraph, "numPr") if given is None else given
        return (
            (None, None) if given is None else (get_value(given, "numId"), get_value(given, "ilvl"))
        )

    def definition(self, file, number):
        numbering = file.xml("word/numbering.xml")
        (num,) = [n for n in numbering.iter(f"{W}num") if n.get(f"{W}numId") == number]
        abstract = get_value(num, "abstractNumId")
        (found,) = [
            a for a in numbering.iter(f"{W}abstractNum") if a.get(f"{W}abstractNumId") == abstract
        ]
        return num, found

    def test_items_have_marks_that_word_makes(self):
        file = render_docx(List(make_items("one", "two")), List(make_items("three"), ordered=True))
        assert [words for _, words in file.read()] == ["one", "two", "three"]
        bullet, _, third = file.paragraphs
        _, bullets = self.definition(file, self.number(file, bullet)[0])
        _, numbers = self.definition(file, self.number(file, third)[0])
        assert get_value(bullets, "lvl/numFmt") == "bullet"
        assert (get_value(numbers, "lvl/numFmt"), get_value(numbers, "lvl/lvlText")) == (
            "decimal",
            "%1.",
        )

    def test_every_numbered_list_begins_anew(self):
        file = render_docx(
            List(make_items("one", "two"), ordered=True),
            List(make_items("one"), ordered=True),
            List(make_items("four"), ordered=True, start=4),
        )
        first, second, again, fourth = (self.number(file, p)[0] for p in file.paragraphs)
        assert first == second
        assert len({first, again, fourth}) == 3
        starts = [
            get_value(self.definition(file, number)[0], "lvlOverride/startOverride")
            for number in (first, again, fourth)
        ]
        assert starts == ["1", "1", "4"]

    def test_a_list_in_a_list_is_a_level_further_in(self):
        inner = List((Item((paragraph("b"), List(make_items("c"), ordered=True))),))
        file = render_docx(List((Item((paragraph("a"), inner, paragraph("more of a"))),)))
        assert file.read() == [
            ("ListBullet", "a"), ("ListBullet2", "b"), ("ListNumber3", "c"),
            ("ListContinue", "more of a"),
        ]  # fmt: skip
        levels = [self.number(file, p)[1] for p in file.paragraphs]
        assert levels == ["0", "1", "2", None]
        lefts = [left(file.styles[get_style(p)]) for p in file.paragraphs]
        assert lefts == [COLUMN + STEP, COLUMN + 2 * STEP, COLUMN + 3 * STEP, COLUMN + STEP]

    def test_lists_ten_deep_are_still_lists(self):
        node = List(make_items("deepest"))
        for depth in range(9):
            node = List((Item((paragraph(str(depth)), node)),))
        file = render_docx(node)
        levels = [int(self.number(file, p)[1] or 0) for p in file.paragraphs]
        assert levels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8]

    def test_an_item_that_begins_with_something_else_has_its_mark(self):
        file = render_docx(List((Item((List(make_items("inner")),)), Item(()))))
        marked = [(get_style(p), read_text(p), self.number(file, p)[1]) for p in file.paragraphs]
        assert marked == [
            ("ListBullet", "", "0"),
            ("ListBullet2", "inner", "1"),
            ("ListBullet", "", "0"),
        ]

    def test_a_plain_list_has_no_marks(self):
        file = render_docx(List(make_items("one"), role="plain"))
        assert file.read() == [("List", "one")]
        assert self.number(file, file.paragraphs[0]) == (None, None)

    @pytest.mark.parametrize(
        ("role", "used"),
        [("takeaways", "Takeaways"), ("options", "Options"), ("sources", "Sources")],
    )
    def test_a_list_in_a_role_has_its_style_and_its_marks(self, role, used):
        file = render_docx(List(make_items("one"), role=role, ordered=True))
        assert file.read() == [(used, "one")]
        assert self.number(file, file.paragraphs[0])[1] == "0"

    def test_a_role_of_an_item_s_first_words_keeps_the_mark(self):
        item = Item((paragraph("Lead.", "lead"), paragraph("More.")))
        file = render_docx(List((item,), role="takeaways"))
        assert [words for _, words in file.read()] == ["Lead.", "More."]
        assert [next(file.styling(p)).get(f"{W}styleId")[:9] for p in file.paragraphs] == [
            "Lead", "Takeaways",
        ]  # fmt: skip
        assert self.number(file, file.paragraphs[0])[1] == "0"
        _, numbering = self.definition(file, self.number(file, file.paragraphs[0])[0])
        assert left(find(numbering, "lvl")) == file.left(file.paragraphs[1]) == COLUMN + STEP

    def test_a_takeaway_keeps_to_its_evidence_and_is_not_split(self):
        quote = Quote((paragraph("“Said.”"),), words("Ash"), "evidence")
        item = Item((paragraph("It holds.", "lead"), quote, quote))
        file = render_docx(
            List((item, item), role="takeaways"), List(make_items("a"), role="options")
        )
        kept = [file.how(p, "keepNext") is not None for p in file.paragraphs]
        assert kept == [True, False, False, True, False, False, False]
        assert all(file.how(p, "keepLines") is not None for p in file.paragraphs)

    def test_lists_at_other_edges_have_numbers_of_their_own(self):
        """A paragraph is not moved to its number by hand: its number stands where it does."""
        quoted = Quote((List(make_items("b"), ordered=True), List(make_items("c"))))
        file = render_docx(
            List(make_items("a"), ordered=True), quoted, Box((List(make_items("d", "e")),))
        )
        lefts = [
            left(find(self.definition(file, self.number(file, p)[0])[1], "lvl"))
            for p in file.paragraphs[:5]
        ]
        assert lefts == [COLUMN + STEP, COLUMN + 2 * STEP, COLUMN + 2 * STEP, STEP, STEP]
        kinds = [child.tag.removeprefix(W) for child in file.xml("word/numbering.xml")]
        assert kinds == sorted(kinds)


class TestTables:
    def test_header_rows_come_again_and_rows_are_not_split(self):
        rows = list(render_docx(make_table(("A", "B"), ("1", "2"), ("3", "4"))).body.iter(f"{W}tr"))
        assert [has_property(row, "trPr/tblHeader") for row in rows] == [True, False, False]
        assert all(has_property(row, "trPr/cantSplit") for row in rows)

    def test_heads_of_columns_and_rows_have_styles(self):
        head = Row((Cell(words("Year"), "col"), Cell(words("Calls"), "col")))
        body = Row((Cell(words("1998"), "row"), Cell(words("1,204"))))
        file = render_docx(Table((head,), (body,)))
        assert file.read() == [
            ("TableHeading", "Year"), ("TableHeading", "Calls"),
            ("TableRowHeading", "1998"), ("TableText", "1,204"),
        ]  # fmt: skip
        table_look = find(file.body, "tbl/tblPr/tblLook")
        assert (table_look.get(f"{W}firstRow"), table_look.get(f"{W}firstColumn")) == ("1", "1")

    def test_the_caption_is_above_it_and_its_title(self):
        file = render_docx(make_table(("A",), ("1",), caption="Who said what."))
        caption = file.paragraphs[0]
        assert (get_style(caption), read_text(caption)) == ("TableCaption", "Who said what.")
        assert file.how(caption, "keepNext") is not None
        assert get_value(file.body, "tbl/tblPr/tblCaption") == "Who said what."

    def test_those_who_do_not_see_it_hear_what_it_is(self):
        node = make_table(("Question", "Ash"), ("1", "Yes"))
        file = render_docx(Heading(2, words("Where they stand")), node)
        assert get_value(file.body, "tbl/tblPr/tblCaption") == "Where they stand"
        assert get_value(file.body, "tbl/tblPr/tblDescription") == "Question; Ash"
        box = render_docx(Box((paragraph("Bottom line", "box-title"), paragraph("Fund it."))))
        assert get_value(box.body, "tbl/tblPr/tblCaption") == "Bottom line"
        assert get_value(box.body, "tbl/tblPr/tblDescription") is None

    def test_the_rows_of_a_matrix_keep_to_one_page(self):
        cells = {}
        for role in "", "matrix":
            file = render_docx(make_table(("A", "B"), ("1", "2"), role=role))
            cells[role] = [file.how(p, "keepNext") is not None for p in file.paragraphs[:4]]
        assert cells == {"": [True, True, False, False], "matrix": [True] * 4}

    def test_a_number_in_a_caption_counts(self):
        captions = ("Table 1. A", "Table 2. B", "Table 7. C", "Chart 1. D", "Of 2 tables")
        file = render_docx(*(make_table(("A",), ("1",), caption=caption) for caption in captions))
        assert file.styled("TableCaption") == [*captions]
        fields = [f.text.split() for f in file.body.iter(f"{W}instrText")]
        assert fields == [
            ["SEQ", "Table", "\\*", "ARABIC"], ["SEQ", "Table", "\\*", "ARABIC"],
            ["SEQ", "Table", "\\*", "ARABIC", "\\r", "7"], ["SEQ", "Chart", "\\*", "ARABIC"],
        ]  # fmt: skip

    @pytest.mark.parametrize(("role", "begins"), [("", COLUMN), ("facts", COLUMN), ("matrix", 0)])
    def test_columns_fill_the_width_exactly(self, role, begins):
        node = make_table(("Question", "Ash", "Birch"), ("1", "a" * 200, "no"), role=role)
        (made_table,) = render_docx(node).body.iter(f"{W}tbl")
        grid = [int(column.get(f"{W}w")) for column in made_table.iter(f"{W}gridCol")]
        assert sum(grid) == WIDTH - begins == measure_value(made_table, "tblPr/tblW", "w")
        assert measure_value(made_table, "tblPr/tblInd", "w") == begins
        assert get_value(made_table, "tblPr/tblLayout", "type") == "fixed"
        for row in made_table.iter(f"{W}tr"):
            assert [measure_value(cell, "tcPr/tcW", "w") for cell in row.iter(f"{W}tc")] == grid

    def test_a_matrix_has_columns_of_one_width_after_the_first(self):
        node = make_table(
            ("Question", "Ash", "Birch", "Cedar"), ("1", "a" * 60, "no", "-"), role="matrix"
        )
        first, *others = (int(c.get(f"{W}w")) for c in render_docx(node).body.iter(f"{W}gridCol"))
        assert max(others) - min(others) <= 1
        assert first < min(others)

    def test_on_a_narrow_page_the_first_cell_of_a_row_of_a_matrix_stands_across(self):
        head = Row(tuple(Cell(words(text), "col") for text in ("Question", "Ash", "Birch")))
        body = Row((Cell(words("1"), "row"), Cell(words("yes")), Cell(words("no"))))
        file = render_docx(
            Table((head,), (body,), role="matrix"), options=specimen.make_options("a5")
        )
        (made_table,) = file.body.iter(f"{W}tbl")
        rows = [
            [
                (
                    read_text(cell),
                    has_property(row, "trPr/tblHeader"),
                    get_value(cell, "tcPr/gridSpan") or "1",
                )
                for cell in row.iter(f"{W}tc")
            ]
            for row in made_table.iter(f"{W}tr")
        ]
        assert rows == [
            [("Question", True, "2")],
            [("Ash", True, "1"), ("Birch", True, "1")],
            [("1", False, "2")],
            [("yes", False, "1"), ("no", False, "1")],
        ]
        assert has_property(file.styles[get_style(file.paragraph("1"))], "pPr/keepNext")
        assert len(list(made_table.iter(f"{W}gridCol"))) == 2

    def test_a_matrix_of_one_column_is_not_parted(self):
        node = Table((), (Row((Cell(words("1"), "row"),)),) * 2, role="matrix")
        file = render_docx(node, options=specimen.make_options("a5"))
        assert len(list(file.body.iter(f"{W}tr"))) == 2

    def test_other_tables_have_wider_columns_for_longer_words(self):
        node = make_table(("Year", "What was said"), ("1998", "many words that take room"))
        narrow, wide = (int(c.get(f"{W}w")) for c in render_docx(node).body.iter(f"{W}gridCol"))
        assert wide > 2 * narrow

    def test_two_tables_stay_two(self):
        body = render_docx(make_table(("A",), ("1",)), make_table(("B",), ("2",))).body
        assert [element.tag.removeprefix(W) for element in body] == [
            "tbl", "p", "tbl", "p", "sectPr",
        ]  # fmt: skip


class TestBoxes:
    def test_a_box_is_a_cell_across_the_page_with_its_own_styles(self):
        blocks = (paragraph("Bottom line", "box-title"), paragraph("Fund it."))
        file = render_docx(Box(blocks, "bottom-line"))
        (box,) = file.body.iter(f"{W}tbl")
        assert file.read() == [("BoxTitle", "Bottom line"), ("BottomLine", "Fund it.")]
        assert (get_value(box, "tblPr/tblW", "w"), get_value(box, "tblPr/tblInd", "w")) == (
            f"{WIDTH}",
            "0",
        )
        named = file.styles[get_value(box, "tblPr/tblStyle")]
        assert get_value(named, "tcPr/shd", "fill") == "E8EFF1"
        assert get_value(named, "tblPr/tblBorders/left", "color") == "114457"

    def test_the_facts_stand_in_the_rail_beside_the_text(self):
        file = render_docx(Box((paragraph("Facts."),), "at-a-glance"), paragraph("Text beside."))
        (box,) = file.body.iter(f"{W}tbl")
        place = find(box, "tblPr/tblpPr")
        assert place.get(f"{W}horzAnchor") == "margin"
        assert place.get(f"{W}vertAnchor") == "text"
        gap = int(place.get(f"{W}rightFromText"))
        assert 0 < COLUMN - measure_value(box, "tblPr/tblW", "w") - gap < 20

    def test_on_a_narrow_page_they_stand_above_the_text(self):
        file = render_docx(
            Box((paragraph("Facts."),), "at-a-glance"), options=specimen.make_options("a5")
        )
        assert find(file.body, "tbl/tblPr/tblpPr") is None

    @pytest.mark.parametrize("role", ["cover", "imprint"])
    def test_where_there_is_no_rail_they_stand_in_the_page(self, role):
        file = render_docx(Section((Box((paragraph("Facts."),), "at-a-glance"),), role=role))
        assert find(file.body, "tbl/tblPr/tblpPr") is None

    def test_a_box_in_a_list_begins_where_the_list_does(self):
        file = render_docx(List((Item((paragraph("one"), Box((paragraph("boxed"),)))),)))
        (box,) = file.body.iter(f"{W}tbl")
        assert measure_value(box, "tblPr/tblInd", "w") == COLUMN + STEP
        assert measure_value(box, "tblPr/tblW", "w") == WIDTH - COLUMN - STEP

    def test_lists_and_quotes_in_a_box_are_set_from_its_edge(self):
        file = render_docx(Box((List(make_items("one")), Quote((paragraph("Said."),)))))
        bullet, quote = file.paragraphs[:2]
        assert get_style(bullet) == "BoxText"
        assert get_value(bullet, "pPr/numPr/numId") is not None
        assert get_value(file.styles[get_style(quote)], "basedOn") == "Quote"
        assert file.left(quote) == STEP

    def test_an_empty_box_is_a_box(self):
        (box,) = render_docx(Box(())).body.iter(f"{W}tbl")
        assert len(list(box.iter(f"{W}p"))) == 1


class TestQuotes:
    def test_a_quote_keeps_to_its_attribution(self):
        file = render_docx(Quote((paragraph("One."), paragraph("Two.")), words("Ash"), "pull"))
        assert file.read() == [
            ("IntenseQuote", "One."), ("AttributedPullQuote", "Two."), ("PullAttribution", "Ash"),
        ]  # fmt: skip
        kept = [file.how(p, "keepNext") is not None for p in file.paragraphs]
        assert kept == [False, True, False]
        assert file.how(file.paragraphs[1], "spacing").get(f"{W}after") == "0"

    def test_a_quote_without_one_has_its_own_distance(self):
        file = render_docx(Quote((paragraph("One."),)))
        assert file.read() == [("Quote", "One.")]
        assert int(file.how(file.paragraphs[0], "spacing").get(f"{W}after")) > 0

    def test_evidence_has_its_attribution_in_the_same_line_upright(self):
        file = render_docx(Quote((paragraph("“A”"), paragraph("“B”")), words("Ash, 1"), "evidence"))
        assert file.read() == [("Evidence", "“A”"), ("Evidence", "“B”\N{EN SPACE}Ash, 1")]
        assert dict(list_runs(file.body))["Ash, 1"] == {
            "rStyle": "InlineAttribution", "i": "0", "iCs": "0",
        }  # fmt: skip

    def test_after_something_else_it_has_a_line_of_its_own(self):
        file = render_docx(Quote((List(make_items("one")),), words("Ash"), "evidence"))
        assert [words for _, words in file.read()] == ["one", "Ash"]

    def test_a_quote_in_a_list_is_set_in_further(self):
        quote = Quote((paragraph("Said."),), words("Ash"))
        file = render_docx(List((Item((paragraph("one"), quote)),)))
        assert file.left(file.paragraph("Said.")) == COLUMN + 2 * STEP
        assert file.left(file.paragraph("Ash")) == COLUMN + 2 * STEP

    def test_a_quoted_table_has_its_attribution_below_it(self):
        file = render_docx(Quote((make_table(("A",), ("1",)),), words("Ash")))
        assert [words for _, words in file.read()] == ["A", "1", "Ash"]


class TestDefinitions:
    NODE = Definitions((Definition(words("Norm"), (paragraph("A rule."), paragraph("Or so."))),))

    def test_a_term_stands_above_its_meaning(self):
        file = render_docx(self.NODE)
        assert file.read() == [
            ("DefinitionTerm", "Norm"), ("Definition", "A rule."), ("Definition", "Or so."),
        ]  # fmt: skip
        assert has_property(file.styles["DefinitionTerm"], "pPr/keepNext")

    @pytest.mark.parametrize(
        ("block", "used"),
        [(Box((NODE,), "note"), "BoxDefinition"), (Section((NODE,), "imprint"), "Particular")],
    )
    def test_in_small_print_it_stands_before_it(self, block, used):
        file = render_docx(block)
        first, more = file.paragraphs[:2]
        assert [read_text(first), read_text(more)] == ["Norm\tA rule.", "Or so."]
        assert [get_style(first), get_value(file.styles[get_style(more)], "basedOn")] == [
            used,
            used,
        ]
        hanging = file.how(first, "ind").get(f"{W}hanging")
        assert int(hanging) > 0
        assert file.left(more) == file.left(first) == int(hanging)
        assert file.how(more, "ind").get(f"{W}hanging") == "0"
        assert next(iter(list_runs(first))) == ("Norm", {"rStyle": "InlineLabel"})

    def test_a_meaning_that_is_no_paragraph_follows_its_term(self):
        node = Definitions((Definition(words("Experts"), (List(make_items("Ash", "Birch")),)),))
        assert [words for _, words in render_docx(Box((node,))).read()] == [
            "Experts\t",
            "Ash",
            "Birch",
        ]

    def test_facts_are_stacked(self):
        file = render_docx(Box((self.NODE,), "at-a-glance"))
        assert file.read()[:2] == [("Fact", "Norm"), ("AtAGlance", "A rule.")]


class TestHeads:
    def test_they_keep_to_the_words_below(self):
        answer = Section(
            (Heading(3, words("Ash")), paragraph("Office", "affiliation"), paragraph("One.")),
            role="answer",
        )
        file = render_docx(answer)
        kept = {read_text(p): file.how(p, "keepNext") is not None for p in file.paragraphs}
        assert kept == {"Ash": True, "Office": True, "One.": False}

    @pytest.mark.parametrize(
        ("level", "colour", "points"), [(2, "114457", 2.25), (3, "AAB2B8", 0.5)]
    )
    def test_a_rule_stands_over_them(self, level, colour, points):
        file = render_docx(Heading(level, words("Head")), paragraph("Words."))
        head, text = file.paragraphs
        rule = find(file.how(head, "pBdr"), "top")
        assert (rule.get(f"{W}color"), rule.get(f"{W}sz")) == (colour, f"{points * 8:g}")
        assert file.how(text, "pBdr") is None

    def test_a_number_and_the_heading_below_it_have_one_rule(self):
        """Word and LibreOffice draw no line between paragraphs with the same ones (§17.3.1.24)."""
        file = render_docx(paragraph("1", "number"), Heading(2, words("Why?")))
        rules = [lxml.etree.tostring(file.how(p, "pBdr")) for p in file.paragraphs]
        assert rules[0] == rules[1]

    def test_a_rule_does_not_run_through_a_box_in_the_rail(self):
        facts = Box((paragraph("Facts."),), "at-a-glance")
        section = Section((Heading(2, words("First")), Heading(2, words("Second"))))
        file = render_docx(facts, section)
        first = file.paragraph("First")
        assert get_value(file.styles[get_style(first)], "basedOn") == "Heading1"
        assert get_value(file.how(first, "pBdr"), "top") == "nil"
        assert get_style(file.paragraph("Second")) == "Heading1"
