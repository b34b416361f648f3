"""What stands on the pages, measured once they are set: every word, in order, fit to be read.

``css_rules.check_css`` refuses the rules that could have no other purpose than to change
words. What the others come to, only the pages show: a margin may push a line off the paper,
a long name may run into its neighbour. So the laid-out boxes are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from pipeline.diagnostics import Diagnostic
from pipeline.document.tree import Document, Entry, Footnote, Node, PageNumber, Text, iterate_parts
from pipeline.look.css_rules import SMALLEST
from pipeline.look.page_marking import SIZE
from pipeline.render.contract import RenderOptions
from pipeline.render.engine import TOUCH, LayoutBox, boxes, measure_words
from pipeline.render.pair_checks import check_pairs

Rgb: TypeAlias = tuple[float, ...]
"""Red, green and blue, from 0 to 1 (sRGB)."""
Words: TypeAlias = "list[str | Words]"
"""Words as they are printed: an element's stand together, whatever pages they are on."""
Area: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom, in CSS pixels from the page's top left corner."""

PX: Final = 0.75
"""A CSS pixel in pt (CSS Values 4 §6.2)."""
SMALLEST_NUMERAL: Final = 5.0
"""The smallest size, in pt, of numerals that are raised off the line."""
LEAST_CONTRAST: Final = 3.0
"""Between words and their ground (WCAG 2.2 §1.4.3, for large type)."""

_WHITE: Final = (1.0, 1.0, 1.0)
_GENERATED_BY_CSS: Final = (
    "::before",
    "::after",
    "::marker",
    "::footnote-call",
    "::footnote-marker",
)


def check_pages(
    laid: Any, pages: Mapping[str, int], document: Document, options: RenderOptions
) -> Iterator[Diagnostic]:
    """Measure the pages of a laid-out weasyprint.document.Document.

    Reports ``other-words`` where words or page numbers are not the Document's, and for each
    page the words that are ``off-page``, ``covered``, ``too-small`` or ``too-faint``, and that
    it is ``unmarked`` where a marking does not stand at its head and its foot, and what stands
    ``apart`` of its name.
    ``pages`` has the page of each id.
    """
    walk = _BoxWalker()
    for number, page in enumerate(laid.pages, 1):
        walk.walk_page(page._page_box)
        yield from _find_unreadable(number, walk, page.width, page.height)
        if document.meta.marking:
            yield from _check_marking(number, page._page_box, document.meta.marking)
    words, notes = list[Text](), list[Text]()
    _gather_texts(document, pages, words, notes)
    yield from _find_other_words(words, walk.words, options)
    yield from _find_other_words(notes, walk.notes, options)
    yield from check_pairs(laid, document, options)


# --- walking the boxes --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _PrintedLine:
    """A run of words as it is printed."""

    text: str
    zone: Area
    size: float
    """In pt."""
    contrast: float
    raised: bool
    order: int


@dataclass(frozen=True, slots=True)
class _PaintedArea:
    """An area that is painted; as a ground it covers the words that come before it."""

    area: Area
    is_ground: bool
    order: int


@dataclass(frozen=True, slots=True)
class _BoxContext:
    """What the boxes around a box decide for it."""

    ground: Rgb
    words: Words | None
    """Where the Document's words go; None where none of them stand."""
    on_top: bool = False
    """Whether it is painted over the words before it (CSS 2.2 Appendix E)."""
    raised: bool = False


@dataclass(slots=True)
class _BoxWalker:
    """Walks the boxes of one page after the other, in reading order."""

    words: Words = field(default_factory=list)
    """The Document's words, on all pages so far."""
    notes: Words = field(default_factory=list)
    """Those in footnotes."""
    lines: list[_PrintedLine] = field(default_factory=list)
    """What is printed on this page."""
    paints: list[_PaintedArea] = field(default_factory=list)
    _elements: dict[Any, Words] = field(default_factory=dict)
    _heads: set[Any] = field(default_factory=set)
    _order: int = 0

    def walk_page(self, page: LayoutBox) -> None:
        self.lines, self.paints = [], []
        ground = _mix_ground(page.canvas_background, _mix_ground(page.background, _WHITE))
        for child in page.children:
            if isinstance(child, boxes.MarginBox):
                self._walk_box(child, _BoxContext(ground, None, on_top=True))
            elif isinstance(child, boxes.FootnoteAreaBox):
                self._walk_box(child, _BoxContext(ground, self.notes, on_top=True))
            else:
                self._walk_box(child, _BoxContext(ground, self.words))

    def _walk_box(self, box: LayoutBox, context: _BoxContext) -> None:
        box = getattr(box, "_box", box)  # a list's number is a placeholder with a box in it
        self._order += 1
        if isinstance(box, boxes.TextBox):
            self._record_text(box, context)
            return
        context = replace(
            context,
            ground=_mix_ground(box.background, context.ground),
            words=self._find_word_list(box, context.words)
            if self._has_document_words(box)
            else None,
            on_top=context.on_top or _is_on_top(box),
            raised=context.raised
            or (isinstance(box, boxes.InlineBox) and box.style["vertical_align"] != "baseline"),
        )
        if isinstance(box, _PAINTED):
            self._record_paint(box, context.on_top)
        for child in box.children:
            self._walk_box(child, context)

    def _record_text(self, box: LayoutBox, context: _BoxContext) -> None:
        if context.words is not None:
            context.words.append(box.text)
        text = box.text.strip()
        if text:
            contrast = _measure_contrast(
                _mix_colours(box.style["color"], context.ground), context.ground
            )
            size = box.style["font_size"] * PX
            line = _PrintedLine(
                text, measure_words(box), size, contrast, context.raised, self._order
            )
            self.lines.append(line)

    def _has_document_words(self, box: LayoutBox) -> bool:
        """Whether a box has words of the Document: no generated ones, no table's head again."""
        if (box.element_tag or "").endswith(_GENERATED_BY_CSS):
            return bool(box.element.get("class") == "page-number")
        if isinstance(box, boxes.TableRowGroupBox) and box.is_header:
            if box.element in self._heads:
                return False
            self._heads.add(box.element)
        return True

    def _find_word_list(self, box: LayoutBox, outer: Words | None) -> Words | None:
        """Return the place of an element's words, which is where its first box stands."""
        if outer is None or box.element is None:
            return outer
        if box.element not in self._elements:
            self._elements[box.element] = words = list[Any]()
            outer.append(words)
        return self._elements[box.element]

    def _record_paint(self, box: LayoutBox, on_top: bool) -> None:
        """Note the rules around a box, and its ground if it could cover words."""
        left, top = box.border_box_x(), box.border_box_y()
        right, bottom = left + box.border_width(), top + box.border_height()
        areas = [
            (left, top, right, top + box.border_top_width, False),
            (left, bottom - box.border_bottom_width, right, bottom, False),
            (left, top, left + box.border_left_width, bottom, False),
            (right - box.border_right_width, top, right, bottom, False),
        ]
        if on_top and (box.background or isinstance(box, boxes.ReplacedBox)):
            areas.append((left, top, right, bottom, True))
        for *area, is_ground in areas:
            if area[0] < area[2] and area[1] < area[3]:
                self.paints.append(_PaintedArea((*area,), is_ground, self._order))


_PAINTED: Final = (
    *(boxes.BlockBox, boxes.InlineBox, boxes.InlineBlockBox, boxes.MarginBox),
    *(boxes.FlexContainerBox, boxes.GridContainerBox, boxes.TableBox, boxes.TableCellBox),
    boxes.ReplacedBox,
)


def _is_on_top(box: LayoutBox) -> bool:
    return (
        box.is_floated()
        or box.is_flex_item
        or box.is_grid_item
        or isinstance(box, boxes.InlineLevelBox | boxes.ReplacedBox)
    )


def _mix_ground(background: Any, below: Rgb) -> Rgb:
    return _mix_colours(background.color, below) if background else below


def _mix_colours(colour: Any, below: Rgb) -> Rgb:
    """Lay a tinycss2 colour over another."""
    red, green, blue, alpha = colour.to("srgb")
    return tuple(
        alpha * over + (1 - alpha) * under
        for over, under in zip((red, green, blue), below, strict=True)
    )


def _measure_contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    darker, lighter = sorted((_measure_luminance(one), _measure_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _measure_luminance(colour: Rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- words that cannot be read ------------------------------------------------------------

_FAULTS: Final = {
    "off-page": ("runs off the paper", "a margin, an indent or a width in print.css is too large"),
    "covered": ("is run into or covered", "make room for it, in print.css or with fewer words"),
    "too-small": (
        f"is set below {SMALLEST:g} pt",
        "give it a larger size, in theme.yaml or in print.css",
    ),
    "too-faint": (
        "can hardly be told from what it stands on",
        f"choose colours with a contrast of at least {LEAST_CONTRAST:g} to 1",
    ),
}


def _find_unreadable(
    page: int, walk: _BoxWalker, width: float, height: float
) -> Iterator[Diagnostic]:
    """Report each kind of fault once, with the first words that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in walk.lines:
        left, top, right, bottom = line.zone
        if left < -TOUCH or top < -TOUCH or right > width + TOUCH or bottom > height + TOUCH:
            found["off-page"].append(line.text)
        if line.size < _choose_least_size(line) - 0.01:
            found["too-small"].append(line.text)
        if line.contrast < LEAST_CONTRAST:
            found["too-faint"].append(line.text)
    found["covered"] = list(_find_covered(walk))
    for code, texts in found.items():
        if texts:
            fault, hint = _FAULTS[code]
            more = f", and {len(texts) - 1} more" if len(texts) > 1 else ""
            yield Diagnostic(code, f"“{texts[0][:40]}” on page {page} {fault}{more}", None, hint)


def _choose_least_size(line: _PrintedLine) -> float:
    is_numeral = line.raised and not any(character.isalpha() for character in line.text)
    return SMALLEST_NUMERAL if is_numeral else SMALLEST


def _find_covered(walk: _BoxWalker) -> Iterator[str]:
    """Return the words that other words, a rule or a ground reach into."""
    rows: dict[int, list[_PrintedLine]] = defaultdict(list)
    for line in walk.lines:
        for row in _list_bands(line.zone):
            if any(_is_overlapping(line.zone, other.zone) for other in rows[row]):
                yield line.text
                break
        for row in _list_bands(line.zone):
            rows[row].append(line)
    for paint in walk.paints:
        near = {id(line): line for row in _list_bands(paint.area) for line in rows.get(row, ())}
        for line in near.values():
            if _is_overlapping(line.zone, paint.area) and not (
                paint.is_ground and line.order > paint.order
            ):
                yield line.text


def _list_bands(area: Area) -> Iterable[int]:
    """Return the bands of the page, each 64 pixels high, that an area touches."""
    return range(max(0, int(area[1] // 64)), min(64, int(area[3] // 64) + 1))


def _is_overlapping(one: Area, other: Area) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > TOUCH
        and min(one[3], other[3]) - max(one[1], other[1]) > TOUCH
    )


def _check_marking(page: int, box: LayoutBox, marking: str) -> Iterator[Diagnostic]:
    """Report a page whose marking is not at its head and its foot, in its size."""
    marked = set()
    for child in box.children:
        if isinstance(child, boxes.MarginBox):
            texts = [part for part in child.descendants() if isinstance(part, boxes.TextBox)]
            is_large = all(part.style["font_size"] * PX > SIZE - 0.01 for part in texts)
            if is_large and _normalise_text(
                "".join(part.text for part in texts)
            ) == _normalise_text(marking):
                marked.add(child.at_keyword)
    if not {"@top-right-corner", "@bottom-right-corner"} <= marked:
        yield Diagnostic(
            "unmarked",
            f"page {page} does not have “{marking}” at its head and its foot",
            None,
            "leave the page's right corners and the class `marking` alone, in print.css",
        )


# --- words that are not the Document's ----------------------------------------------------


def _gather_texts(
    node: Node | Document, pages: Mapping[str, int], words: list[Text], notes: list[Text]
) -> None:
    """Sort a Document's words as pages do: footnotes stand by themselves."""
    for part in iterate_parts(node):
        match part:
            case Text():
                words.append(part)
            case PageNumber(target):
                words.append(Text(str(pages.get(target, ""))))
            case Footnote():
                _gather_texts(part, pages, notes, notes)
            case Entry(target=target):
                _gather_texts(part, pages, words, notes)
                words.append(Text(str(pages.get(target, ""))))
            case _:  # a node that holds others, or none
                _gather_texts(part, pages, words, notes)


def _find_other_words(
    written: list[Text], printed: Words, options: RenderOptions
) -> Iterator[Diagnostic]:
    """Report the first words that are not printed as they are written."""
    texts = [_normalise_text(text.text) for text in written]
    meant, found = "".join(texts), _normalise_text("".join(_flatten_words(printed)))
    if meant == found:
        return
    rest = next(
        (at for at, pair in enumerate(zip(meant, found, strict=False)) if pair[0] != pair[1]),
        min(len(meant), len(found)),
    )
    for text, letters in zip(written, texts, strict=True):
        if rest < len(letters):
            at = options.places.get(text.source) if text.source else None
            message = f"“{text.text.strip()[:60]}” is not printed as it is written"
            break
        rest -= len(letters)
    else:
        at, message = None, f"words are printed that nobody wrote: “{found[len(meant) :][:60]}”"
    yield Diagnostic("other-words", message, at, "print.css may place words, not change them")


def _flatten_words(words: Words) -> Iterator[str]:
    for part in words:
        if isinstance(part, str):
            yield part
        else:
            yield from _flatten_words(part)


def _normalise_text(text: str) -> str:
    """Leave out what may differ: white space, and the hyphens that WeasyPrint adds."""
    return "".join(text.split()).replace("\N{HYPHEN}", "")
