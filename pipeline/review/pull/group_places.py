"""Where paragraphs that are new, copied or moved go: to the part of the content beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pipeline.review.match.paragraph_match import MatchedBrief, ParagraphGroup
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull.value_edits import Refusal
from pipeline.review.words.tokens import BlockStart, Token, format_tokens

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
        else:
            places[index] = found
            by_block[found.side, found.block].append(index)
    return GroupPlaces(places, by_block, tuple(refusals))


def _find_place(
    brief: MatchedBrief,
    group: ParagraphGroup,
    places: Mapping[int, GroupPlace],
    below: Sequence[int],
) -> GroupPlace | Refusal:
    """Find a group's place, or why it has none."""
    if group.relation == "moved" and not brief.blocks[group.blocks[0]].flow:
        return _refuse_group(brief, group, "its place is the template's", "moved: ")
    return (
        _find_place_after(brief, group, places)
        or _find_place_before(brief, below[group.lines[-1]])
        or _refuse_group(brief, group, "no part of the content stands there", "new: ")
    )


def _find_place_after(
    brief: MatchedBrief, group: ParagraphGroup, places: Mapping[int, GroupPlace]
) -> GroupPlace | None:
    """Find the place behind the group that stands before a group's lines."""
    if group.before < 0 or not _is_same_cell(brief, group.lines[0], group.lines[0] - 1):
        return None
    if group.before in places:
        return places[group.before]
    above = brief.groups[group.before]
    if not above.blocks or above.relation == "moved":
        return None
    flow = brief.blocks[above.blocks[-1]].flow
    return GroupPlace("after", above.blocks[-1], flow) if flow else None


def _find_place_before(brief: MatchedBrief, line: int) -> GroupPlace | None:
    """Find the place before the group of a line; -1 is none."""
    if line < 0:
        return None
    block = brief.groups[brief.group_by_line[line]].blocks[0]
    flow = brief.blocks[block].flow
    return GroupPlace("before", block, flow) if flow else None


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


def _refuse_group(brief: MatchedBrief, group: ParagraphGroup, reason: str, what: str) -> Refusal:
    tokens: list[Token] = []
    for index in group.lines:
        tokens += [BlockStart(), *brief.lines[index].words]
    revisions = dict.fromkeys(r for index in group.lines for r in brief.lines[index].revisions)
    return Refusal(reason, what + format_tokens(tokens), group.lines, tuple(revisions))
