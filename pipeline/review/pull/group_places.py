"""Where paragraphs that are new, copied or moved go: to the part of the content beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pipeline.review.match.paragraph_match import MatchedBrief, ParagraphGroup
from pipeline.review.match.sent_brief import NOBODY, Owner, SentParagraph
from pipeline.review.pull.row_order import find_table
from pipeline.review.pull.value_edits import Refusal
from pipeline.review.words.tokens import BlockStart, Token, format_tokens

EVIDENCE_IS_WRITTEN: Final = (
    "what stands with a statement is made of its evidence: "
    "change that where it is written, {address}"
)
BlockSide: TypeAlias = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """Where a group goes: beside a block of the brief, into that one's part of the content."""

    side: BlockSide
    block: int
    flow: Owner


@dataclass(frozen=True, slots=True)
class GroupPlaces:
    """Where all groups go that stand where none stood before."""

    places: Mapping[int, GroupPlace]
    """Of each group its place."""
    by_block: Mapping[tuple[BlockSide, int], Sequence[int]]
    """The groups beside a block, in order."""
    refusals: tuple[Refusal, ...]
    """The groups that have no place."""


def place_groups(brief: MatchedBrief, in_tables: Set[int]) -> GroupPlaces:
    """Find the part of the content that each new or moved group goes to.

    The lines ``in_tables`` have their places in the content's tables.
    """
    below = _find_lines_below(brief)
    places: dict[int, GroupPlace] = {}
    by_block: dict[tuple[BlockSide, int], list[int]] = defaultdict(list)
    refusals: list[Refusal] = []
    for index in sorted(range(len(brief.groups)), key=lambda n: brief.groups[n].lines[:1]):
        group = brief.groups[index]
        if not group.is_placed_anew or not in_tables.isdisjoint(group.lines):
            continue
        found = _find_place(brief, group, places, below)
        if isinstance(found, Refusal):
            refusals.append(found)
        elif found:
            places[index] = found
            by_block[found.side, found.block].append(index)
    return GroupPlaces(places, by_block, tuple(refusals))


def _find_place(
    brief: MatchedBrief,
    group: ParagraphGroup,
    places: Mapping[int, GroupPlace],
    below: Sequence[int],
) -> GroupPlace | Refusal | None:
    """Find a group's place, or why it has none; None if it goes where its statement goes."""
    if group.relation == "moved" and not brief.blocks[group.blocks[0]].flow:
        if brief.goes_with_item(group.blocks[0]):
            return None
        return _refuse_group(brief, group, _explain_fixed(brief.blocks[group.blocks[0]]))
    place = (
        _find_place_after(brief, group, places)
        or _find_place_before(brief, below[group.lines[-1]])
        or _find_place_behind_table(brief, group.lines[0])
        or _find_place_across_tables(brief, group, places)
    )
    if not place:
        return _refuse_group(brief, group, _explain_no_place(brief, group))
    if place.flow.kind == "items" and (reason := _find_misfit(brief, group, place.flow)):
        return _refuse_group(brief, group, reason)
    return place


def _find_misfit(brief: MatchedBrief, group: ParagraphGroup, flow: Owner) -> str:
    """Return why a group cannot be an item of one of the summary's lists; nothing if it can."""
    line = brief.lines[group.lines[0]]
    items, others = _list_styles(brief, flow)
    if line.style in others:
        return EVIDENCE_IS_WRITTEN.format(address=flow.address)
    if line.style in items or line.form.kind in ("bullet", "number"):
        return ""
    return f"{flow.address} is a list: give the paragraph the style of the others there"


def _list_styles(brief: MatchedBrief, flow: Owner) -> tuple[set[str], set[str]]:
    """Return the styles of a list's items, and those of what stands with them."""
    items: set[str] = set()
    others: set[str] = set()
    for group in brief.groups:
        for block in group.blocks:
            own = brief.blocks[block]
            found = items if own.flow == flow else others if brief.find_list(own) == flow else set()
            found.update([own.style, *(brief.lines[line].style for line in group.lines)])
    return items, others - items


def _find_place_after(
    brief: MatchedBrief, group: ParagraphGroup, places: Mapping[int, GroupPlace]
) -> GroupPlace | None:
    """Find the place behind the group that stands before a group's lines."""
    if group.before < 0 or not _is_same_cell(brief, group.lines[0], group.lines[0] - 1):
        return None
    return _place_after(brief, group.before, places)


def _find_place_across_tables(
    brief: MatchedBrief, group: ParagraphGroup, places: Mapping[int, GroupPlace]
) -> GroupPlace | None:
    """Find the place beside a group that only tables stand between.

    Words are merged without the tables between them; ``table_moves`` brings these between them.
    """
    line = group.lines[0] - 1
    while line >= 0 and brief.lines[line].place:
        line -= 1
    if line >= 0 and _is_same_cell(brief, group.lines[0], line):
        place = _place_after(brief, brief.group_by_line[line], places)
        if place:
            return place
    for line in range(group.lines[-1] + 1, len(brief.lines)):
        known = brief.groups[brief.group_by_line[line]]
        if not brief.lines[line].place and known.blocks and known.relation != "moved":
            return _find_place_before(brief, line)
    return None


def _place_after(
    brief: MatchedBrief, number: int, places: Mapping[int, GroupPlace]
) -> GroupPlace | None:
    """Return the place behind a group, if it is one of a text's paragraphs."""
    if number in places:
        return places[number]
    above = brief.groups[number]
    if not above.blocks or above.relation == "moved":
        return None
    flow = brief.find_list(brief.blocks[above.blocks[-1]])
    return GroupPlace("after", above.blocks[-1], flow) if flow else None


def _find_place_before(brief: MatchedBrief, line: int) -> GroupPlace | None:
    """Find the place before the group of a line; -1 is none."""
    if line < 0:
        return None
    block = brief.groups[brief.group_by_line[line]].blocks[0]
    flow = brief.blocks[block].flow
    return GroupPlace("before", block, flow) if flow else None


def _find_place_behind_table(brief: MatchedBrief, line: int) -> GroupPlace | None:
    """Find the place behind a table that ends an answer, where that stands above a line."""
    above = line - 1
    while not brief.lines[line].cell and above >= 0 and brief.lines[above].cell:
        blocks = brief.groups[brief.group_by_line[above]].blocks
        if blocks and brief.blocks[blocks[-1]].content_cell:
            return _place_behind_table(brief, blocks[-1])
        above -= 1  # a row that is new
    return None


def _place_behind_table(brief: MatchedBrief, block: int) -> GroupPlace | None:
    """Return the place behind the table that a block is a cell of, if it ends its answer."""
    answer = brief.blocks[block].answer
    last = max(n for n, other in enumerate(brief.blocks) if other.answer == answer)
    ends = answer and _find_table(brief.blocks[last]) == _find_table(brief.blocks[block])
    return GroupPlace("after", last, answer) if answer and ends else None


def _find_table(block: SentParagraph) -> str:
    """Return the address of the table that a block is a cell of; nothing if it is none."""
    found = find_table(block.content_cell or NOBODY)
    return found[0] if found else ""


def _find_lines_below(brief: MatchedBrief) -> list[int]:
    """Return of each line the next one in its cell that was in the brief; -1 where none is."""
    below = [-1] * len(brief.lines)
    for line in range(len(brief.lines) - 2, -1, -1):
        if _is_same_cell(brief, line, line + 1):
            group = brief.groups[brief.group_by_line[line + 1]]
            is_known = group.blocks and group.relation != "moved"
            below[line] = line + 1 if is_known else below[line + 1]
    return below


def _is_same_cell(brief: MatchedBrief, line: int, other: int) -> bool:
    return brief.lines[line].cell == brief.lines[other].cell


def _explain_fixed(block: SentParagraph) -> str:
    """Return why a paragraph that is no part of a text stays where it is."""
    origin = next((owner.origin for owner in block.owners if owner.origin), NOBODY.origin)
    written = f"its words are written in {block.address}" if block.address else origin
    return f"its place is the template's: change it there; {written}"


def _explain_no_place(brief: MatchedBrief, group: ParagraphGroup) -> str:
    """Return why a paragraph goes nowhere, and what a person may do."""
    why = "no text of the content stands there"
    if group.relation == "moved":
        was = brief.blocks[group.blocks[0]].address
        return f"{why}: it stays in {was}; move it by hand, to where it belongs"
    lines = range(group.lines[0] - 1, -1, -1)
    above = (n for line in lines for n in brief.groups[brief.group_by_line[line]].blocks[-1:])
    blocks = (brief.blocks[n] for n in above)
    address = next((_find_table(b) or b.address for b in blocks if b.address), "")
    where = f"; in the brief it stands below {address}" if address else ""
    return f"{why}: write it by hand into article.md or summary.yaml, where it belongs{where}"


def _refuse_group(brief: MatchedBrief, group: ParagraphGroup, reason: str) -> Refusal:
    what = "moved: " if group.relation == "moved" else "new: "
    tokens: list[Token] = []
    for index in group.lines:
        tokens += [BlockStart(), *brief.lines[index].words]
    revisions = dict.fromkeys(r for index in group.lines for r in brief.lines[index].revisions)
    return Refusal(reason, what + format_tokens(tokens), group.lines, tuple(revisions))
