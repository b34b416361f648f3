"""Pages of a Word file: breaks, heads and feet, contents, and the places that links lead to."""

from typing import Any

import pytest

from pipeline.document.tree import (
    Box,
    Contents,
    Entry,
    Footnote,
    Heading,
    Item,
    List,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Section,
    Text,
)
from pipeline.render.docx.writer import render
from tests.support import specimen
from tests.support.docx_file import (
    COLUMN,
    STEP,
    WIDTH,
    WordFile,
    find,
    get_style,
    get_value,
    has_property,
    list_places,
    make_items,
    make_table,
    read_text,
    render_docx,
)
from tests.support.read_outputs import W
from tests.support.specimen import paragraph, words


@pytest.fixture(scope="module")
def file() -> WordFile:
    return WordFile(render(specimen.document(), specimen.make_options()).data)


def twips(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)


def sections(file) -> list:
    return list(file.body.iter(f"{W}sectPr"))


def read_headers_footers(file, section) -> dict[str, str]:
    """Return what stands at the heads and feet of a section that says so itself."""
    return {
        f"{r.get(f'{W}type')} {r.tag.removeprefix(W).removesuffix('Reference')}": read_text(
            file.linked(r)
        )
        for r in section
        if r.tag.endswith("Reference")
    }


def broken(file) -> list[str]:
    """Return the words of the paragraphs that start a page by themselves."""
    return [read_text(p) for p in file.paragraphs if has_property(p, "pPr/pageBreakBefore")]


META: dict[str, Any] = {
    "title": "The line",
    "publisher": "The House",
    "running_head": "Series · The line",
}


class TestThePage:
    @pytest.mark.parametrize(
        ("paper", "width", "height", "margins_in_mm"),
        [
            ("a4", 210, 297, (22, 24, 22, 20)),
            ("letter", 215.9, 279.4, (22, 24, 22, 20)),
            ("a5", 148, 210, (15, 16, 15, 13)),
        ],
    )
    def test_it_has_the_paper_s_size_and_the_theme_s_margins_mirrored(
        self, paper, width, height, margins_in_mm
    ):
        file = render_docx(paragraph("Words."), options=specimen.make_options(paper))
        (section,) = sections(file)
        size, margins = find(section, "pgSz"), find(section, "pgMar")
        assert [size.get(W + side) for side in "wh"] == [f"{twips(width)}", f"{twips(height)}"]
        assert [margins.get(W + side) for side in ("top", "bottom", "left", "right")] == [
            f"{twips(margin)}" for margin in margins_in_mm
        ]
        assert has_property(file.xml("word/settings.xml"), "mirrorMargins")

    def test_heads_and_feet_keep_within_the_margins(self, file):
        for section in sections(file):
            margins = find(section, "pgMar")
            for edge, side in ("header", "top"), ("footer", "bottom"):
                assert int(margins.get(W + edge)) < int(margins.get(W + side))


class TestHeadsAndFeet:
    def test_they_are_mirrored_and_the_first_page_has_no_head(self):
        file = render_docx(paragraph("Words."), **META)
        (section,) = sections(file)
        assert read_headers_footers(file, section) == {
            "default header": "\tThe line",
            "even header": "Series · The line",
            "first header": "",
            "default footer": "The House\t1",
            "even footer": "1\tThe House",
            "first footer": "The House\t1",
        }
        assert has_property(section, "titlePg")
        assert has_property(file.xml("word/settings.xml"), "evenAndOddHeaders")

    def test_the_tab_leads_to_the_outer_margin(self, file):
        for id in ("Header", "Footer"):
            stop = find(file.styles[id], "pPr/tabs/tab")
            assert (stop.get(f"{W}val"), int(stop.get(f"{W}pos"))) == ("right", WIDTH)

    def test_the_folio_is_a_field(self):
        file = render_docx(paragraph("Words."), **META)
        (foot,) = [r for r in sections(file)[0] if r.tag == f"{W}footerReference"][:1]
        part = file.linked(foot)
        assert [f.text.split() for f in part.iter(f"{W}instrText")] == [["PAGE"]]
        assert fields(part) == ["begin", "separate", "end"]

    def test_a_cover_has_neither(self):
        file = render_docx(Section((paragraph("Words."),), role="cover"), **META)
        shown = read_headers_footers(file, sections(file)[0])
        assert (shown["first header"], shown["first footer"]) == ("", "")
        assert shown["even footer"] == "1\tThe House"

    def test_without_a_series_the_left_head_is_the_title(self):
        file = render_docx(paragraph("Words."), title="The line")
        assert read_headers_footers(file, sections(file)[0])["even header"] == "The line"

    def test_words_from_right_to_left_are_so_in_heads_too(self):
        file = render_docx(paragraph("Words."), running_head="שלום")
        (head,) = [r for r in sections(file)[0] if r.get(f"{W}type") == "even"][:1]
        assert has_property(file.linked(head).find(f".//{W}r"), "rPr/rtl")


class TestRunningHeads:
    """A part that starts a page and says its own head is a section of Word's."""

    def heads(self, *blocks) -> list[tuple[str, str]]:
        """Return each section's last words and the head of its right-hand pages."""
        file = render_docx(*blocks, title="Title")
        found, last = [], ""
        for element in file.body:
            last = read_text(element) or last
            for section in element.iter(f"{W}sectPr"):
                found.append(
                    (last, read_headers_footers(file, section)["default header"].lstrip("\t"))
                )
        return found

    def part(self, text: str, running: str = "", role: str = "") -> Section:
        return Section((paragraph(text),), running=running, role=role)

    def test_each_part_has_its_own(self):
        parts = (
            self.part("front"),
            PageBreak(),
            self.part("a", "A"),
            PageBreak(),
            self.part("b", "B"),
        )
        assert self.heads(*parts) == [("front", "Title"), ("a", "A"), ("b", "B")]

    def test_the_first_part_may_have_one_at_once(self):
        assert self.heads(self.part("a", "A"), paragraph("after")) == [("after", "A")]

    def test_parts_with_the_same_head_are_one_section(self):
        parts = self.part("a", "A"), PageBreak(), self.part("b", "A"), PageBreak(), self.part("c")
        assert self.heads(*parts) == [("b", "A"), ("c", "Title")]

    def test_parts_that_share_pages_have_the_title(self):
        parts = self.part("a"), PageBreak(), self.part("b", "B"), self.part("c", "C")
        assert self.heads(*parts) == [("a", "Title"), ("c", "Title")]
        assert self.heads(self.part("a"), self.part("b", "B")) == [("b", "Title")]

    def test_what_says_nothing_keeps_the_head(self):
        parts = self.part("a"), PageBreak(), self.part("b", "B"), self.part("end", role="imprint")
        assert self.heads(*parts) == [("a", "Title"), ("end", "B")]

    def test_a_section_starts_the_page_and_not_the_paragraph_as_well(self):
        parts = self.part("a"), PageBreak(), Section((Heading(2, words("B")),), running="B")
        file = render_docx(*parts)
        assert not broken(file)

    def test_a_heading_beside_a_box_is_none_that_a_field_follows(self):
        """It has a style of its own there: the field would find the next part's."""
        box = Box((paragraph("Facts."),), "at-a-glance")
        file = render_docx(box, Section((Heading(2, words("Ash")),), running="Ash"))
        head = file.linked(find(sections(file)[0], "headerReference"))
        assert read_text(head).strip() == "Ash"
        assert not [*head.iter(f"{W}instrText")]

    def test_what_a_part_s_heading_says_follows_the_heading(self):
        """In Word, a new part has its head at once."""
        parts = Section((Heading(2, words("Ash")),), running="Ash"), PageBreak(), Section(
            (Heading(2, words("What does it cost?")),), running="Cost"
        )  # fmt: skip
        file = render_docx(*parts)
        first, second = (file.linked(find(s, "headerReference")) for s in sections(file))
        assert [f.text.split() for f in first.iter(f"{W}instrText")] == [["STYLEREF", "1", "\\l"]]
        assert [*second.iter(f"{W}instrText")] == []
        assert (read_text(first), read_text(second)) == ("\tAsh", "\tCost")

    def test_only_the_first_section_says_all(self):
        file = render_docx(self.part("a"), PageBreak(), self.part("b", "B"))
        first, second = sections(file)
        assert has_property(first, "titlePg")
        assert not has_property(second, "titlePg")
        assert {*read_headers_footers(file, second)} == {"default header"}
        assert find(second, "pgSz").attrib == find(first, "pgSz").attrib

    def test_a_section_ends_after_the_contents_not_in_them(self):
        """Word writes the entries anew and would lose the section with the last of them."""
        parts = Contents((Entry(1, "b", words("B")),)), PageBreak(), Section(
            (Heading(2, words("B"), id="b"),), running="B"
        )  # fmt: skip
        (ending,) = [p for p in render_docx(*parts).paragraphs if find(p, "pPr/sectPr") is not None]
        assert get_style(ending) == "AfterTable"


class TestPageBreaks:
    def test_the_next_paragraph_starts_a_page_at_its_top(self):
        file = render_docx(
            paragraph("one"), PageBreak(), Heading(2, words("two")), paragraph("three")
        )
        assert broken(file) == ["two"]

    def test_two_in_a_row_are_one(self):
        assert broken(
            render_docx(paragraph("one"), PageBreak(), PageBreak(), paragraph("two"))
        ) == ["two"]

    def test_one_at_the_end_makes_no_empty_page(self):
        file = render_docx(paragraph("one"), PageBreak())
        assert file.read() == [("BodyText", "one")]
        assert not broken(file)

    def test_one_before_a_list_a_quote_a_box_or_a_table(self):
        for block in (
            List(make_items("two")), Quote((paragraph("two"),)), Box((paragraph("two"),)),
            make_table(("two",), ("-",)),
        ):  # fmt: skip
            assert broken(render_docx(paragraph("one"), PageBreak(), block)) == ["two"]

    def test_one_before_the_facts_is_before_what_they_hang_on(self):
        facts = Box((paragraph("facts"),), "at-a-glance")
        file = render_docx(paragraph("one"), PageBreak(), facts, paragraph("two"))
        (starting,) = [p for p in file.paragraphs if has_property(p, "pPr/pageBreakBefore")]
        assert starting.getprevious().tag == f"{W}tbl"

    def test_the_specimen_breaks_where_its_document_does(self, file):
        ended = [p for p in file.paragraphs if find(p, "pPr/sectPr") is not None]
        assert len(broken(file)) + len(ended) == 3


def fields(element) -> list[str]:
    return [f.get(f"{W}fldCharType") for f in element.iter(f"{W}fldChar")]


class TestContents:
    BLOCKS = (
        Section(
            (
                Heading(2, words("In this brief")),
                Contents(
                    (
                        Entry(1, "one", words("One")),
                        Entry(2, "two", words("Two")),
                        Entry(1, "three", words("Three")),
                    )
                ),
            ),
            role="contents",
        ),
        Heading(2, words("One"), id="one"),
        Heading(3, words("Two"), id="two"),
        Heading(2, words("Three"), id="three"),
    )

    def test_they_are_a_field_that_word_can_renew(self):
        file = render_docx(*self.BLOCKS)
        first = file.body.find(f".//{W}instrText")
        assert first.text.split() == ["TOC", "\\o", '"1-2"', "\\h", "\\z", "\\u"]
        depth = 0
        for kind in fields(file.body):
            depth += {"begin": 1, "separate": 0, "end": -1}[kind]
            assert depth >= 0
        assert depth == 0

    def test_the_entries_are_filled_in_from_the_printed_pages(self):
        options = specimen.make_options(pages={"one": 2, "two": 3, "three": 14})
        file = render_docx(*self.BLOCKS, options=options)
        assert file.read()[:4] == [
            ("TOCHeading", "In this brief"),
            ("TOC1", "One\t2"), ("TOC2", "Two\t3"), ("TOC1", "Three\t14"),
        ]  # fmt: skip

    def test_each_entry_leads_to_its_heading(self):
        file = render_docx(*self.BLOCKS)
        for text in ("One", "Two", "Three"):
            entry, heading = (p for p in file.paragraphs if read_text(p).startswith(text))
            (name,) = list_places(heading)
            assert get_value(entry, "hyperlink", "anchor") == name
            numbers = [i.text.split() for i in entry.iter(f"{W}instrText")][-1]
            assert numbers == ["PAGEREF", name, "\\h"]

    def test_dots_lead_to_the_outer_margin(self):
        file = render_docx(*self.BLOCKS)
        for level, inset in (1, 0), (2, STEP), (3, 2 * STEP):
            how = file.styles[f"TOC{level}"]
            stop = find(how, "pPr/tabs/tab")
            assert (stop.get(f"{W}leader"), int(stop.get(f"{W}pos"))) == ("dot", WIDTH)
            indent = find(how, "pPr/ind")
            assert (0 if indent is None else int(indent.get(f"{W}left"))) == inset

    def test_their_own_heading_is_not_among_them_when_word_renews_them(self):
        file = render_docx(*self.BLOCKS)
        assert find(file.styles["TOCHeading"], "pPr/outlineLvl") is None

    def test_contents_of_nothing_are_nothing(self):
        file = render_docx(Contents(()), paragraph("Words."))
        assert file.read() == [("BodyText", "Words.")]
        assert not fields(file.body)


class TestPlaces:
    def test_every_link_and_page_number_leads_somewhere(self, file):
        names = [b.get(f"{W}name") for b in file.body.iter(f"{W}bookmarkStart")]
        anchors = {link.get(f"{W}anchor") for link in file.body.iter(f"{W}hyperlink")} - {None}
        numbers = {
            i.text.split()[1] for i in file.body.iter(f"{W}instrText") if "PAGEREF" in i.text
        }
        assert anchors
        assert numbers
        assert anchors | numbers <= {*names}
        assert len({*names}) == len(names)

    def test_a_bookmark_begins_and_ends_in_its_paragraph(self, file):
        starts = list(file.body.iter(f"{W}bookmarkStart"))
        ends = {end.get(f"{W}id"): end for end in file.body.iter(f"{W}bookmarkEnd")}
        assert len(ends) == len(starts)
        for start in starts:
            end = ends[start.get(f"{W}id")]
            to_the_end = start.get(f"{W}name").startswith("_contents")
            assert end.getparent() is (file.paragraphs[-1] if to_the_end else start.getparent())
            assert start.getparent().tag == f"{W}p"

    def test_names_are_such_as_word_takes(self):
        long = "a-rather-long-name-for-an-answer-in-the-second-question"
        ids = (long, long + "-too", "q1.ash", "q1-ash", "Q1.Ash", "été", "1")
        file = render_docx(*(Paragraph(words(id), id=id) for id in ids))
        names = [name for p in file.paragraphs for name in list_places(p)]
        assert all(len(name) <= 40 and name.replace("_", "a").isalnum() for name in names)
        assert all(name.isascii() and name.startswith("_") for name in names)
        assert len({name.lower() for name in names}) == len(ids)

    @pytest.mark.parametrize(
        "block",
        [
            Section((paragraph("here"),), id="x"),
            Section((Section((Box((paragraph("here"),)),)),), id="x"),
            Heading(2, words("here"), id="x"),
            Paragraph(words("here"), id="x"),
            List((Item((paragraph("here"),), id="x"),)),
            List((Item((Paragraph(words("here"), id="x"),)),)),
            Quote((Paragraph(words("here"), id="x"),), words("Ash"), "evidence"),
            Section((make_table(("here",), ("-",)),), id="x"),
        ],
    )
    def test_a_place_is_where_its_words_begin(self, block):
        file = render_docx(block, Paragraph((Reference("x", words("there")),)))
        (place,) = [p for p in file.paragraphs if list_places(p)]
        assert read_text(place).startswith("here")

    def test_a_place_with_no_words_after_it_is_kept(self):
        file = render_docx(
            Paragraph((Reference("x", words("there")),)), PageBreak(), Section((), id="x")
        )
        assert len(list_places(file.body)) == 1
        assert not broken(file)

    def test_a_note_does_not_take_the_place_of_the_words_it_hangs_on(self):
        note = Footnote((paragraph("Note."),))
        file = render_docx(Paragraph((Text("Words"), note), id="x"))
        assert list_places(file.paragraph("Words"))
        assert list_places(file.xml("word/footnotes.xml")) == []

    @pytest.mark.parametrize(("pages", "shown"), [({"x": 12}, "12"), ({}, "–")])
    def test_a_page_number_is_the_printed_one_where_it_is_known(self, pages, shown):
        line = Paragraph((Text("See page "), PageNumber("x")))
        file = render_docx(
            line, Heading(2, words("There"), id="x"), options=specimen.make_options(pages=pages)
        )
        assert read_text(file.paragraph("See")) == f"See page {shown}"


class TestReferences:
    def fields(self, *blocks) -> list[str]:
        file = render_docx(*blocks)
        return [" ".join(f.text.split()) for f in file.body.iter(f"{W}instrText")]

    def test_a_reference_that_is_an_item_s_number_counts_with_the_list(self):
        cited = List((Item((paragraph("Report."),), id="s4"),), ordered=True, start=4)
        line = Paragraph((Reference("s4", words("4")), Text(" "), Reference("s4", words("see"))))
        assert self.fields(line, cited) == ["REF _ref_s4 \\r \\h"]

    def test_a_reference_that_is_a_heading_s_words_follows_them(self):
        line = Paragraph((Reference("h", words("The cost")), Reference("h", words("above"))))
        heading = Heading(2, words("The cost"), id="h")
        assert self.fields(heading, line) == ["REF _ref_h \\h \\* MERGEFORMAT"]
        assert read_text(render_docx(heading, line).paragraphs[-1]) == "The costabove"

    def test_a_note_is_not_said_twice(self):
        heading = Heading(2, (*words("The cost"), Footnote((paragraph("In 2015."),))), id="h")
        assert self.fields(heading, Paragraph((Reference("h", words("The cost")),))) == []


def test_sections_whose_text_begins_at_the_margin():
    for role, begins in ("cover", 0), ("contents", 0), ("imprint", 0), ("about", COLUMN):
        file = render_docx(Section((paragraph("Words."),), role=role))
        assert file.left(file.paragraphs[0]) == begins


def test_contents_do_not_look_at_what_stands_before_them():
    entry = Contents((Entry(1, "b", words("B")),))
    heading = Heading(2, words("B"), id="b")
    file = render_docx(Heading(2, words("A")), entry, heading)
    (toc,) = [f.text.split() for f in file.body.iter(f"{W}instrText") if "TOC" in f.text]
    assert toc[-2] == "\\b"
    (start,) = [s for s in file.body.iter(f"{W}bookmarkStart") if s.get(f"{W}name") == toc[-1]]
    assert read_text(start.getparent().getnext()) == "B"
    alone = render_docx(entry, heading)
    assert not any("\\b" in f.text for f in alone.body.iter(f"{W}instrText"))
