"""Pictures that an editor moved, and the words that stand for them, into article.md.

A picture is a paragraph of its own, in lines of its own: they are moved as they are, with the
caption in them. What is written is read again, and the words may not have changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.diagnostics import Problems
from pipeline.document import markdown_writer
from pipeline.document.tree import Text
from pipeline.review.pull import refusals
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.picture_changes import PictureChange
from pipeline.review.pull.picture_lines import (
    BlockLines,
    find_pictures,
    find_place,
    move_lines,
    read_alt,
)
from pipeline.review.pull.scratch_project import ArticleFiles

_ALT: Final = re.compile(r"!\[.*\](?=\()", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PictureWriter:
    """Writes changes of pictures into the texts of one article."""

    article: ArticleFiles
    is_suggesting: bool = False
    """Whether what changes words is written as a suggestion, which a picture cannot be."""

    def write_change(
        self, change: PictureChange, texts: Mapping[str, str]
    ) -> tuple[PictureChange, Mapping[str, str]]:
        """Return a change with what became of it, and the texts with it.

        Only moves and alternative texts can be written; all else is left to a person.
        """
        if change.is_logo or change.kind not in ("picture moved", "alternative text changed"):
            return change, texts
        text = texts["article.md"]
        found = find_pictures(text, change.image.removeprefix(f"{self.article.slug}/"))
        if len(found) != 1:
            return change.refuse("it is not shown once in article.md"), texts
        if change.kind == "picture moved":
            return self._write_move(change, texts, found[0])
        return self._write_alt(change, texts, found[0])

    def _write_alt(
        self, change: PictureChange, texts: Mapping[str, str], at: BlockLines
    ) -> tuple[PictureChange, Mapping[str, str]]:
        lines = texts["article.md"].split("\n")
        now = read_alt(at)
        new = " ".join(change.new_alt.split())
        if now == new:
            return replace(change, verdict=("already there", "")), texts
        if now != change.old_alt:
            return change.refuse(f"the content says “{now}” by now"), texts
        alt = f"![{markdown_writer.write_inlines((Text(new),))}]"
        written = _ALT.sub(lambda _: alt, "\n".join(lines[at.first : at.last]))
        lines[at.first : at.last] = written.split("\n")
        return self._read_again(change, texts, "\n".join(lines))

    def _write_move(
        self, change: PictureChange, texts: Mapping[str, str], at: BlockLines
    ) -> tuple[PictureChange, Mapping[str, str]]:
        lines = texts["article.md"].split("\n")
        place = find_place(texts["article.md"], change.place, at)
        if place is None:
            return change.refuse("no paragraph of article.md stands beside it"), texts
        between = [*lines[place : at.first], *lines[at.last : place]]
        if not any(line.strip() for line in between):
            return replace(change, verdict=("already there", "")), texts
        return self._read_again(change, texts, "\n".join(move_lines(lines, at, place)))

    def _read_again(
        self, change: PictureChange, texts: Mapping[str, str], text: str
    ) -> tuple[PictureChange, Mapping[str, str]]:
        """Keep a text where it can be read, and says the same words as before."""
        if self.is_suggesting:
            return change.refuse("a picture can be no suggestion"), texts
        new = {**texts, "article.md": text}
        try:
            with self.article.open_scratch(texts) as before, self.article.open_scratch(new) as now:
                is_same = list_spoken(before) == list_spoken(now)
        except Problems as problems:
            return change.refuse(refusals.explain_problem(problems.diagnostics[0])), texts
        if not is_same:
            return change.refuse("written and read again, the words would be others"), texts
        reasons = {
            "its caption goes with it": change.is_apart,
            "it stays on its side of the words placed beside it": change.is_beside,
        }
        why = "; ".join(reason for reason, is_so in reasons.items() if is_so)
        return replace(change, verdict=("applied", why)), new


def settle_pictures(
    writer: PictureWriter,
    changes: Sequence[PictureChange],
    versions: Sequence[Mapping[str, str]],
) -> tuple[Sequence[PictureChange], Sequence[Mapping[str, str]]]:
    """Write the changes of pictures into each version of the texts; only what all can hold.

    A conflict has two versions: that of the content and the editor's.
    """
    settled: list[PictureChange] = []
    texts = list(versions)
    for change in changes:
        tried = [writer.write_change(change, version) for version in texts]
        failed = next((one for one, _ in tried if one.verdict[0] == "refused"), None)
        if failed is None:
            texts = [version for _, version in tried]
        if failed or not (change.is_beside and tried[0][0].verdict[0] == "already there"):
            settled.append(failed or tried[0][0])
    return settled, texts


def list_spoken(current: CurrentContent) -> list[str]:
    """Return all that an article says, in any order, its pictures' words aside."""
    return sorted(
        value.text for value in current.values.values() if not value.text.startswith("![")
    )
