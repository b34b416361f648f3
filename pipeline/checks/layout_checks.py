"""How the pages of a brief come out, reported where their words were written.

The brief is laid out as for a screen, and nothing is written. What cannot be read is an error of
``render.page_checks``, as in a build; this looks for what can be read and looks bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline.build.typeset import Brief
from pipeline.checks.check_table import make_finding
from pipeline.checks.placement import PlacedNode, Placement, read_placement
from pipeline.content.quotes import fold_whitespace, is_verbatim_in
from pipeline.diagnostics import Diagnostic, Findings
from pipeline.document.tree import (
    Cell,
    Entry,
    Figure,
    Heading,
    Node,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    iterate_parts,
    to_full_text,
    walk,
)
from pipeline.render import page_checks, pdf

LEAST_FULL: Final = 0.25
"""How much of the last page's height is used."""
MOST_PAGES: Final = 2
"""How many pages an answer may stand on."""
_LEAVES: Final = (Heading, Paragraph, Cell, Entry, Figure)


def check_layout(brief: Brief) -> Iterator[Diagnostic]:
    """Lay out a brief and look at its pages. Raises Problems when it cannot be laid out."""
    findings = Findings()
    options = replace(brief.options, profile="screen")
    with pdf.lay_out_pages(brief.document, options, findings) as laid:
        pages = pdf.read_anchor_pages(laid)
        findings.extend(page_checks.check_pages(laid, pages, brief.document, options))
        placement = read_placement(laid, brief.document, options.places, brief.name)
    for finder in (
        _find_overflows,
        _find_stranded_headings,
        _find_lone_lines,
        _find_split_answers,
        _find_far_quotes,
        _find_cut_rows,
        _find_short_last_page,
    ):
        findings.extend(finder(placement))
    yield from findings


def _report(
    placement: Placement, code: str, placed: PlacedNode, page: int, message: str, hint: str
) -> Diagnostic:
    where = f"`{placement.brief}`, page {page}"
    return make_finding(code, f"{where}: {message}", placement.locate(placed.node), hint)


def _find_overflows(placement: Placement) -> Iterator[Diagnostic]:
    for placed, page in placement.overflows:
        yield _report(
            placement,
            "overflow",
            placed,
            page,
            f"“{_shorten_words(placed.node)}” runs out of its box",
            "give it more room in print.css, or take a shorter word or line",
        )


def _find_stranded_headings(placement: Placement) -> Iterator[Diagnostic]:
    """Find what heads words that begin on a later page, below words of its own page."""
    for leaf, headed in _list_stranded(placement.nodes):
        yield _report(
            placement,
            "stranded-heading",
            headed if placement.locate(headed.node) else leaf,
            leaf.last,
            f"the heading “{_shorten_words(leaf.node)}” stands without what it heads",
            "`break-after: avoid` keeps them together, in print.css",
        )


def _list_stranded(nodes: Sequence[PlacedNode]) -> Sequence[tuple[PlacedNode, PlacedNode]]:
    """Return headings, each with what it heads on a later page."""
    leaves = [p for p in nodes if isinstance(p.node, _LEAVES) and p.lines]
    with_words = {page for leaf in leaves if not leaf.is_label for page in leaf.lines}
    following: PlacedNode | None = None
    stranded: list[tuple[PlacedNode, PlacedNode]] = []
    for leaf in reversed(leaves):
        if not leaf.is_label:
            following = leaf
        elif (
            isinstance(leaf.node, Heading)
            and following
            and leaf.last in with_words
            and following.first > leaf.last
        ):
            stranded.append((leaf, following))
    return stranded[::-1]


def _find_lone_lines(placement: Placement) -> Iterator[Diagnostic]:
    """Find single lines of a paragraph (CSS Fragmentation 3 §3.3)."""
    for placed in placement.nodes:
        if isinstance(placed.node, Paragraph) and placed.first < placed.last:
            for code, page, which in (
                ("orphan", placed.first, "first"),
                ("widow", placed.last, "last"),
            ):
                if placed.lines[page] == 1:
                    yield _report(
                        placement,
                        code,
                        placed,
                        page,
                        f"the {which} line of “{_shorten_words(placed.node)}” stands alone",
                        "`orphans: 2; widows: 2` in print.css keep two together",
                    )


def _list_answers(placement: Placement) -> Sequence[PlacedNode]:
    return [p for p in placement.nodes if isinstance(p.node, Section) and p.node.role == "answer"]


def _find_split_answers(placement: Placement) -> Iterator[Diagnostic]:
    for answer in _list_answers(placement):
        if len(answer.lines) > MOST_PAGES:
            yield _report(
                placement,
                "split-answer",
                answer,
                answer.first,
                f"the answer stands on {len(answer.lines)} pages",
                "a brief by expert or by question gives it more room",
            )


def _find_far_quotes(placement: Placement) -> Iterator[Diagnostic]:
    """Find pull quotes that no page beside shows the answer to."""
    answers = [
        (answer, fold_whitespace(to_full_text(iterate_parts(answer.node))))
        for answer in _list_answers(placement)
    ]
    for quote in placement.nodes:
        if not (isinstance(quote.node, Quote) and quote.node.role == "pull"):
            continue
        words = to_full_text(iterate_parts(quote.node)).strip(" “”„«»\u00a0")
        sources = [answer for answer, text in answers if is_verbatim_in(words, text)]
        shown = {_compute_spread(page) for answer in sources for page in answer.lines}
        if sources and _compute_spread(quote.first) not in shown:
            yield _report(
                placement,
                "far-quote",
                quote,
                quote.first,
                f"“{words[:40]}” is quoted far from its answer, "
                f"which begins on page {sources[0].first}",
                "quote from an answer nearby, in summary.yaml",
            )


def _compute_spread(page: int) -> int:
    """Return the number of the open pages that a page is one of; the first lies by itself."""
    return page // 2


def _find_cut_rows(placement: Placement) -> Iterator[Diagnostic]:
    """Find rows that are cut; a head that is printed again on the next page is not."""
    tables = (node for node in walk(placement.document) if isinstance(node, Table))
    heads = {id(row) for table in tables for row in table.head}
    for placed in placement.nodes:
        is_row = isinstance(placed.node, Row) and id(placed.node) not in heads
        if is_row and placed.first < placed.last:
            yield _report(
                placement,
                "cut-row",
                placed,
                placed.first,
                f"the table row “{_shorten_words(placed.node)}” is cut",
                "`tr { break-inside: avoid }` in print.css keeps it whole",
            )


def _find_short_last_page(placement: Placement) -> Iterator[Diagnostic]:
    """Find a last page that hardly begins."""
    last = placement.page_count
    if last == 1 or placement.last_page_use >= LEAST_FULL:
        return
    on_it = [placed for placed in placement.nodes if last in placed.lines]
    written = [placed for placed in on_it if placement.locate(placed.node)]
    for placed in (written or on_it)[:1]:
        yield _report(
            placement,
            "short-last-page",
            placed,
            last,
            f"the last page is {max(0, round(100 * placement.last_page_use))} % full",
            "a line or two less, or a little less space, saves a page",
        )


def _shorten_words(node: Node) -> str:
    """Return a node's first words."""
    text = " ".join(to_full_text((node,)).split())
    return text if len(text) <= 40 else f"{text[:40].rstrip()}…"
