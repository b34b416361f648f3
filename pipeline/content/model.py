"""The content as frozen records: what an article, its summary and its house are.

The type hints are the content format: the loader decodes by them, the JSON
Schemas are written from them and templates read them. Nothing changes a record
once it is made.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pipeline.diagnostics import Diagnostic, Location
from pipeline.document.tree import Address, Block, Image, Inline
from pipeline.records import Count, KeyField, MarkdownText, Pattern, Unfinished, Verbatim, WordLimit

Prose: TypeAlias = Annotated[tuple[Block, ...], MarkdownText()]
ID: Final = Pattern("[a-z][a-z0-9-]*", "an id has lower-case letters a–z, digits and hyphens")
Identifier: TypeAlias = Annotated[str, ID]
LANGUAGE: Final = Pattern("[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", "a language tag such as en-US or fr")
Language: TypeAlias = Annotated[str, LANGUAGE]
WebAddress: TypeAlias = Annotated[
    str, Pattern(r"https?://\S+", "an address that begins with https://")
]
Paper: TypeAlias = Literal["a4", "letter", "a5"]
QuotationMarks: TypeAlias = Literal["both", "unclosed", "none"]
"""Which of an answer's outer quotation marks the source has."""


# --- article.md ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The series that the article belongs to."""

    name: Annotated[str, "The series' name, as printed."]
    note: Annotated[Prose, "What the series says of itself. Markdown."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the article and put the questions."""

    id: Identifier
    name: str
    bio: Annotated[Prose, "The note about the author. Markdown."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """One of those who answer."""

    id: Identifier
    name: Annotated[str, "The full name, as printed."]
    descriptor: Annotated[str, "What stands behind the name, exactly as printed."] = ""
    roles: Annotated[tuple[str, ...], "The positions that the descriptor names."] = ()
    affiliation: Annotated[str, "The present organisation, short enough for a table."] = ""
    bio: Annotated[Prose, "The note about the expert. Markdown."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedLine:
    """A line of the source that is neither content nor metadata."""

    line: Annotated[int, "Its line number in the source."]
    text: Annotated[str, Verbatim()]
    reason: Annotated[str, Verbatim()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSource:
    """Where the article's words were taken from."""

    file: Annotated[
        str, Verbatim(), "The file beside article.md that holds the text as published."
    ] = ""
    address: Annotated[WebAddress, "Where it was published."] = ""
    sha256: Annotated[
        str, Pattern("[0-9a-f]{64}", "64 hexadecimal digits, as `sha256sum` prints them")
    ] = ""
    skipped: tuple[SkippedLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A roundtable article's front matter."""

    title: Annotated[str, "The title, as printed."]
    short_title: Annotated[str, "The title for covers and running heads."] = ""
    series: Annotated[Series | None, "The series that the article belongs to."] = None
    date: Annotated[datetime.date | None, "The day of publication, YYYY-MM-DD."] = None
    language: Annotated[Language, "The language of the text, such as en-US; else the house's."] = ""
    authors: Annotated[
        tuple[Author, ...], KeyField("id"), "Author ids, each with name and bio."
    ] = ()
    topics: tuple[str, ...] = ()
    experts: Annotated[
        tuple[Expert, ...], KeyField("id"), Count(1), "Expert ids, each with name and position."
    ]
    about: Annotated[Prose, "The note about the publisher's programme. Markdown."] = ()
    related: Annotated[tuple[str, ...], "Related experts or articles, as printed."] = ()
    credits: Annotated[tuple[str, ...], "Image and other credits, as printed."] = ()
    notes: Annotated[tuple[Annotated[str, Verbatim()], ...], "Editorial notes, never printed."] = ()
    source: Annotated[ArticleSource | None, "Where the words were taken from."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a moderator said between the answers: an author who is no expert."""

    address: Address
    """``q1.handler``; the turns of one moderator at a question have the same."""
    speakers: tuple[Author, ...]
    blocks: tuple[Block, ...]
    quotes: QuotationMarks = "both"
    is_turn: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one expert, or several together, said to a question."""

    address: Address
    """``q1.ciglic``; joint answers are ``q1.han+hashman``."""
    experts: tuple[Expert, ...]
    lead_in: tuple[Turn, ...] = ()
    """The moderator's turns that lead to it."""
    blocks: tuple[Block, ...]
    quotes: QuotationMarks = "both"
    closing: tuple[Turn, ...] = ()
    """The turns behind the question's last answer, to which nobody answers."""
    is_turn: ClassVar[bool] = False

    @property
    def speakers(self) -> tuple[Expert, ...]:
        """Who speaks, as of a turn."""
        return self.experts


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its answers, in the order in which they were given."""

    id: str
    number: int
    text: tuple[Inline, ...]
    turns: tuple[Turn, ...] = ()
    """The moderator's turns where nobody answers at all."""
    answers: tuple[Answer, ...]

    @property
    def spoken(self) -> tuple[Answer | Turn, ...]:
        """The answers with the turns between them, in their order."""
        spoken: list[Answer | Turn] = [*self.turns]
        for given in self.answers:
            spoken += [*given.lead_in, given, *given.closing]
        return tuple(spoken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(FrontMatter):
    """A roundtable article: its front matter and its body."""

    slug: str
    introduction: tuple[Block, ...]
    questions: tuple[Question, ...]


# --- summary.yaml -------------------------------------------------------------------

AnswerAddress: TypeAlias = Annotated[
    str,
    Pattern(
        r"[a-z][a-z0-9-]*\.[a-z][a-z0-9+-]*", "question and expert with a dot, such as q1.ciglic"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedEvidence:
    """Words quoted verbatim from an answer."""

    answer: Annotated[AnswerAddress, "The answer that is quoted, such as q1.ciglic."]
    quote: Annotated[
        str, Verbatim(), "Its words, verbatim; an elision is […], an insertion [in brackets]."
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class BottomLine:
    """The one thing to remember."""

    text: Annotated[str, WordLimit(60)]
    evidence: tuple[QuotedEvidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A statement with the words that bear it out."""

    text: Annotated[str, WordLimit(30), Unfinished()]
    evidence: Annotated[tuple[QuotedEvidence, ...], Count(1), Unfinished()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeaway:
    """A finding, with the words that bear it out."""

    text: Annotated[str, WordLimit(25), Unfinished()]
    evidence: Annotated[tuple[QuotedEvidence, ...], Count(1), Unfinished()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What an expert holds on a question, for one cell of the matrix."""

    text: Annotated[str, WordLimit(12), Unfinished()]
    quote: Annotated[
        str,
        Unfinished(),
        Verbatim(),
        "The words of that expert's answer that bear it out, verbatim.",
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A glossary entry."""

    term: str
    definition: Annotated[str, WordLimit(30), Unfinished()]
    evidence: tuple[QuotedEvidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Material that an editor wrote for the policymaker summary."""

    standfirst: Annotated[str, WordLimit(40)]
    bottom_line: BottomLine
    takeaways: Annotated[tuple[Takeaway, ...], Count(3, 5), Unfinished()]
    question_labels: Annotated[
        Mapping[str, Annotated[str, WordLimit(6)]], "Question id to a short label, for the matrix."
    ]
    positions: Annotated[
        Mapping[str, Mapping[str, Position]], "Question id to expert id to position."
    ]
    agreements: Annotated[tuple[Point, ...], "Where the experts agree."] = ()
    differences: Annotated[tuple[Point, ...], "Where they differ."] = ()
    options: Annotated[tuple[Point, ...], "What policymakers could do."] = ()
    glossary: tuple[Term, ...] = ()
    pull_quotes: Annotated[tuple[QuotedEvidence, ...], "Words to set large, one a question."] = ()


# --- house.yaml ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom readers may write to."""

    name: str
    email: Annotated[str, Pattern(r"[^@\s]+@[^@\s]+", "an e-mail address")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """The publisher's mark."""

    file: Annotated[str, Verbatim(), "A PNG or JPEG in the content folder."]
    alt: Annotated[str, "What it shows, for those who do not see it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The publisher."""

    name: str
    unit: Annotated[str, "The programme or department."] = ""
    address: str = ""
    website: WebAddress = ""
    logo: Logo | None = None
    licence: str = ""
    disclaimer: str = ""
    citation: Annotated[str, "How to cite, if the house has a form of its own."] = ""
    contacts: tuple[Contact, ...] = ()
    language: Annotated[Language, "The language of articles that name none."] = "en"
    paper: Annotated[Paper, "The paper that briefs are set for."] = "a4"


# --- the whole ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A line of the quote ledger: quoted words, found verbatim in their answer."""

    quote: str
    answer: str
    expert: str
    question: str
    used: Address
    line: int
    """The line of article.md on which the quoted words begin."""
    sha256: str
    """Of the answer's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One article with all that a brief of it is made from."""

    article: Article
    house: House
    summary: Summary | None
    quotations: tuple[Quotation, ...]
    places: Mapping[Address, Location] = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    """The lines of article.md."""
    inputs: Mapping[str, str] = field(repr=False)
    """Each file that was read, by its path, with its sha256."""
    warnings: tuple[Diagnostic, ...] = ()
    """What is odd and stops nothing, such as an expert who answers no question."""
    summary_errors: tuple[Diagnostic, ...] = ()
    """What is wrong with a summary that was left out for it."""
    images: Mapping[str, Image] = field(default_factory=dict, repr=False)
    """The images that the words or the house show, by path."""
    redacted_words: tuple[str, ...] = field(default=(), repr=False)
    """Words that no brief may hold, under the Chatham House Rule."""

    @property
    def sha256(self) -> str:
        """The edition's fingerprint: it changes when, and only when, a file of it does."""
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.inputs.items()))
        return hashlib.sha256(listed.encode()).hexdigest()
