"""The draft as article.md: front matter in YAML, the body in Markdown, one sentence a line."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

import yaml

from pipeline.diagnostics import Findings
from pipeline.document.markdown_nodes import RAW_SIGNS
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.tree import Address, to_full_text
from pipeline.importers import names
from pipeline.importers.blocks import Block, Kind, Span
from pipeline.importers.draft import Asked, Draft, Turn
from pipeline.importers.people import Person

SCHEMA: Final = "# yaml-language-server: $schema=../../pipeline/schema/article.schema.json"
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>&{}#|~^!$]|%(?=%))")
_LINE_START: Final = re.compile(r"(?P<mark>[-+>=:]|\d{1,9}[.)])(?=\s|$)|(?P<rule>[-=]{2,}$)")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])(?P<close>[”’»\")\]]*)\s(?=[“‘«\"(\[]*[^\W\d_a-zà-ÿ])")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|St|Jr|Sr|Lt|Col|Gen|Sen|Rep|Hon|Rev|Mt|Ph|e\.g|i\.e|vs|Prof|Sept|approx|Gov|Inc|Ltd|cf|al|bzw|ca|usw"
    r"|z\.B|d\.h|Nos|Fig|Vol)\.$"
)
_LONG: Final = 90
"""The characters of a text that still stands on one line of YAML."""
_FOLDS: Final = re.compile(r"\S+(?: \S+)*")
"""A line that a folded block gives back as it is: no other space than one between words."""
Ids = Mapping[int, str]
"""The ids of persons, by their ``id()``."""


def ids(draft: Draft) -> Ids:
    """Give each person an id: the surname, the whole name where that is taken."""
    people = [*draft.experts, *draft.authors]
    short = [names.slug(names.bare(person.name).split()[-1]) for person in people]
    made: dict[int, str] = {}
    for person, surname in zip(people, short, strict=True):
        full = names.slug(names.bare(person.name)) or "speaker"
        name = surname if surname and short.count(surname) == 1 else full
        name = name if name[0].isalpha() else f"s-{name}"
        number, unique = 2, name
        while unique in made.values():
            unique, number = f"{name}-{number}", number + 1
        made[id(person)] = unique
    return made


def article(draft: Draft, source: Mapping[str, Any]) -> str:
    """Write article.md; ``source`` is what it says of the file that it was taken from."""
    known = ids(draft)
    front = "".join(f"{line}\n" for line in in_yaml(_front(draft, known, source)))
    notes = {note.label: note for note in draft.notes}
    body = _Body(known, notes).written(draft)
    return f"---\n{SCHEMA}\n{front}---\n\n{body}"


def _front(draft: Draft, known: Ids, source: Mapping[str, Any]) -> dict[str, Any]:
    front: dict[str, Any] = {"title": draft.title}
    if draft.short_title:
        front["short_title"] = draft.short_title
    if draft.series:
        front["series"] = {"name": draft.series}
        if draft.series_note:
            front["series"]["note"] = _markdown(draft.series_note)
    if draft.date:
        front["date"] = datetime.date.fromisoformat(draft.date)
    if draft.language:
        front["language"] = draft.language
    if draft.authors:
        front["authors"] = {
            known[id(person)]: {"name": person.name} | _bio(draft, person)
            for person in draft.authors
        }
    if draft.topics:
        front["topics"] = draft.topics
    front["experts"] = {
        known[id(person)]: _expert(person) | _bio(draft, person) for person in draft.experts
    }
    if draft.about:
        front["about"] = _markdown(draft.about)
    if draft.related:
        front["related"] = draft.related
    if draft.credits:
        front["credits"] = draft.credits
    if draft.proposals:
        front["notes"] = [f"proposed by import: {proposal}" for proposal in draft.proposals]
    skipped = [
        {"line": left.line, "text": left.text, "reason": left.reason}
        for left in draft.skipped
        if not left.is_outside
    ]
    front["source"] = {**source, **({"skipped": skipped} if skipped else {})}
    return front


def in_yaml(held: Mapping[str, Any]) -> Iterator[str]:
    """Write a mapping as YAML for editors: long text in folded blocks, a sentence a line."""
    for name, value in held.items():
        match value:
            case Mapping():
                yield f"{name}:"
                yield from (f"  {line}" for line in in_yaml(value))
            case list():
                yield f"{name}:"
                for item in value:
                    inner = list(in_yaml(item)) if isinstance(item, Mapping) else _scalar(item)
                    yield f"  - {inner[0]}"
                    yield from (f"    {line}" for line in inner[1:])
            case _:
                first, *rest = _scalar(value)
                yield f"{name}: {first}"
                yield from (f"  {line}" for line in rest)


def _scalar(value: Any) -> list[str]:
    if isinstance(value, str) and len(value) > _LONG:
        parts = [sentences(part) for part in value.split("\n\n")]
        folded = "\n\n".join(" ".join(part) for part in parts)
        if folded == value and all(map(_FOLDS.fullmatch, chain(*parts))):
            # A blank line is one line feed in a folded block, two are two (YAML 1.2.2 §8.1.3).
            lines = [line for part in parts for line in [*part, "", ""]]
            return [">-", *lines[:-2]]
    dumped: str = yaml.safe_dump(value, allow_unicode=True, width=10**9)
    return dumped.removesuffix("\n").removesuffix("\n...").split("\n")


def _bio(draft: Draft, person: Person) -> dict[str, str]:
    held = draft.bios.get(id(person))
    return {"bio": _markdown(held)} if held else {}


def _expert(person: Person) -> dict[str, Any]:
    made: dict[str, Any] = {"name": person.name}
    if person.descriptor:
        made["descriptor"] = person.descriptor
    if person.roles:
        made["roles"] = list(person.roles)
    if person.affiliation:
        made["affiliation"] = person.affiliation
    return made


def _markdown(blocks: Sequence[Block]) -> str:
    return "\n\n".join(" ".join(_lines(_inline(block.spans, {}))) for block in blocks)


class _Body:
    def __init__(self, known: Ids, notes: Mapping[str, Block]) -> None:
        self.known = known
        self.notes = notes
        self.written_notes: set[str] = set()

    def written(self, draft: Draft) -> str:
        parts = list(self.blocks(draft.introduction))
        for number, question in enumerate(draft.questions, 1):
            parts += self.question(number, question, draft.title)
        return "\n\n".join(parts) + "\n"

    def question(self, number: int, question: Asked, title: str) -> Iterator[str]:
        spans = [span for block in question.blocks for span in (*block.spans, Span(" "))]
        if all(block.strong for block in question.blocks):  # it was set apart as a question is
            spans = [replace(span, strong=False) for span in spans]
        text = _inline(spans, {}).strip() if question.blocks else _escaped(title)
        yield f"# {' '.join(text.split())} {{#q{number}}}"
        for turn in question.turns:
            yield self.heading(turn)
            yield from self.blocks(turn.blocks)

    def heading(self, turn: Turn) -> str:
        people = ", ".join(self.known[id(person)] for person in turn.people)
        quotes = "" if turn.quotes == "both" else f" {{quotes={turn.quotes}}}"
        return f"## {people}{quotes}"

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        """Write paragraphs, lists and quotations; the notes of each stand right behind it."""
        index = 0
        while index < len(blocks):
            run = [blocks[index]]
            kind = run[0].kind
            while kind in (Kind.ITEM, Kind.QUOTATION) and index + len(run) < len(blocks):
                following = blocks[index + len(run)]
                if following.kind is not kind:
                    break
                run.append(following)
            index += len(run)
            if kind is Kind.ITEM:
                yield "\n".join(self.items(run))
            elif kind is Kind.QUOTATION:
                yield "\n>\n".join(self.prefixed(block, "> ") for block in run)
            else:
                yield self.prefixed(run[0], "")
            for block in run:
                yield from self.definitions(block)

    def prefixed(self, block: Block, prefix: str) -> str:
        return "\n".join(prefix + line for line in _lines(_inline(block.spans, self.notes)))

    def items(self, run: Sequence[Block]) -> Iterator[str]:
        indents: dict[int, str] = {0: ""}
        for number, block in enumerate(run):
            level = max(1, min(block.level or 1, max(indents) + 1))
            indent = indents[level - 1]
            mark = "- " if block.number is None else f"{block.number}. "
            lines = _lines(_inline(block.spans, self.notes))
            if block.goes_on and number:
                inner = indents.get(level, indent + "  ")
                yield ""
                yield from (inner + line for line in lines)
                continue
            inner = indent + " " * len(mark)
            indents = {k: v for k, v in indents.items() if k < level} | {level: inner}
            yield indent + mark + f"\n{inner}".join(lines)

    def definitions(self, block: Block) -> Iterator[str]:
        for span in block.spans:
            if span.note in self.notes and span.note not in self.written_notes:
                self.written_notes.add(span.note)
                words = " ".join(_lines(_inline(self.notes[span.note].spans, {})))
                yield f"[^{span.note}]: {words}"


def _inline(spans: Iterable[Span], notes: Mapping[str, Block]) -> str:
    """Write spans as Markdown, without the stress that it has no spelling for.

    Such is stress that ends with a mark where a word follows at once: `**Wei:**Yes.`
    """
    meant = tuple(spans)
    plain = tuple(replace(span, strong=False, emphasis=False) for span in meant)
    if meant == plain or _says_the_same(meant, plain, notes):
        return _write_spans(meant, notes)
    kept = plain
    for at in range(len(meant)):
        more = (*kept[:at], meant[at], *kept[at + 1 :])
        kept = more if _says_the_same(more, plain, notes) else kept
    return _write_spans(kept, notes)


def _says_the_same(
    spans: Iterable[Span], plain: Iterable[Span], notes: Mapping[str, Block]
) -> bool:
    """Tell whether spans are read with the words of others, and with no sign more."""
    (words, signs), (others, known) = (
        _read_line(_write_spans(each, notes)) for each in (spans, plain)
    )
    return words == others and signs <= known


def _read_line(written: str) -> tuple[str, int]:
    """Give the words of a line, and how many signs would be printed."""
    findings = Findings()
    parsed = MarkdownReader("", findings).parse(f"a {written}")
    words = to_full_text(parsed.read_blocks(parsed.nodes, lambda number, at: Address("")))
    return words, sum(found.code == RAW_SIGNS for found in findings)


def _write_spans(spans: Iterable[Span], notes: Mapping[str, Block]) -> str:
    """Write spans as Markdown; white space stands outside of what sets words apart."""
    made: list[str] = []
    for span in spans:
        if span.note and span.note in notes:
            made.append(f"[^{span.note}]")
            continue
        core = span.text.strip()
        if not core:
            made.append(span.text)
            continue
        start = span.text[: len(span.text) - len(span.text.lstrip())]
        end = span.text[len(span.text.rstrip()) :]
        text = _escaped(core)
        if span.link:
            text = (
                f"[{text}](<{span.link}>)"
                if re.search(r"[\s()]", span.link)
                else f"[{text}]({span.link})"
            )
        if span.emphasis:
            text = f"*{text}*"
        if span.strong:
            text = f"**{text}**"
        made.append(start + text + end)
    # Two spans may meet in what would begin a comment.
    return re.sub(r"(?<!\\)%(?=%)", r"\\%", "".join(made))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _lines(text: str) -> list[str]:
    """Divide a paragraph at its sentences: a changed sentence is then a changed line."""
    return [
        _LINE_START.sub(_kept, line, count=1) if _LINE_START.match(line) else line
        for line in sentences(text)
    ]


def sentences(text: str) -> list[str]:
    """Divide a text at its sentences; the space between two goes."""
    lines: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(text):
        if not _ABBREVIATION.search(text[start : match.start()]):
            lines.append(text[start : match.end("close")])
            start = match.end()
    return [*lines, text[start:]]


def _kept(match: re.Match[str]) -> str:
    found = match.group()
    return f"{found[:-1]}\\{found[-1]}" if found[0].isdigit() else f"\\{found}"
