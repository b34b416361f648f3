"""A Document that has every kind of node and every role, for the tests of the renderers."""

from __future__ import annotations

import hashlib
import io

from PIL import Image as Picture

from pipeline.diagnostics import Location
from pipeline.document.tree import (
    Address,
    Box,
    Cell,
    Comment,
    Contents,
    Definition,
    Definitions,
    Document,
    Emphasis,
    Entry,
    Figure,
    Footnote,
    Heading,
    Image,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    Meta,
    PageBreak,
    PageNumber,
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
from pipeline.render.contract import RenderOptions
from tests.support.paths import ROOT

SHARED = ROOT / "templates" / "_shared"

PROSE = (
    "The negotiations took four years, and the delegations that stayed to the end were not the "
    "ones that had come with the longest instructions. What they agreed on in 2021 fits on a page: "
    "eleven norms, a point of contact in each capital, and a promise to meet again. "
    "What they left open would fill the shelves of a ministry’s library, from 1998 onwards. "
)


def words(text: str) -> tuple[Inline, ...]:
    return (Text(text),)


def paragraph(text: str, role: str = "") -> Paragraph:
    return Paragraph(words(text), role=role)


def picture() -> Image:
    buffer = io.BytesIO()
    Picture.linear_gradient("L").resize((120, 60)).save(buffer, "PNG")
    data = buffer.getvalue()
    return Image(data, "image/png", 120, 60, hashlib.sha256(data).hexdigest())


def make_options(paper: str = "a4", css: str = "", **given: object) -> RenderOptions:
    """The shipped theme and stylesheets of a paper, with more CSS after them."""
    tokens = theme.load_theme(_shared("theme.yaml", f"{paper}.yaml"))
    sheets = [text for _, text in _shared("base.css", f"{paper}.css")]
    return RenderOptions(tokens, "\n".join([*sheets, css]), paper, **given)  # type: ignore[arg-type]


def _shared(*names: str) -> list[tuple[str, str]]:
    paths = [SHARED / name for name in names]
    return [(path.name, path.read_text("utf-8")) for path in paths if path.is_file()]


PLACES = {Address("article.md#q1.ash.1"): Location("content/talks/article.md", 41, 7)}


def cover() -> Section:
    return Section(
        (
            Figure("map", "The mark of the house", role="logo"),
            paragraph("Roundtable · Number 5 · 4 March 2021", "strip"),
            Heading(1, words("Who keeps the line open when the talks have stopped?"), id="title"),
            paragraph("Five views from five desks", "subtitle"),
            paragraph("Five practitioners on what a treaty can and cannot hold.", "standfirst"),
            paragraph("Edited by R. Elm", "byline"),
            Figure("map", "A grey ramp from dark to light", words("From closed to open.")),
            paragraph("Printed for the seminar of 4 March.", "imprint"),
        ),
        role="cover",
        id="cover",
    )


def contents() -> Section:
    return Section(
        (
            Heading(2, words("Contents"), id="contents"),
            Contents(
                (
                    Entry(1, "summary", words("Summary")),
                    Entry(1, "q1", words("Should states treat the open line as a public good?")),
                    Entry(2, "q1-ash", words("Ash")),
                    Entry(3, "q1-ash-more", words("What came after")),
                    Entry(1, "q2", words("And what should it cost? " * 4 + "An answer.")),
                )
            ),
            PageBreak(),
        ),
        role="contents",
        running="In this brief",
    )


def summary() -> Section:
    takeaway = Item(
        (
            paragraph("Keep the line open: it is cheap."),
            Quote(
                words_block("It cost us nothing to pick up."), words("Ash, question 1"), "evidence"
            ),
        ),
        id="takeaway-1",
    )
    facts = Table(
        head=(Row((Cell(words("Year"), "col"), Cell(words("Calls"), "col"))),),
        children=(
            Row((Cell(words("1998"), "row"), Cell(words("1,204")))),
            Row((Cell(words("2021"), "row"), Cell(words("317")))),
        ),
        caption=words("Calls made, by year."),
        role="facts",
    )
    return Section(
        (
            Heading(2, words("Summary"), id="summary"),
            Box(
                (
                    paragraph("Bottom line", "box-title"),
                    paragraph("Fund the line, name who answers it, and test it twice a year."),
                ),
                role="bottom-line",
            ),
            List((takeaway, Item((paragraph("Test it."),))), ordered=True, role="takeaways"),
            Box(
                (
                    paragraph("At a glance", "box-title"),
                    Definitions(
                        (
                            Definition(words("Experts"), (paragraph("Five"),)),
                            Definition(words("Reading time"), (paragraph("Nine minutes"),)),
                        )
                    ),
                ),
                role="at-a-glance",
            ),
            facts,
            List(
                (Item((paragraph("Pay for it."),)), Item((paragraph("Share it."),))), role="options"
            ),
            Box((paragraph("A note in a frame."),), role="note"),
        ),
        role="summary",
    )


def words_block(text: str) -> tuple[Paragraph, ...]:
    return (paragraph(text),)


def answers() -> Section:
    note = Footnote((paragraph("The report of 2015, paragraph 13."),))
    long_note = Footnote(
        (
            paragraph("Two reasons:"),
            List((Item((paragraph("cost;"),)), Item((paragraph("habit."),)))),
        )
    )
    first = Paragraph(
        (
            Text(PROSE, Address("article.md#q1.ash.1")),
            Emphasis(words("Nobody")),
            Text(" had "),
            Strong((Text("planned "), Emphasis(words("anything")))),
            Text(" of the kind,"),
            note,
            Comment("Is that so?"),
            Text(" says "),
            Span("name", words("Ash")),
            Text(" ("),
            Span("affiliation", words("Open Line Office")),
            Text("), no. "),
            Span("number", words("5")),
            Text(", on the "),
            Span("term", words("open line")),
            Text(". "),
            Span("cite", (Reference("source-1", words("1")),)),
            Text(" "),
            Span("label", words("See")),
            Text(" "),
            Reference("q2", words("the second question")),
            Text(" (page "),
            PageNumber("q2"),
            Text(") and "),
            Link("https://www.example.org/line?a=1&b=2", words("the register")),
            Text("."),
            LineBreak(),
            Text("A new line."),
            long_note,
        ),
        id="q1.ash.1",
    )
    matrix = Table(
        head=(
            Row(
                (
                    Cell(words("Question"), "col"),
                    *(Cell(words(name), "col") for name in ("Ash", "Birch", "Cedar")),
                )
            ),
        ),
        children=tuple(
            Row(
                (
                    Cell(words(f"Question {number}: should it be kept?"), "row"),
                    Cell(words("Yes, at any price that a ministry can bear")),
                    Cell(words("Only between neighbours")),
                    Cell((Text("No; see p. "), PageNumber("q2"))),
                )
            )
            for number in range(1, 26)
        ),
        caption=words("Who holds what."),
        role="matrix",
    )
    return Section(
        (
            paragraph("Question 1", "number"),
            Heading(2, words("Should states treat the open line as a public good?"), id="q1"),
            paragraph("Opening words that lead into the question.", "lead"),
            Section(
                (
                    Heading(3, words("Ash"), id="q1-ash"),
                    paragraph("Open Line Office, São Tomé", "affiliation"),
                    first,
                    *(paragraph(PROSE * 2) for _ in range(4)),
                    Quote(words_block("It cost us nothing to pick up."), words("Ash"), "pull"),
                    Heading(4, words("What came after"), id="q1-ash-more"),
                    *(paragraph(PROSE) for _ in range(3)),
                    Quote((paragraph("A quote of two paragraphs."), paragraph("The second."))),
                    List(
                        (
                            Item(
                                (
                                    paragraph("A thing with parts:"),
                                    List((Item((paragraph("one part"),)),)),
                                )
                            ),
                            Item((paragraph("another thing."),)),
                        )
                    ),
                    List(
                        (Item((paragraph("the fourth;"),)), Item((paragraph("the fifth."),))),
                        ordered=True,
                        start=4,
                    ),
                ),
                role="answer",
            ),
            Section((paragraph("R. Elm", "name"), paragraph("And you, Birch?")), role="turn"),
            matrix,
        ),
        role="question",
        running="1 · The open line",
    )


def rest() -> Section:
    return Section(
        (
            PageBreak(),
            Heading(2, words("And what should it cost? " * 4 + "An answer."), id="q2"),
            paragraph("Birch", "name"),
            paragraph("Quoted by its author.", "attribution"),
            paragraph("A caption on its own.", "caption"),
            paragraph("A note on its own.", "note"),
            paragraph(PROSE),
            List(
                (Item((paragraph("Report of 2015."),), id="source-1"),),
                ordered=True,
                role="sources",
            ),
            List((Item((paragraph("An unmarked item."),)),), role="plain"),
            paragraph("Source: the register.", "source"),
        ),
        role="sources",
    )


def back_matter() -> tuple[Section, ...]:
    return (
        Section(
            (
                Heading(2, words("The experts"), id="experts"),
                Section((Heading(3, words("Cedar"), id="cedar"), paragraph("A judge.")), "expert"),
            )
        ),
        Section(
            (
                Heading(2, words("Glossary"), id="glossary"),
                Definitions((Definition(words("Open line"), (paragraph("A line kept open."),)),)),
            ),
            role="glossary",
        ),
        Section((Heading(2, words("About"), id="about"), paragraph("R. Elm edits.")), "about"),
        Section((paragraph("Edition 5.", "imprint"),), role="imprint"),
    )


def document() -> Document:
    return Document(
        Meta(
            title="Who keeps the line open when the talks have stopped?",
            language="en-GB",
            authors=("R. Elm", "T. Fir"),
            subject="Five practitioners on the open line.",
            keywords=("diplomacy", "open line"),
            publisher="The Line Institute",
            date="2021-03-04",
            running_head="Roundtables · The open line",
        ),
        (
            cover(),
            PageBreak(),
            contents(),
            Section((Heading(2, words("Introduction")), paragraph(PROSE)), role="introduction"),
            summary(),
            answers(),
            rest(),
            *back_matter(),
        ),
        {"map": picture()},
    )
