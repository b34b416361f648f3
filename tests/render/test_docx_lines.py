"""What stands in lines: words in any script, links, notes and pictures."""

import io
import re

import pytest
from PIL import Image as Picture

from pipeline.document.tree import (
    Address,
    Figure,
    Footnote,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    Paragraph,
    Strong,
    Text,
)
from pipeline.render.docx.pictures import fit_image
from tests.support.docx_file import (
    COLUMN,
    WIDTH,
    R,
    find,
    get_style,
    get_value,
    has_property,
    list_runs,
    make_items,
    make_table,
    read_text,
    render_docx,
)
from tests.support.read_outputs import W
from tests.support.specimen import paragraph, picture, words


class TestText:
    def test_spaces_tabs_and_breaks_stay(self):
        file = render_docx(Paragraph((Text("  two  \tspaces "), LineBreak(), Text(" next"))))
        assert read_text(file.paragraphs[0]) == "  two  \tspaces \n next"

    def test_neighbouring_texts_are_one_run(self):
        line = Paragraph(
            (Text("one ", Address("a.md#x")), Text("two ", Address("a.md#y")), Text("three"))
        )
        assert list(list_runs(render_docx(line).body)) == [("one two three", {})]

    def test_a_link_s_address_stands_in_the_relations(self):
        url = "https://example.org/?a=1&b=“2”"
        file = render_docx(Paragraph((Link(url, words("here")),)))
        link = file.body.find(f".//{W}hyperlink")
        assert read_text(link) == "here"
        assert file.links()[link.get(f"{R}id")] == url


class TestWordsFromRightToLeft:
    def test_a_paragraph_that_begins_so_runs_so(self):
        file = render_docx(paragraph("שלום, עולם."), paragraph("Peace."))
        hebrew, english = file.paragraphs
        assert has_property(hebrew, "pPr/bidi")
        assert list(list_runs(hebrew)) == [("שלום, עולם.", {"rtl": None, "lang": None})]
        assert find(english, "pPr/bidi") is None
        assert list(list_runs(english)) == [("Peace.", {})]

    def test_they_are_not_checked_in_the_language_of_the_text(self):
        file = render_docx(paragraph("One שלום two سلام three."))
        languages = [e.get(f"{W}bidi") for e in file.body.iter(f"{W}lang")]
        assert languages == ["he-IL", "ar-SA"]
        fonts = {s.get(f"{W}cs") for s in file.xml("word/styles.xml").iter(f"{W}rFonts")}
        assert fonts == {"Times New Roman", "Arial"}

    def test_such_words_in_a_line_are_a_run_of_their_own(self):
        file = render_docx(paragraph("The word سلام عليكم 2 means peace."))
        assert [(words, "rtl" in given) for words, given in list_runs(file.body)] == [
            ("The word ", False), ("سلام عليكم", True), (" 2 means peace.", False),
        ]  # fmt: skip

    def test_and_the_other_way_round(self):
        file = render_docx(Paragraph((Strong(words("שלום (peace) 2021")),)))
        assert [(words, "rtl" in given) for words, given in list_runs(file.body)] == [
            ("שלום (", True), ("peace", False), (") 2021", True),
        ]  # fmt: skip
        assert all(given["rStyle"] == "Strong" for _, given in list_runs(file.body))

    def test_in_a_text_of_their_language_they_have_that_of_the_text(self):
        file = render_docx(paragraph("سلام، دنیا (NATO)."), language="fa-IR")
        assert not [*file.body.iter(f"{W}lang")]
        defaults = file.xml("word/styles.xml").find(f"{W}docDefaults//{W}lang")
        theme = file.xml("word/settings.xml").find(f"{W}themeFontLang")
        for said_once in (defaults, theme):
            assert said_once.get(f"{W}bidi") == said_once.get(f"{W}val") == "fa-IR"

    def test_a_mark_stays_with_its_letter(self):
        file = render_docx(paragraph("The word مَعَ means with."))
        assert "مَعَ" in [words for words, _ in list_runs(file.body)]


class TestWordsOfOtherScripts:
    """Word has a setting of its own for East Asian scripts and one for complex ones."""

    def test_each_is_a_run_of_its_kind(self):
        file = render_docx(paragraph("Greek Ελληνικά, “日本語”, में and ไทย 🕊."))
        assert [(words, [*given]) for words, given in list_runs(file.body)] == [
            ("Greek Ελληνικά, “", []),
            ("日本語", ["rFonts", "lang"]),
            ("”, ", []),
            ("में", ["cs", "lang"]),
            (" and ", []),
            ("ไทย", ["cs", "lang"]),
            (" 🕊.", []),
        ]
        hints = [e.get(f"{W}hint") for e in file.body.iter(f"{W}rFonts")]
        assert hints == ["eastAsia"]

    def test_each_is_checked_in_a_language_of_its_own(self):
        file = render_docx(
            *map(paragraph, ["中文", "日本のかな", "한국어", "हिन्दी", "ไทย", "தமிழ்"])
        )
        languages = [next(iter(e.attrib.items())) for e in file.body.iter(f"{W}lang")]
        assert languages == [
            (f"{W}eastAsia", "zh-CN"), (f"{W}eastAsia", "ja-JP"), (f"{W}eastAsia", "ko-KR"),
            (f"{W}bidi", "hi-IN"), (f"{W}bidi", "th-TH"), (f"{W}bidi", "ta-IN"),
        ]  # fmt: skip

    def test_what_stands_between_their_words_goes_with_them(self):
        file = render_docx(paragraph("中文“引号”，2021年。"), language="zh-CN")
        assert [(words, [*given]) for words, given in list_runs(file.body)] == [
            ("中文“引号”，2021年。", ["rFonts"])
        ]
        defaults = file.xml("word/styles.xml").find(f"{W}docDefaults//{W}lang")
        assert defaults.get(f"{W}eastAsia") == "zh-CN"


class TestFootnotes:
    def noted(self, *blocks):
        return render_docx(Paragraph((Text("Said"), Footnote(blocks), Text("."))))

    def test_a_note_has_its_number_where_it_hangs_and_in_its_own_part(self):
        file = render_docx(
            Heading(2, (Text("Head"), Footnote((paragraph("First."),)))),
            Paragraph((Text("Said"), Footnote((paragraph("Second."), paragraph("More."))))),
        )
        references = [r.get(f"{W}id") for r in file.body.iter(f"{W}footnoteReference")]
        notes = {n.get(f"{W}id"): n for n in file.xml("word/footnotes.xml")}
        assert references == ["1", "2"]
        assert read_text(notes["1"]) == " First."
        assert [read_text(p) for p in notes["2"]] == [" Second.", "More."]
        assert all(n.find(f".//{W}footnoteRef") is not None for i, n in notes.items() if int(i) > 0)
        assert {n.get(f"{W}type") for i, n in notes.items() if int(i) < 1} == {
            "separator", "continuationSeparator",
        }  # fmt: skip
        run = file.body.find(f".//{W}footnoteReference").getparent()
        assert get_value(run, "rPr/rStyle") == "FootnoteReference"

    def test_a_link_in_a_note_is_the_note_part_s(self):
        file = self.noted(Paragraph((Link("https://example.org/", words("here")),)))
        link = file.xml("word/footnotes.xml").find(f".//{W}hyperlink")
        assert file.links("footnotes")[link.get(f"{R}id")] == "https://example.org/"

    def test_a_note_may_begin_with_a_list_or_a_table(self):
        file = self.noted(List(make_items("cost;", "habit.")))
        assert read_text(file.xml("word/footnotes.xml")[2]) == " cost;habit."
        first = self.noted(make_table(("A",), ("1",))).xml("word/footnotes.xml")[2][0]
        assert first.find(f".//{W}footnoteRef") is not None

    def test_a_document_without_notes_has_only_the_rules_above_them(self):
        assert len(render_docx(paragraph("Words.")).xml("word/footnotes.xml")) == 2


class TestFigures:
    def image(self, width: int, height: int) -> Image:
        data = io.BytesIO()
        Picture.new("L", (width, height)).save(data, "PNG")
        return Image(data.getvalue(), "image/png", width, height, "")

    def sizes(self, file) -> list[tuple[float, float]]:
        """Return the size of each picture in twips."""
        found = file.body.iter("{*}extent")
        return [(int(e.get("cx")) / 635, int(e.get("cy")) / 635) for e in found]

    def test_it_has_words_for_those_who_do_not_see_it(self):
        alt = 'A "grey" ramp & <more>'
        file = render_docx(
            Figure("map", alt, words("From dark to light.")), images={"map": picture()}
        )
        (drawing,) = file.body.iter("{*}docPr")
        assert drawing.get("descr") == alt
        shown, caption = file.paragraphs
        assert file.how(shown, "keepNext") is not None
        assert (get_style(caption), read_text(caption)) == ("Caption", "From dark to light.")

    def test_a_small_image_has_its_own_size(self):
        file = render_docx(Figure("map", "A map"), images={"map": self.image(120, 60)})
        assert self.sizes(file) == [(120 * 15, 60 * 15)]

    @pytest.mark.parametrize(("width", "height"), [(4000, 1000), (1000, 4000), (9000, 9000)])
    def test_a_large_image_fits_and_keeps_its_shape(self, width, height):
        file = render_docx(Figure("map", "A map"), images={"map": self.image(width, height)})
        ((across, down),) = self.sizes(file)
        assert across <= WIDTH - COLUMN
        assert down <= (297 - 22 - 24) / 25.4 * 1440
        assert abs(across / down - width / height) < 0.01

    @pytest.mark.parametrize(("width", "height"), [(100_000, 1), (1, 100_000)])
    def test_an_image_that_is_a_line_is_seen(self, width, height):
        file = render_docx(Figure("map", "A line"), images={"map": self.image(width, height)})
        ((across, down),) = self.sizes(file)
        assert min(across, down) > 0

    def test_an_image_so_deep_in_lists_that_no_room_is_left_is_seen(self):
        assert fit_image(self.image(400, 200), -1500, 9000) == (720, 360)

    def test_one_image_shown_twice_is_one_part_and_two_drawings(self):
        figure = Figure("map", "A map")
        file = render_docx(figure, figure, images={"map": picture()})
        assert len([name for name in file.names if name.startswith("word/media/")]) == 1
        numbers = [d.get("id") for d in file.body.iter("{*}docPr")]
        assert len({*numbers}) == 2

    @pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
    def test_a_photo_of_any_making_is_shown(self, mode):
        data = io.BytesIO()
        Picture.new(mode, (12, 8), 9).save(data, "JPEG")
        bare = re.sub(rb"\xff\xe0\x00\x10JFIF.{10}", b"", data.getvalue(), count=1, flags=re.DOTALL)
        file = render_docx(
            Figure("map", "A map"), images={"map": Image(bare, "image/jpeg", 12, 8, "")}
        )
        (part,) = [name for name in file.names if name.startswith("word/media/")]
        with Picture.open(io.BytesIO(file.parts[part])) as shown:
            assert (shown.size, shown.mode) == ((12, 8), mode)

    def test_a_line_with_a_picture_is_as_high_as_the_picture(self):
        file = render_docx(Figure("map", "A map"), images={"map": picture()})
        assert get_value(file.styles["Figure"], "pPr/spacing", "lineRule") == "auto"
