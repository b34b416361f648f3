"""The content as it is now, as words, and where in its files each of them stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from pipeline.build.provenance import list_content_values
from pipeline.content import loader
from pipeline.content.model import Content
from pipeline.diagnostics import Findings
from pipeline.document.markdown_reader import MarkdownReader, ParsedMarkdown
from pipeline.document.tree import Address, Inline
from pipeline.project import text_files
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull import yaml_scalar
from pipeline.review.words.tokens import (
    LINE_END,
    BlockForm,
    BlockStart,
    StyledText,
    Token,
    Word,
    iterate_styled_text,
    split_words,
)

_FRONT: Final = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_NUMBERED: Final = re.compile(r"article\.md#(.+)\.\d+")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A paragraph, wherever it stands: by itself, in a list, in a quotation."""

    form: BlockForm
    words: tuple[Word, ...]
    first: int
    """Its first line in the text, from 0."""
    last: int
    """The line behind it."""
    start: str
    """What stands before its words: the mark of a list's item, a quotation's sign."""


class CurrentContent:
    """One article's files, and what they say."""

    def __init__(self, project: Path, slug: str) -> None:
        """Read them. Raises Problems with every error but quotes that stand in no answer."""
        self.content: Content = loader.load_content(
            project, slug, comments=True, check_quotes=False
        )
        self.names = {
            "article.md": f"content/{slug}/article.md",
            "summary.yaml": f"content/{slug}/summary.yaml",
            "house.yaml": "content/house.yaml",
        }
        self.texts: dict[str, str] = {}
        """Each file as it is, by what addresses call it."""
        for short, name in self.names.items():
            if name in self.content.inputs:
                self.texts[short] = text_files.read_text(project / name, name)[0]
        self.values = list_content_values(self.content)
        self._leaves: dict[str, tuple[Leaf, ...]] | None = None

    def read_tokens(self, owner: Owner) -> list[Token] | None:
        """Give the words of a value as they are now; None when there is none any more."""
        if owner.kind == "body":
            return _make_tokens(self.leaves.get(owner.address, ()))
        source = self.values.get(Address(owner.address))
        if source is None:
            return None
        if owner.kind == "question":
            return list(self.read_question(owner.address))
        found = self.find_scalar(owner.address)
        if found is None:
            return None
        if owner.kind == "prose":
            return _make_tokens(read_prose(found))
        return list(split_words([StyledText(LINE_END.join(found.lines))]))

    def find_scalar(self, address: str) -> yaml_scalar.Scalar | None:
        """Find the YAML that says a value."""
        file, _, path = address.partition("#")
        text = self.texts.get(file)
        if text is None:
            return None
        if file != "article.md":
            return yaml_scalar.find_scalar(text, path)
        return yaml_scalar.find_scalar(self.find_front_matter(text)[1], path)

    @staticmethod
    def find_front_matter(text: str) -> tuple[int, str]:
        """Give where the front matter of an article begins, and the front matter."""
        match = _FRONT.match(text)
        return (match.start(1), match[1]) if match and match[1] else (0, "")

    def read_question(self, address: str) -> tuple[Word, ...]:
        """Give the words of a question."""
        wanted = address.partition("#")[2]
        found = next((q.text for q in self.content.article.questions if q.id == wanted), ())
        return split_words(iterate_styled_text(found))

    @property
    def leaves(self) -> Mapping[str, tuple[Leaf, ...]]:
        """Give the paragraphs of article.md by the answer that they stand in."""
        if self._leaves is None:
            self._leaves = self._read_leaves()
        return self._leaves

    def _read_leaves(self) -> dict[str, tuple[Leaf, ...]]:
        name = self.names["article.md"]
        numbered = {
            at.line: match[1]
            for address, at in self.content.places.items()
            if at.file == name and (match := _NUMBERED.fullmatch(address))
        }
        text = self.texts["article.md"]
        match = _FRONT.match(text)
        body = text[match.end() :] if match else text
        first = text[: len(text) - len(body)].count("\n")
        lines = text.split("\n")
        made: dict[str, list[Leaf]] = {}
        parsed = _make_reader().parse(body)
        for node in parsed.nodes:
            scope = numbered.get((node.map or (0, 0))[0] + first + 1)
            if scope and node.type not in ("heading", "footnote_reference"):
                made.setdefault(f"article.md#{scope}", []).extend(
                    _find_leaves(node, parsed, lines, first, BlockForm())
                )
        return {scope: tuple(leaves) for scope, leaves in made.items()}


def read_prose(found: yaml_scalar.Scalar) -> tuple[Leaf, ...]:
    """Give the paragraphs of a note in Markdown that stands in YAML."""
    is_one = "" not in found.lines and found.style != "|"
    text = "\n".join(found.lines) if is_one else found.value
    parsed = _make_reader().parse(text)
    lines = text.split("\n")
    return tuple(
        leaf for node in parsed.nodes for leaf in _find_leaves(node, parsed, lines, 0, BlockForm())
    )


def _make_reader() -> MarkdownReader:
    """Give a reader whose findings nobody needs: the text was read and found right before."""
    return MarkdownReader(
        "article.md", Findings(), image=lambda path, at: path, comments=True, line_end=LINE_END
    )


def _make_tokens(leaves: Sequence[Leaf]) -> list[Token]:
    made: list[Token] = []
    for index, leaf in enumerate(leaves):
        made += [BlockStart(leaf.form, leaf=index), *leaf.words]
    return made


def _find_leaves(
    node: SyntaxTreeNode, parsed: ParsedMarkdown, lines: Sequence[str], first: int, form: BlockForm
) -> Iterator[Leaf]:
    """Give the paragraphs of a block; images are none."""
    match node.type:
        case "paragraph":
            inline = node.children[0]
            if [part.type for part in inline.children] != ["image"]:
                yield _read_leaf(node, inline, parsed, lines, first, form)
        case "bullet_list" | "ordered_list":
            kind = "number" if node.type == "ordered_list" else "bullet"
            for item in node.children:
                inner = BlockForm(kind, form.level + 1, form.is_quoted)  # type: ignore[arg-type]
                for child in item.children:
                    yield from _find_leaves(child, parsed, lines, first, inner)
                    if child.type == "paragraph":
                        # In a quotation, an item's further paragraphs look like the quotation's.
                        inner = (
                            replace(inner, kind="paragraph", level=0)
                            if form.is_quoted
                            else replace(inner, kind="continued", level=min(3, inner.level))
                        )
        case "blockquote":
            for child in node.children:
                yield from _find_leaves(child, parsed, lines, first, replace(form, is_quoted=True))
        case _:
            return


def _read_leaf(
    node: SyntaxTreeNode,
    inline: SyntaxTreeNode,
    parsed: ParsedMarkdown,
    lines: Sequence[str],
    first: int,
    form: BlockForm,
) -> Leaf:
    begin, end = node.map or (0, 1)
    line = lines[begin + first]
    opening = inline.content.split("\n")[0]
    at = line.rfind(opening) if opening else len(line)
    # A comment in a paragraph of its own hangs on this one, and stands in other lines.
    own = [p for p in inline.children if p.type != "comment" or p.content in inline.content]
    words = split_words(iterate_styled_text(_read_inlines(own, parsed)))
    labels = [
        str(part.meta.get("label") or "") for part in inline.walk() if part.type == "footnote_ref"
    ]
    return Leaf(
        form, tuple(_label_notes(words, labels)), begin + first, end + first, line[: max(at, 0)]
    )


def _read_inlines(children: Iterable[SyntaxTreeNode], parsed: ParsedMarkdown) -> tuple[Inline, ...]:
    return parsed.read_inlines(children, Address(""))


def _label_notes(words: Iterable[Word], labels: Sequence[str]) -> Iterator[Word]:
    waiting = iter(labels)
    for word in words:
        yield word if word.note is None else replace(word, label=next(waiting, ""))
