"""Markdown (CommonMark with tables, footnotes and front matter) to blocks.

What Markdown would drop without a word is kept: a definition that nothing refers to may be what
somebody says (`[Wei]: Yes.`), and bold that does not close is still meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.diagnostics import Location, make_problem
from pipeline.document.markdown_nodes import is_outside_link
from pipeline.importers import html
from pipeline.importers.blocks import Block, Kind, Reading, Spaces, Span, tidy
from pipeline.importers.front import front

MOST_NESTED: Final = 20
_BOLD: Final = "**"
_SOFT: Final = "\n"
"""The end of a line that is a space."""
_HARD: Final = "\\\n"
"""The end of a line that is broken on purpose."""
_TAGGED: Final = "<br>"
"""A break within a line of the source."""
_PLAIN: Final = Span("")
_LOOKS: Final = {"b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis"}
_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z]+)[^>]*>")


class _Parser(MarkdownIt):
    """CommonMark that tells what an author escaped from what Markdown left as it was."""

    def __init__(self) -> None:
        # Blocks nested deeper than maxNesting are dropped without a word; the bound stands above
        # our own, so that some of such a block is left to be refused.
        options = {"html": True, "store_labels": True, "maxNesting": MOST_NESTED + 10}
        super().__init__("commonmark", options)
        self.use(footnote_plugin, move_to_end=False).enable("table").disable("text_join")

    def validateLink(self, url: str) -> bool:
        """Take every link for one: the words of one that leads nowhere are words all the same."""
        return True


def read(text: str, name: str) -> Reading:
    """Read a text; raises Problems (``nested-too-deep``) where Markdown would drop words."""
    body, meta = front(text)
    env: dict[str, Any] = {}
    tokens = _Parser().parse(body, env)
    for token in tokens:
        if token.level > MOST_NESTED:
            raise make_problem(
                "nested-too-deep",
                f"the text is nested more than {MOST_NESTED} deep",
                Location(name, token.map[0] + 1 if token.map else 0),
                "take some of the > quotation or * list signs away",
            )
    reader = _Reader(name, env)
    raw = text.split("\n")
    blocks = (b for b in reader.blocks(SyntaxTreeNode(tokens).children) if b.spans or b.address)
    return Reading(
        blocks=tuple(_between(blocks, list(_definitions(tokens, env, raw)))),
        format="markdown",
        spaces=reader.spaces,
        meta=meta,
        raw=tuple(raw),
    )


# --- definitions --------------------------------------------------------------------------


def _definitions(
    tokens: Iterable[Token], env: Mapping[str, Any], raw: Sequence[str]
) -> Iterator[Block]:
    """Give the link definitions that nothing refers to, as they are written."""
    used = {
        str(inner.meta.get("label"))
        for token in tokens
        for inner in token.children or ()
        if inner.type in ("link_open", "image")
    }
    unused = [held for label, held in env.get("references", {}).items() if label not in used]
    for held in sorted((*unused, *env.get("duplicate_refs", ())), key=lambda held: held["map"][0]):
        first, end = held["map"]
        yield Block(
            spans=tidy([Span(" ".join(raw[first:end]))], Spaces(), count_runs=False),
            line=first + 1,
            last_line=max(first + 1, end),
            outside="a link’s address" if is_outside_link(held["href"]) else "",
        )


def _between(blocks: Iterable[Block], definitions: Sequence[Block]) -> Iterator[Block]:
    """Put definitions where they stand among the blocks."""
    waiting = list(reversed(definitions))
    for block in blocks:
        while waiting and waiting[-1].line < block.line:
            yield waiting.pop()
        yield block
    yield from reversed(waiting)


# --- blocks -------------------------------------------------------------------------------


class _Reader:
    def __init__(self, name: str, env: Mapping[str, Any]) -> None:
        self.name = name
        self.spaces = Spaces()
        self.line = 1
        self.last = 1
        notes = env.get("footnotes", {})
        self.labels = {label.removeprefix(":") for label in notes.get("refs", {})}
        self.notes: Mapping[int, Mapping[str, Any]] = notes.get("list", {})
        """Footnotes by their number; those that stand within a line have their words here."""

    def blocks(
        self, nodes: Iterable[SyntaxTreeNode], kind: Kind = Kind.PARAGRAPH, level: int = 0
    ) -> Iterator[Block]:
        for node in nodes:
            if node.map:
                self.line, self.last = node.map[0] + 1, max(node.map[0] + 1, node.map[1])
            match node.type:
                case "heading":
                    yield from self.lines(node, Kind.HEADING, level=int(node.tag[1]))
                case "paragraph":
                    yield from self.lines(node, kind, level=level)
                case "bullet_list" | "ordered_list":
                    yield from self.items(node, level + 1)
                case "blockquote":
                    yield from self.blocks(node.children, Kind.QUOTATION)
                case "table":
                    yield from self.rows(node)
                case "footnote_reference":
                    label = str(node.meta["label"])
                    for block in self.blocks(node.children):
                        yield replace(block, kind=Kind.NOTE, label=label)
                case "code_block" | "fence":
                    yield from self.plain(node)
                case "html_block":
                    yield from self.markup(node.content)

    def items(self, node: SyntaxTreeNode, level: int) -> Iterator[Block]:
        number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        for item in node.children:
            first = True
            for block in self.blocks(item.children, Kind.ITEM, level):
                if block.kind is Kind.ITEM and block.level == level:
                    yield replace(block, number=number if first else None, goes_on=not first)
                    first = False
                else:
                    yield block
            number = None if number is None else number + 1

    def rows(self, node: SyntaxTreeNode) -> Iterator[Block]:
        for row in (part for section in node.children for part in section.children):
            if row.map:
                self.line = self.last = row.map[0] + 1
            held: list[Span | str] = []
            images: list[Block] = []
            for cell in row.children:
                held += [Span(" | ")] if held else []
                for part in self.spans(cell.children[0].children or []):
                    if isinstance(part, Block):
                        images.append(part)
                    else:
                        held.append(_SOFT if part == _TAGGED else part)
            yield self.block(held, Kind.ROW, self.line, self.line)
            yield from images

    def plain(self, node: SyntaxTreeNode) -> Iterator[Block]:
        first = self.line + (node.type == "fence")
        for number, line in enumerate(node.content.split("\n"), first):
            if line.strip():
                yield self.block([Span(line)], Kind.PARAGRAPH, number, number)

    def markup(self, text: str) -> Iterator[Block]:
        blocks, spaces = html.fragment(text, self.line, self.name)
        self.spaces.no_break += spaces.no_break
        yield from blocks

    def lines(self, node: SyntaxTreeNode, kind: Kind, level: int) -> Iterator[Block]:
        """Give a paragraph, divided where a line is broken on purpose, and its images behind it."""
        line, last = self.line, self.last
        behind: list[Block] = []
        held: list[Span | str] = []
        begins = line
        for part in self.spans(node.children[0].children or []):
            if isinstance(part, Block):
                behind.append(replace(part, line=line, last_line=line))
                continue
            if part in (_HARD, _TAGGED) and _is_filled(held):
                yield self.block(held, kind, begins, line, level)
                held, begins = [], line + (part == _HARD)
            else:
                held.append(_SOFT if part in (_HARD, _TAGGED) else part)
            line += part in (_SOFT, _HARD)
        if _is_filled(held):
            yield self.block(held, kind, begins, max(begins, last), level)
        yield from behind

    def block(
        self, held: Sequence[Span | str], kind: Kind, line: int, last: int, level: int = 0
    ) -> Block:
        return Block(
            kind=kind,
            spans=tidy(_bold(held), self.spaces, count_runs=True),
            line=line,
            last_line=max(line, last),
            level=level,
        )

    # --- what stands in a line ------------------------------------------------------------

    def spans(
        self, nodes: Iterable[SyntaxTreeNode], look: Span = _PLAIN
    ) -> Iterator[Span | Block | str]:
        """Give spans, images, footnotes, the ends of lines, and each `**` that is left."""
        own = look
        is_silent = False
        for node in nodes:
            match node.type:
                case "text" if not is_silent:
                    for text in re.split(r"(\*\*)", node.content):
                        if text:
                            yield _BOLD if text == _BOLD else replace(own, text=text)
                case "text_special" | "code_inline" if not is_silent:
                    yield replace(own, text=node.content)
                case "softbreak":
                    yield _SOFT
                case "hardbreak":
                    yield _HARD
                case "strong":
                    yield from self.spans(node.children, replace(own, strong=True))
                case "em":
                    yield from self.spans(node.children, replace(own, emphasis=True))
                case "link":
                    address = str(node.attrs.get("href", ""))
                    led = replace(own, link=address) if is_outside_link(address) else own
                    yield from self.spans(node.children, led)
                case "image":
                    yield self.image(node)
                case "footnote_ref":
                    label, note = self.reference(node)
                    yield replace(own, text=f"[{label}]", note=label)
                    yield from note
                case "html_inline":
                    tag = _TAG.fullmatch(node.content)
                    called = tag["name"].lower() if tag else ""
                    is_end = bool(tag and tag["end"])
                    if called == "br":
                        yield _TAGGED
                    elif called == "img":
                        yield from self.markup(node.content)
                    elif called in ("script", "style"):
                        is_silent = not is_end
                    elif called in _LOOKS:
                        name = _LOOKS[called]
                        on = getattr(look, name) or not is_end
                        own = (
                            replace(own, strong=on)
                            if name == "strong"
                            else replace(own, emphasis=on)
                        )

    def image(self, node: SyntaxTreeNode) -> Block:
        return Block(
            kind=Kind.IMAGE,
            spans=tidy([Span(node.content)], self.spaces, count_runs=True),
            line=self.line,
            last_line=self.line,
            address=str(node.attrs.get("src", "")),
        )

    def reference(self, node: SyntaxTreeNode) -> tuple[str, list[Block]]:
        """Give a footnote's label and, of one that stands within the line, its words."""
        if "label" in node.meta:
            return str(node.meta["label"]), []
        label = str(
            next(
                n
                for n in range(1, len(self.notes) + len(self.labels) + 2)
                if str(n) not in self.labels
            )
        )
        self.labels.add(label)
        tokens = self.notes[node.meta["id"]]["tokens"]
        words = SyntaxTreeNode([Token("inline", "", 0, children=tokens)]).children[0].children
        parts = list(self.spans(words))
        note = self.block(
            [p for p in parts if isinstance(p, Span | str)], Kind.NOTE, self.line, self.line
        )
        return label, [replace(note, label=label), *(p for p in parts if isinstance(p, Block))]


def _is_filled(held: Iterable[Span | str]) -> bool:
    return any(isinstance(part, Span) and part.text.strip() for part in held)


def _bold(held: Sequence[Span | str]) -> list[Span]:
    """Read a `**` that is left: a pair that Markdown does not know for one, or one at an end.

    A pair is left where the second stands behind a space (`**Wei: **Yes.`), a single one where a
    paragraph divides what is strong. That holds for the line that it stands on.
    """
    marks = [at for at, part in enumerate(held) if part == _BOLD]
    strong: set[int] = set()
    taken: set[int] = set()
    while len(marks) > 1 and _goes_on(held, marks[0]):
        first, second, *marks = marks
        strong |= set(range(first, second))
        taken |= {first, second}
    for at in marks[:1]:
        ends = [place for place, part in enumerate(held) if part == _SOFT]
        if not _is_filled(held[:at]):
            strong |= set(range(at, next((end for end in ends if end > at), len(held))))
            taken.add(at)
        elif not _is_filled(held[at:]):
            strong |= set(range(next((end for end in reversed(ends) if end < at), 0), at))
            taken.add(at)
    made: list[Span] = []
    for at, part in enumerate(held):
        if isinstance(part, Span):
            made.append(replace(part, strong=part.strong or at in strong))
        elif part == _SOFT:
            made.append(Span(" ", strong=at in strong))
        elif at not in taken:
            made.append(Span(part))
    return made


def _goes_on(held: Sequence[Span | str], at: int) -> bool:
    """Tell whether a word follows at once."""
    following = held[at + 1] if at + 1 < len(held) else ""
    return isinstance(following, Span) and following.text[:1].strip() != ""
