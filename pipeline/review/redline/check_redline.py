"""Whether a redline is both editions: read by who brings it back, and settled as Word does.

Settled, it is compared whole: words and their looks, numbers and other fields with the places
that they lead to, contents, notes, pictures, links, the kind of each paragraph, and the order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, zip_longest
from typing import Any, Final

from lxml import etree

from pipeline.diagnostics import Location, make_problem
from pipeline.review.edited_docx.reader import EditedDocx, read_edited_docx
from pipeline.review.edited_docx.revisions import EditedParagraph, RevisionView
from pipeline.review.redline.block_pairs import list_blocks
from pipeline.review.redline.contents_marks import RANGE
from pipeline.review.redline.copy_parts import read_lists
from pipeline.review.redline.runs import DocxPart, list_words, split_runs
from pipeline.review.redline.settle_changes import settle_changes
from pipeline.word.ooxml import W, XmlElement
from pipeline.word.opc import Package

_NAME: Final = re.compile(r"\w+")
_PLACED: Final = (f"{W}rPr", f"{W}sectPr")
"""What is no format of a paragraph: that of its mark, and of its section."""


def check_redline(data: bytes, before: EditedDocx, after: EditedDocx) -> None:
    """Check that a redline gives both editions; raises Problems (``not-redlined``)."""
    edited = read_edited_docx(data, after.name, after.package.limits)
    parts = list_header_parts(before.package, after.package)
    for view, wanted, what in (
        (edited.accepted, after, "accepting them would not give the newer edition"),
        (edited.rejected, before, "rejecting them would not give the older edition"),
    ):
        pairs = [(edited.paragraphs, wanted.paragraphs)]
        if parts:
            pairs.append((edited.headers_footers, wanted.headers_footers))
        same = all(
            _list_shown_lines(view, own) == _list_shown_lines(wanted.accepted, others)
            for own, others in pairs
        )
        found = DocxPart.open_main(edited.package)
        other = DocxPart.open_main(wanted.package)
        where = "" if same else "its words"
        for name in [found.part, *parts]:
            is_main = name == found.part
            shown = _list_shown(found.open_part(name), accepts=wanted is after)
            meant = _list_shown(other.open_part(other.part if is_main else name), accepts=True)
            where = where or _find_first_difference(shown, meant)
        if where:
            raise make_problem(
                "not-redlined",
                f"the changes cannot be written as tracked ones: {what}, at {where}",
                Location(after.name),
                "compare the two files in Word",
            )


def list_header_parts(old: Package, new: Package) -> list[str]:
    """Return the parts with heads and feet, where both files have the same.

    Where they have not, none is known to be another's.
    """
    olds, news = (list_header_names(package) for package in (old, new))
    return news if olds == news else []


def list_header_names(*packages: Package) -> list[str]:
    """Return the names of the parts with heads and feet of some files."""
    return sorted(
        relation.target
        for package in packages
        for relation, _ in package.iterate_related("header", "footer")
    )


def _list_shown_lines(
    view: RevisionView, paragraphs: Sequence[EditedParagraph]
) -> list[tuple[Any, ...]]:
    lines = view.list_lines(paragraphs)
    return [
        (line.words, line.form, bool(line.pictures))
        for line in lines
        if line.words or line.pictures
    ]


def _find_first_difference(
    shown: Sequence[tuple[str, Any]], meant: Sequence[tuple[str, Any]]
) -> str:
    """Return the words of the first paragraph that is another; nothing where none is."""
    for own, other in zip_longest(shown, meant):
        if own != other:
            words = (other or own or ("", None))[0]
            return f"“{words[:60]}”" if words else "a paragraph without words"
    return ""


def _list_shown(file: DocxPart, *, accepts: bool) -> list[tuple[str, Any]]:
    """Return all that a part shows when its changes are settled, paragraph by paragraph."""
    root = settle_changes(file.root, accepts=accepts)
    numbering = file.package.parse_related("numbering")
    lists = {} if numbering is None else {n: d for n, (_, d) in read_lists(numbering).items()}
    settled = replace(file, root=root)
    body = root.find(f"{W}body")
    return list(
        _iterate_shown(root if body is None else body, settled, lists, _find_places(root), ())
    )


def _iterate_shown(
    container: XmlElement,
    file: DocxPart,
    lists: Mapping[str, bytes],
    places: Mapping[str, str],
    cell: tuple[int, ...],
) -> Iterator[tuple[str, Any]]:
    for block in list_blocks(container):
        if block.tag == f"{W}p":
            parts = [part.key for part in split_runs(block, file)]
            if parts:  # one that is empty only keeps a distance, or ends a section
                content = [
                    tuple(_NAME.sub(lambda m: places.get(m[0], m[0]), str(k)) for k in key)
                    for key in _join_texts(parts)
                ]
                yield " ".join(list_words(block)), (_describe_format(block, lists), content, cell)
            continue
        for r, row in enumerate(block.findall(f"{W}tr")):
            for c, inner in enumerate(row.findall(f"{W}tc")):
                at = (*cell, sum(1 for _ in block.itersiblings(f"{W}tbl", preceding=True)), r, c)
                yield from _iterate_shown(inner, file, lists, places, at)


def _join_texts(keys: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Join the words that are set alike: runs may be divided in another way."""
    for (kind, *how), group in groupby(keys, key=lambda key: (key[0], *key[2:])):
        own = list(group)
        if kind == "text":
            yield kind, "".join(key[1] for key in own), *how
        else:
            yield from own


def _describe_format(paragraph: XmlElement, lists: Mapping[str, bytes]) -> list[bytes]:
    """Return how a paragraph is set; its list by what that list is."""
    properties = paragraph.find(f"{W}pPr")
    found = []
    for node in () if properties is None else properties:
        if node.tag not in _PLACED:
            numbers = [use.get(f"{W}val", "") for use in node.iter(f"{W}numId")]
            levels = [use.get(f"{W}val", "") for use in node.iter(f"{W}ilvl")]
            if node.tag == f"{W}numPr":
                found += [*(lists.get(n, n.encode()) for n in numbers), *map(str.encode, levels)]
            else:
                found.append(etree.tostring(node, method="c14n", exclusive=True))
    return found


def _find_places(root: XmlElement) -> dict[str, str]:
    """Return the words at each bookmark, in brackets: editions may call the place differently."""
    places: dict[str, str] = {}
    for start in root.iter(f"{W}bookmarkStart"):
        above = next(start.iterancestors(f"{W}p"), None)
        if above is None:
            above = next(start.itersiblings(f"{W}p"), None)
        if above is not None:
            places[start.get(f"{W}name", "")] = f"[{' '.join(list_words(above))}]"
    return {
        name: "" if RANGE.fullmatch(name) else words
        for name, words in places.items()
        if name.startswith("_")
    }
