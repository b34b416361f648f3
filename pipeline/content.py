"""Files to model: reads an article's folder, and says everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from markdown_it.tree import SyntaxTreeNode

from pipeline import characters, images
from pipeline.diagnostics import (
    Findings,
    Location,
    Problems,
    known_names,
    problem,
)
from pipeline.document import Address, Block, Figure, Footnote, Image, Text, plain, walk
from pipeline.model import Answer, Article, Content, Expert, FrontMatter, House, Question, Summary
from pipeline.prose import Markdown
from pipeline.quotes import Ledger
from pipeline.records import Decoder, Sourced, hints, parse

R = TypeVar("R")
MOST_BYTES: Final = 5_000_000
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]*")


def articles(project: Path) -> tuple[str, ...]:
    """Name the project's articles: the folders of content/ that hold an article.md.

    Raises Problems (``no-content``) when there is none.
    """
    folder = project / "content"
    found = sorted(path.parent.name for path in folder.glob("*/article.md"))
    if not found:
        raise problem(
            "no-content",
            "there is no article here",
            Location(shown(folder, project)),
            "an article is a folder content/<name>/ with an article.md; "
            "content/README.md shows the format"
            if folder.is_dir()
            else "run brief in the folder that holds content/",
        )
    return tuple(found)


def load(project: Path, slug: str) -> Content:
    """Read one article with its summary and house.

    Raises Problems with every error of all its files.
    """
    return _Reading(project, slug).content()


def shown(path: Path, project: Path) -> str:
    """Write a path as a person at the project's root would."""
    return path.relative_to(project).as_posix() if path.is_relative_to(project) else str(path)


def read_text(path: Path, name: str) -> tuple[str, str]:
    """Read a UTF-8 file; gives its text, with line feeds for line ends, and its sha256.

    Raises Problems: ``unreadable``, ``too-large``, ``not-utf8`` with the place of
    the first byte that is none, or ``bad-character`` for each line with one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise problem("unreadable", f"`{path.name}`: {reason}", Location(name)) from None
    if len(data) > MOST_BYTES:
        raise problem("too-large", f"the file is over {MOST_BYTES // 1_000_000} MB", Location(name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        read = error.object[: error.start].decode()  # a byte order mark is no longer there
        lines = _line_feeds(read).split("\n")
        raise problem(
            "not-utf8",
            f"byte 0x{error.object[error.start]:02x} is not UTF-8 text",
            Location(name, len(lines), len(lines[-1]) + 1),
            "save the file as UTF-8",
        ) from None
    text = _line_feeds(text)
    findings = Findings()
    for number, line in enumerate(text.split("\n"), 1):
        if match := characters.REFUSED.search(line):
            findings.error(
                "bad-character",
                f"the text holds {characters.name(match.group())}",
                Location(name, number, match.start() + 1),
                "take it out: it cannot be printed in every format",
            )
    findings.stop_on_errors()
    return text, hashlib.sha256(data).hexdigest()


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(slots=True)
class _Heading:
    """A question's or an answer's heading with the blocks under it."""

    node: SyntaxTreeNode
    text: str
    """As it was written, without its attributes."""
    attributes: Mapping[str, str]
    at: Location
    blocks: list[SyntaxTreeNode]


class _Reading:
    """One run over an article's files; findings gather until the end."""

    def __init__(self, project: Path, slug: str) -> None:
        self.project = project
        self.slug = slug
        self.folder = project / "content" / slug
        self.findings = Findings()
        self.places: dict[Address, Location] = {}
        self.inputs: dict[str, str] = {}
        self.images: dict[str, Image] = {}

    def content(self) -> Content:
        house = self._yaml(self.project / "content" / "house.yaml", House)
        if house and house.logo:
            self._read_image(
                self.project / "content",
                house.logo.file,
                self.places[house.logo.file.address],  # type: ignore[attr-defined]
            )
        article, lines = self._article()
        summary: Summary | None = None
        if (self.folder / "summary.yaml").exists():
            summary = self._yaml(self.folder / "summary.yaml", Summary)
        quotations: tuple[Any, ...] = ()
        if article and summary:
            self._check_summary(article, summary)
            ledger = Ledger(article, lines, self.places, self.findings)
            ledger.check_summary(summary)
            quotations = tuple(ledger.entries)
        self.findings.stop_on_errors()
        assert article
        assert house
        return Content(
            article=article,
            house=house,
            summary=summary,
            quotations=quotations,
            places=self.places,
            lines=tuple(lines),
            inputs=dict(sorted(self.inputs.items())),
            images=self.images,
        )

    # --- files ------------------------------------------------------------------------

    def _read(self, path: Path) -> str | None:
        name = shown(path, self.project)
        try:
            if not path.resolve().is_relative_to(path.parent.resolve()):
                raise problem(
                    "file-outside",
                    f"`{path.name}` is a link that leads out of its folder",
                    Location(name),
                    "put the file itself there",
                )
            text, self.inputs[name] = read_text(path, name)
        except Problems as problems:
            self.findings.extend(problems.diagnostics)
            return None
        except RuntimeError:
            self.findings.error("unreadable", f"`{path.name}` is a loop of links", Location(name))
            return None
        return text

    def _yaml(self, path: Path, record: type[R]) -> R | None:
        text = self._read(path)
        return None if text is None else self._decode(text, path, record)

    def _decode(self, text: str, path: Path, record: type[R], first_line: int = 1) -> R | None:
        name = shown(path, self.project)

        def markup(
            prose: str, address: Address, at: Location, own_lines: bool
        ) -> tuple[Block, ...]:
            reader = Markdown(name, self.findings, at.line, at=None if own_lines else at)
            return reader.blocks(reader.parse(prose), lambda number, place: address)

        decoder = Decoder(name, self.findings, self.places, first_line=first_line, markup=markup)
        try:
            return decoder.record(parse(text, name, first_line), record)
        except Problems as problems:
            self.findings.extend(problems.diagnostics)
            return None

    def _read_image(self, folder: Path, reference: str, at: Location) -> str | None:
        try:
            image = images.read(folder, reference, at)
        except Problems as problems:
            self.findings.extend(problems.diagnostics)
            return None
        self.inputs[shown(folder / reference, self.project)] = image.sha256
        self.images[reference] = image
        return reference

    # --- article.md -------------------------------------------------------------------

    def _article(self) -> tuple[Article | None, Sequence[str]]:
        path = self.folder / "article.md"
        name = shown(path, self.project)
        text = self._read(path)
        if text is None:
            return None, ()
        split = re.match(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", text, re.DOTALL)
        if not split:
            self.findings.error(
                "no-front-matter",
                "the article has no front matter",
                Location(name, 1, 1),
                "begin with a line ---, then title:, date:, experts: …, then a line ---",
            )
            return None, ()
        front = self._decode(split[1] or "", path, FrontMatter, first_line=2)
        if front and front.source:
            self._check_source(front)
        body = text[split.end() :]
        first_line = text[: split.end()].count("\n") + 1
        markdown = Markdown(
            name,
            self.findings,
            first_line,
            lambda reference, at: self._read_image(self.folder, reference, at),
        )
        opening, headings = self._headings(markdown, body)
        introduction = markdown.blocks(opening, self._number("introduction"))
        experts = {expert.id: expert for expert in front.experts} if front else {}
        questions = self._questions(markdown, headings, experts, front is not None)
        if not front:
            return None, ()
        given = {f.name: getattr(front, f.name) for f in fields(FrontMatter)}
        article = Article(**given, slug=self.slug, introduction=introduction, questions=questions)
        self._check_silent(article)
        return article, text.split("\n")

    def _number(self, name: str) -> Any:
        def address(number: int, at: Location) -> Address:
            made = Address(f"article.md#{name}.{number}")
            self.places[made] = at
            return made

        return address

    def _headings(
        self, markdown: Markdown, body: str
    ) -> tuple[list[SyntaxTreeNode], list[_Heading]]:
        """Split the body at its questions and answers."""
        opening: list[SyntaxTreeNode] = []
        headings: list[_Heading] = []
        for node in markdown.parse(body):
            if node.type == "heading" and node.tag in ("h1", "h2"):
                text, attributes = markdown.heading(node)
                headings.append(_Heading(node, text, attributes, markdown.place(node), []))
            elif headings:
                headings[-1].blocks.append(node)
            else:
                opening.append(node)
        return opening, headings

    def _questions(
        self,
        markdown: Markdown,
        headings: Sequence[_Heading],
        experts: Mapping[str, Expert],
        experts_known: bool,
    ) -> tuple[Question, ...]:
        questions: list[Question] = []
        answers: list[Answer] = []
        counts: dict[str, int] = {}
        at = Location(markdown.file, markdown.first_line)
        for heading, following in zip(headings, [*headings[1:], None], strict=True):
            if heading.node.tag == "h1":
                _close(questions, answers)
                answers = []
                questions.append(self._question(markdown, heading, len(questions) + 1, questions))
                if following is None or following.node.tag == "h1":
                    self.findings.error(
                        "question-without-answers",
                        f"question `{questions[-1].id}` has no answer",
                        heading.at,
                        "add `## expert-id` and the answer, or take the question out",
                    )
            elif not questions:
                self.findings.error(
                    "answer-without-question",
                    f"the answer `{heading.text}` stands before the first question",
                    heading.at,
                    "a question is a heading `# … {#q1}` above its answers",
                )
            else:
                answer = self._answer(
                    markdown, heading, questions[-1].id, experts, experts_known, counts
                )
                if answer:
                    answers.append(answer)
        _close(questions, answers)
        if not questions:
            self.findings.error(
                "no-questions",
                "the article has no question",
                at,
                "a question is a heading `# … {#q1}`, an answer below it `## expert-id`",
            )
        return tuple(questions)

    def _question(
        self, markdown: Markdown, heading: _Heading, number: int, before: Sequence[Question]
    ) -> Question:
        self._check_attributes(heading, {"id"})
        if heading.blocks:
            self.findings.error(
                "text-without-expert",
                "there is text between the question and its first answer",
                markdown.place(heading.blocks[0]),
                "put it under the `## expert-id` whose words it is",
            )
        name = heading.attributes.get("id", f"q{number}")
        if not re.fullmatch("[a-z][a-z0-9-]*", name):
            self.findings.error(
                "bad-value",
                f"`{name}` cannot be an id",
                heading.at,
                "an id has lower-case letters a–z, digits and hyphens, such as {#q1}",
            )
        elif name == "introduction" or name in hints(FrontMatter):
            self.findings.error(
                "bad-value",
                f"a question cannot have the id `{name}`: addresses use it for another thing",
                heading.at,
                "call it {#q1}, {#q2} …",
            )
        for other in before:
            if other.id == name:
                first = self.places[Address(f"article.md#{name}")]
                self.findings.error(
                    "duplicate-id",
                    f"two questions have the id `{name}`",
                    heading.at,
                    f"the first one is on line {first.line}",
                )
        address = Address(f"article.md#{name}")
        self.places.setdefault(address, heading.at)
        text = markdown.inlines(heading.node.children[0].children, address)
        if not plain(text).strip():
            self.findings.error("empty-question", f"question `{name}` has no words", heading.at)
        if any(isinstance(part, Footnote) for inline in text for part in (inline, *walk(inline))):
            self.findings.error(
                "unsupported-markdown",
                "a footnote cannot stand in a question",
                heading.at,
                "the question is printed in several places; hang the note on an answer",
            )
        return Question(id=name, number=number, text=text, answers=())

    def _answer(
        self,
        markdown: Markdown,
        heading: _Heading,
        question: str,
        experts: Mapping[str, Expert],
        experts_known: bool,
        counts: dict[str, int],
    ) -> Answer | None:
        self._check_attributes(heading, {"quotes"})
        given: list[Expert] = []
        for name in (part.strip() for part in heading.text.split(",")):
            if name in experts and experts[name] in given:
                self.findings.error(
                    "duplicate-id", f"the answer names `{name}` twice", heading.at, "once is enough"
                )
            elif name in experts:
                given.append(experts[name])
            elif experts_known:
                self.findings.error(
                    "unknown-expert",
                    f"`{name}` is not one of the article's experts",
                    heading.at,
                    known_names(name, experts),
                )
        quotes = heading.attributes.get("quotes", "both")
        if quotes not in ("both", "unclosed", "none"):
            self.findings.error(
                "bad-value",
                f"quotes cannot be `{quotes}`",
                heading.at,
                known_names(quotes, ("both", "unclosed", "none")),
            )
        address = Address(f"{question}.{'+'.join(expert.id for expert in given)}")
        self.places.setdefault(Address(f"article.md#{address}"), heading.at)
        first = counts.get(address, 0) + 1
        before = len(self.findings.found)
        blocks = markdown.blocks(heading.blocks, self._number(address), first)
        silent = not any(isinstance(node, Text | Figure) for b in blocks for node in (b, *walk(b)))
        if silent and len(self.findings.found) == before:  # else it has words, and they are wrong
            self.findings.error(
                "empty-answer",
                f"the answer `{heading.text}` to `{question}` has no words",
                heading.at,
                "an expert who did not answer has no heading under the question",
            )
        counts[address] = first - 1 + len(heading.blocks)
        if not given:
            return None
        return Answer(
            address=address,
            experts=tuple(given),
            blocks=blocks,
            quotes=quotes,  # type: ignore[arg-type]  # checked above
        )

    def _check_attributes(self, heading: _Heading, known: set[str]) -> None:
        for name in heading.attributes:
            if name not in known:
                self.findings.error(
                    "unknown-attribute",
                    f"a heading like this has no attribute `{name}`",
                    heading.at,
                    known_names(name, known),
                )

    # --- checks across files --------------------------------------------------------------

    def _check_source(self, front: FrontMatter) -> None:
        source = front.source
        if not source or not source.file:
            return
        at = self._place_of(source.file)
        try:
            path = (self.folder / source.file).resolve()
            here = path.is_relative_to(self.folder.resolve()) and path.is_file()
        except (OSError, RuntimeError):  # too long for a name, a loop of links
            here = False
        if not here:
            self.findings.error(
                "source-missing",
                f"there is no source `{source.file}` beside article.md",
                at,
                "keep the text as published there, or take `file` out",
            )
            return
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        self.inputs[shown(path, self.project.resolve())] = digest
        if source.sha256 and digest != source.sha256:
            self.findings.error(
                "source-changed",
                f"`{source.file}` is not the text that the article was taken from",
                self._place_of(source.sha256),
                f"its sha256 is {digest}",
            )

    def _place_of(self, value: str) -> Location | None:
        return self.places.get(value.address) if isinstance(value, Sourced) else None

    def _check_silent(self, article: Article) -> None:
        heard = {e.id for q in article.questions for a in q.answers for e in a.experts}
        for expert in article.experts:
            if expert.id not in heard:
                self.findings.warning(
                    "silent-expert",
                    f"`{expert.id}` answers no question",
                    self.places.get(Address(f"article.md#experts.{expert.id}")),
                )

    def _check_summary(self, article: Article, summary: Summary) -> None:
        questions = {question.id for question in article.questions}
        experts = {expert.id for expert in article.experts}
        for key, mapping in (
            ("question_labels", summary.question_labels),
            ("positions", summary.positions),
        ):
            for name in mapping:
                if name not in questions:
                    self._unknown(f"{key}.{name}", "question", name, questions)
        for question, row in summary.positions.items():
            for name in row:
                if name not in experts:
                    self._unknown(f"positions.{question}.{name}", "expert", name, experts)

    def _unknown(self, path: str, what: str, name: str, known: set[str]) -> None:
        self.findings.error(
            f"unknown-{what}",
            f"`{name}` is not one of the article's {what}s",
            self.places.get(Address(f"summary.yaml#{path}")),
            known_names(name, sorted(known)),
        )


def _close(questions: list[Question], answers: Sequence[Answer]) -> None:
    """Give the last question its answers."""
    if questions:
        questions[-1] = replace(questions[-1], answers=tuple(answers))
