"""Whether a name stands where its words begin: a term by its definition, an expert by the answer.

Side by side, the two overlap in height; one below the other, nothing else is between them. CSS
that floats one of them apart would put words under another's name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pipeline.diagnostics import Diagnostic, Location
from pipeline.document.tree import Definition, Document, Node, Row, Section, Text, walk
from pipeline.render.contract import RenderOptions
from pipeline.render.engine import TOUCH, LayoutBox, boxes, measure_words

Element: TypeAlias = Any
"""An element of the HTML that ``render.html`` wrote."""

_NAMED: Final = ("answer", "expert")
"""The sections whose heading says whose words follow, or what they reply to."""
_LABELS: Final = frozenset({"number", "name", "affiliation", "source", "byline"})
"""Roles of paragraphs that belong to the heading before them."""


@dataclass(frozen=True, slots=True, eq=False)
class _PrintedLine:
    """A run of words on a page; its edges in CSS pixels from the page's top left corner."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True, eq=False)
class _Pair:
    """A name and the words that it stands by."""

    node: Node
    may_part: bool
    """Whether the words may begin on the page after the name."""
    name: list[_PrintedLine] = field(default_factory=list)
    words: list[_PrintedLine] = field(default_factory=list)
    inside: list[_PrintedLine] = field(default_factory=list)
    """All that is printed of what holds the two."""


_Places: TypeAlias = "defaultdict[Element, list[tuple[_Pair, str]]]"
"""The pairs that an element is of, and what it is there: a field of ``_Pair``."""


def check_pairs(laid: Any, document: Document, options: RenderOptions) -> Iterator[Diagnostic]:
    """Report ``apart``, for each page, where a name does not stand by its words.

    ``laid`` is the weasyprint.document.Document.
    """
    pairs, places = _find_pairs(laid, document)
    lines = _read_lines(laid, places)
    apart: dict[int, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.name and pair.words and not _is_together(pair, lines[pair.words[0].page]):
            apart[pair.words[0].page].append(pair)
    for page, found in sorted(apart.items()):
        name, words = found[0].name[0].text, found[0].words[0].text
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        yield Diagnostic(
            "apart",
            f"“{name[:40]}” does not stand by its words “{words[:40]}” on page {page}{more}",
            _locate_node(found[0].node, options),
            "what holds the two has to hold what floats in it: `display: flow-root` and "
            "`break-inside: avoid`, in print.css (of terms, that is `dl > div`)",
        )


def _find_pairs(laid: Any, document: Document) -> tuple[Sequence[_Pair], _Places]:
    """Find what stands by what, by the elements that are written for a Document's nodes."""
    root = laid.pages[0]._page_box.children[0].element
    elements = [each for each in root.iter() if _holds_pair(each)]
    nodes = [each for each in walk(document) if isinstance(each, Definition | Section | Row)]
    pairs: list[_Pair] = []
    places: _Places = defaultdict(list)
    for element, node in zip(elements, nodes, strict=False):  # other words are told elsewhere
        names, others = _divide_element(element, node)
        for words in others:
            pairs.append(pair := _Pair(node, may_part=not isinstance(node, Definition)))
            places[element].append((pair, "inside"))
            places[words].append((pair, "words"))
            for name in names:
                places[name].append((pair, "name"))
    return pairs, places


def _holds_pair(element: Element) -> bool:
    is_row = element.tag == "div" and len(element) > 0 and element[0].tag == "dt"
    return is_row or element.tag in ("section", "tr")


def _divide_element(element: Element, node: Node) -> tuple[Sequence[Element], Sequence[Element]]:
    """Return the elements that are a name, and those each of which stands by it."""
    match node:
        case Definition():
            return element[:1], element[1:]
        case Row():
            return [each for each in element if each.get("scope") == "row"], element.findall("td")
        case Section(role=role) if role in _NAMED and len(element) and element[0].tag[0] == "h":
            labels = 1
            while labels < len(element) and element[labels].get("class") in _LABELS:
                labels += 1
            return element[:labels], element[labels : labels + 1]
        case _:
            return [], []


def _read_lines(laid: Any, places: _Places) -> Mapping[int, Sequence[_PrintedLine]]:
    """Return what each page has of the text, in reading order, and give each pair its own."""
    lines: dict[int, list[_PrintedLine]] = defaultdict(list)
    for number, page in enumerate(laid.pages, 1):
        flow: list[tuple[LayoutBox, tuple[tuple[_Pair, str], ...]]] = [
            (child, ())
            for child in reversed(page._page_box.children)
            if not isinstance(child, boxes.MarginBox | boxes.FootnoteAreaBox)
        ]
        while flow:
            placed, around = flow.pop()
            box: LayoutBox = getattr(
                placed, "_box", placed
            )  # a list's number is a placeholder with a box
            if isinstance(box, boxes.TextBox):
                if box.text.strip():
                    line = _PrintedLine(box.text.strip(), number, *measure_words(box))
                    lines[number].append(line)
                    for pair, part in around:
                        getattr(pair, part).append(line)
                continue
            if box.element in places:
                around = tuple(dict.fromkeys((*around, *places[box.element])))
            flow += [(child, around) for child in reversed(getattr(box, "children", ()))]
    return lines


def _is_together(pair: _Pair, page: Sequence[_PrintedLine]) -> bool:
    """Whether a name stands by the first of its words; ``page`` has what is printed there."""
    first = pair.words[0]
    name = [line for line in pair.name if line.page == first.page]
    if not name:
        return pair.may_part and pair.name[-1].page < first.page
    top, bottom = min(line.top for line in name), max(line.bottom for line in name)
    if min(bottom, first.bottom) - max(top, first.top) > TOUCH:
        return True
    left = min(first.left, *(line.left for line in name))
    right = max(first.right, *(line.right for line in name))
    own = set(pair.inside)
    return first.top > bottom - TOUCH and not any(
        line not in own
        and bottom - TOUCH < line.top
        and line.bottom < first.top + TOUCH
        and left < line.right
        and line.left < right
        for line in page
    )


def _locate_node(node: Node, options: RenderOptions) -> Location | None:
    sources = (part.source for part in walk(node) if isinstance(part, Text) and part.source)
    return next(filter(None, map(options.places.get, sources)), None)
