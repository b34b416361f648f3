"""An article's body: its headings to questions and answers, the text under them to blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal, cast, get_args

from markdown_it.tree import SyntaxTreeNode

from pipeline.content.model import (
    ID,
    Answer,
    Author,
    Expert,
    FrontMatter,
    Question,
    QuotationMarks,
    Turn,
)
from pipeline.diagnostics import Findings, Location, suggest_names
from pipeline.document.markdown_reader import MarkdownReader, ParsedMarkdown
from pipeline.document.markdown_tables import iterate_rows, name_cell
from pipeline.document.tree import Address, Block, Figure, Footnote, Text, to_plain_text, walk
from pipeline.records import get_field_hints


@dataclass(slots=True)
class _HeadedPart:
    """A question's or an answer's heading with the blocks under it."""

    node: SyntaxTreeNode
    text: str
    """As it was written, without its attributes."""
    attributes: Mapping[str, str]
    at: Location
    blocks: list[SyntaxTreeNode]

    @property
    def is_question(self) -> bool:
        """Whether it is a question's."""
        return self.node.tag == "h1"


@dataclass(frozen=True, slots=True)
class ArticleBody:
    """What stands below an article's front matter."""

    introduction: tuple[Block, ...]
    questions: tuple[Question, ...]


def read_body(
    text: str,
    markdown: MarkdownReader,
    speakers: Mapping[str, Expert | Author] | None,
    places: MutableMapping[Address, Location],
) -> ArticleBody:
    """Read an article's body; what is wrong with it goes into the Markdown's findings.

    ``speakers`` are those who may speak, by id, None when they are not known; ``places`` is filled.
    """
    reader = _BodyReader(markdown.parse(text), markdown.findings, speakers, places)
    opening, headings = reader.split_at_headings()
    introduction = reader.read_blocks("introduction", opening)
    return ArticleBody(introduction, reader.read_questions(headings))


@dataclass(frozen=True, slots=True)
class _BodyReader:
    """One article's parsed body, with what its parts are looked up in."""

    _markdown: ParsedMarkdown
    _findings: Findings
    _speakers: Mapping[str, Expert | Author] | None
    _places: MutableMapping[Address, Location]
    _counts: dict[Address, int] = field(default_factory=dict)
    """How many blocks of each answer were read."""

    def split_at_headings(self) -> tuple[list[SyntaxTreeNode], list[_HeadedPart]]:
        """Split the body at its questions and answers."""
        opening: list[SyntaxTreeNode] = []
        headings: list[_HeadedPart] = []
        for node in self._markdown.nodes:
            if node.type == "heading" and node.tag in ("h1", "h2"):
                words, attributes = self._take_attributes(node)
                headings.append(
                    _HeadedPart(node, words, attributes, self._markdown.locate_node(node), [])
                )
            elif headings:
                headings[-1].blocks.append(node)
            else:
                opening.append(node)
        return opening, headings

    def _take_attributes(self, node: SyntaxTreeNode) -> tuple[str, dict[str, str]]:
        """Take the ``{#id key=value}`` attributes off a heading; return its Markdown and them."""
        text = node.children[0].content
        words = node.children[0].children
        last = words[-1].token if words and words[-1].type == "text" else None
        match = re.search(r"\s*\{([^{}]*[^{}\s][^{}]*)\}$", last.content) if last else None
        if not last or not match:
            return text, {}
        last.content = last.content[: match.start()]
        attributes: dict[str, str] = {}
        for word in match[1].split():
            name, _, value = ("id", "", word[1:]) if word[0] == "#" else word.partition("=")
            if name in attributes:
                self._findings.add_error(
                    "duplicate-id",
                    f"the heading's `{name}` is written twice",
                    self._markdown.locate_node(node),
                    "once is enough",
                )
            attributes[name] = value
        return text[: text.rindex("{")].rstrip(), attributes

    def read_blocks(self, name: str, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        """Read blocks and number them; a dialogue's later turn goes on where the last one ended."""

        def register_address(number: int, at: Location) -> Address:
            address = Address(f"{key}.{number}")
            self._places[address] = at
            return address

        key = Address(f"article.md#{name}")
        before = self._counts.get(key, 0)
        for number, node in enumerate(nodes, before + 1):
            for row, cells in enumerate(iterate_rows(node) if node.type == "table" else (), 1):
                for column, _ in enumerate(cells.children, 1):
                    address = name_cell(f"{key}.{number}", row, column)
                    self._places[address] = self._markdown.locate_node(cells)
        self._counts[key] = before + len(nodes)
        return self._markdown.read_blocks(nodes, register_address, before + 1)

    # --- questions --------------------------------------------------------------------

    def read_questions(self, headings: Sequence[_HeadedPart]) -> tuple[Question, ...]:
        questions: list[Question] = []
        for heading, following in zip_longest(headings, headings[1:]):
            if heading.is_question:
                questions.append(self._read_question(heading, questions))
            elif not questions:
                self._findings.add_error(
                    "answer-without-question",
                    f"the answer `{heading.text}` stands before the first question",
                    heading.at,
                    "a question is a heading `# … {#q1}` above its answers",
                )
            elif said := self._read_answer(heading, questions[-1].id):
                questions[-1] = _add_spoken(questions[-1], said)
            if questions and (following is None or following.is_question):
                questions[-1] = self._end_question(questions[-1], heading)
        if not questions:
            self._findings.add_error(
                "no-questions",
                "the article has no question",
                Location(self._markdown.reader.file, self._markdown.reader.first_line),
                "a question is a heading `# … {#q1}`, an answer below it `## expert-id`",
            )
        return tuple(questions)

    def _end_question(self, question: Question, last: _HeadedPart) -> Question:
        """Give the turns that nobody answered to the question's last answer, if it has one."""
        if question.answers:
            closed = replace(question.answers[-1], closing=question.turns)
            return replace(question, answers=(*question.answers[:-1], closed), turns=())
        if last.is_question or question.turns:
            self._findings.add_warning(
                "question-without-answers",
                f"question `{question.id}` has no answer",
                self._places[Address(f"article.md#{question.id}")],
                "if some were given, write each under `## expert-id`",
            )
        return question

    def _read_question(self, heading: _HeadedPart, before: Sequence[Question]) -> Question:
        self._check_attributes(heading, "id")
        if heading.blocks:
            self._findings.add_error(
                "text-without-expert",
                "there is text between the question and its first answer",
                self._markdown.locate_node(heading.blocks[0]),
                "put it under the `## expert-id` whose words it is",
            )
        name = heading.attributes.get("id", f"q{len(before) + 1}")
        self._check_id(name, heading, before)
        address = Address(f"article.md#{name}")
        self._places.setdefault(address, heading.at)
        text = self._markdown.read_inlines(heading.node.children[0].children, address)
        if not to_plain_text(text).strip():
            self._findings.add_error(
                "empty-question", f"question `{name}` has no words", heading.at
            )
        if any(isinstance(part, Footnote) for inline in text for part in (inline, *walk(inline))):
            self._findings.add_error(
                "unsupported-markdown",
                "a footnote cannot stand in a question",
                heading.at,
                "the question is printed in several places; hang the note on an answer",
            )
        return Question(id=name, number=len(before) + 1, text=text, answers=())

    def _check_id(self, name: str, heading: _HeadedPart, before: Sequence[Question]) -> None:
        if not re.fullmatch(ID.regex, name):
            self._findings.add_error(
                "bad-value",
                f"`{name}` cannot be an id",
                heading.at,
                f"{ID.meaning}, such as {{#q1}}",
            )
        elif name == "introduction" or name in get_field_hints(FrontMatter):
            self._findings.add_error(
                "bad-value",
                f"a question cannot have the id `{name}`: addresses use it for another thing",
                heading.at,
                "call it {#q1}, {#q2} …",
            )
        elif any(name == other.id for other in before):
            first = self._places[Address(f"article.md#{name}")]
            self._findings.add_error(
                "duplicate-id",
                f"two questions have the id `{name}`",
                heading.at,
                f"the first one is on line {first.line}",
            )

    # --- answers ----------------------------------------------------------------------

    def _read_answer(self, heading: _HeadedPart, question: str) -> Answer | Turn | None:
        self._check_attributes(heading, "quotes")
        given = self._find_speakers(heading)
        quotes = heading.attributes.get("quotes", "both")
        if quotes not in get_args(QuotationMarks):
            self._findings.add_error(
                "bad-value",
                f"quotes cannot be `{quotes}`",
                heading.at,
                suggest_names(quotes, get_args(QuotationMarks)),
            )
        address = Address(f"{question}.{'+'.join(speaker.id for speaker in given)}")
        self._places.setdefault(Address(f"article.md#{address}"), heading.at)
        found = len(self._findings.found)
        blocks = self.read_blocks(address, heading.blocks)
        silent = not any(isinstance(node, Text | Figure) for b in blocks for node in (b, *walk(b)))
        if silent and len(self._findings.found) == found:  # else it has words, and they are wrong
            self._findings.add_error(
                "empty-answer",
                f"the answer `{heading.text}` to `{question}` has no words",
                heading.at,
                "an expert who did not answer has no heading under the question",
            )
        return _make_spoken(given, address, blocks, cast("QuotationMarks", quotes))

    def _find_speakers(self, heading: _HeadedPart) -> list[Expert | Author]:
        given: list[Expert | Author] = []
        for name in (part.strip() for part in heading.text.split(",")):
            speaker = (self._speakers or {}).get(name)
            if speaker in given:
                self._findings.add_error(
                    "duplicate-id", f"the answer names `{name}` twice", heading.at, "once is enough"
                )
            elif speaker:
                given.append(speaker)
            elif self._speakers is not None:
                self._findings.add_error(
                    "unknown-expert",
                    f"`{name}` is not one of the article's experts",
                    heading.at,
                    suggest_names(name, self._speakers),
                )
        return given

    def _check_attributes(self, heading: _HeadedPart, known: Literal["id", "quotes"]) -> None:
        for name in heading.attributes:
            if name != known:
                self._findings.add_error(
                    "unknown-attribute",
                    f"a heading like this has no attribute `{name}`",
                    heading.at,
                    suggest_names(name, [known]),
                )


def _make_spoken(
    given: Sequence[Expert | Author],
    address: Address,
    blocks: tuple[Block, ...],
    quotes: QuotationMarks,
) -> Answer | Turn | None:
    """Make an answer, or a turn where none of those who speak is an expert."""
    authors = tuple(speaker for speaker in given if isinstance(speaker, Author))
    if not given:
        return None
    if len(authors) == len(given):
        return Turn(address=address, speakers=authors, blocks=blocks, quotes=quotes)
    # An author who answers together with experts is one of those who answer.
    experts = (s if isinstance(s, Expert) else Expert(id=s.id, name=s.name) for s in given)
    return Answer(address=address, experts=tuple(experts), blocks=blocks, quotes=quotes)


def _add_spoken(question: Question, said: Answer | Turn) -> Question:
    """Add an answer with the turns that lead to it, or a turn that waits for its answer."""
    if isinstance(said, Turn):
        return replace(question, turns=(*question.turns, said))
    answer = replace(said, lead_in=question.turns)
    return replace(question, answers=(*question.answers, answer), turns=())
