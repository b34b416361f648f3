"""Which paragraph of an editor's file was which of the brief: by anchor, else by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from pipeline.review.edited_docx.revisions import Line
from pipeline.review.match.place_match import claim_by_place
from pipeline.review.match.sent_brief import Owner, SentParagraph
from pipeline.review.words.diff3 import find_changes, find_longest_rising, pair_unchanged
from pipeline.review.words.tokens import Token, Word

MatchRelation: TypeAlias = Literal[
    "same", "edited", "split", "merged", "moved", "copied", "new", "deleted"
]
LIKE: Final = 0.5
"""The share of words that two paragraphs have in common when one was the other."""
_NEAR: Final = 25
"""How many paragraphs away a likeness is looked for."""


@dataclass(frozen=True, slots=True)
class ParagraphGroup:
    """Paragraphs of the brief, and what became of them."""

    blocks: tuple[int, ...]
    lines: tuple[int, ...]
    relation: MatchRelation
    is_anchored: bool = True
    """Whether it was known by its anchors, and not by its words alone."""
    like: int = -1
    """Of a copy: the block that it is one of."""
    is_retyped: bool = False
    """Whether it was typed over whole, and only its place says what it was."""
    before: int = -1
    """Of what is new, or was moved: the group that it follows, by its place among all."""

    @property
    def is_placed_anew(self) -> bool:
        """Whether its lines stand where the brief had none of its paragraphs."""
        return self.relation in ("new", "copied", "moved")


@dataclass(frozen=True, slots=True)
class MatchedBrief:
    """The brief's paragraphs, an editor's lines, and the groups that they make."""

    blocks: Sequence[SentParagraph]
    lines: Sequence[Line]
    groups: tuple[ParagraphGroup, ...]
    group_by_line: Mapping[int, int]
    """Of each line its group, by its place among all."""

    def find_list(self, block: SentParagraph) -> Owner | None:
        """Return the text of several paragraphs that a block is of, or stands with an item of."""
        return block.flow if block.item is None else self.blocks[block.item].flow

    def goes_with_item(self, block: int) -> bool:
        """Return whether a block stands with an item that went, or was moved: so does the block."""
        item = self.blocks[block].item
        of = (group for group in self.groups if item in group.blocks)
        return any(group.relation in ("deleted", "moved", "merged") for group in of)


def match_brief(blocks: Sequence[SentParagraph], lines: Sequence[Line]) -> MatchedBrief:
    """Match the brief's paragraphs with an editor's lines."""
    groups = align_paragraphs(blocks, lines)
    return MatchedBrief(blocks, lines, groups, _index_lines(groups))


def regroup_brief(brief: MatchedBrief, groups: Sequence[ParagraphGroup]) -> MatchedBrief:
    """Return a brief with other groups, which stand in their order then."""
    known = sorted((group for group in groups if group.blocks), key=lambda group: group.blocks[0])
    new = sorted((group for group in groups if not group.blocks), key=lambda group: group.lines[0])
    ordered = _set_previous_groups([*known, *new])
    return MatchedBrief(brief.blocks, brief.lines, ordered, _index_lines(ordered))


def align_paragraphs(
    blocks: Sequence[SentParagraph], lines: Sequence[Line]
) -> tuple[ParagraphGroup, ...]:
    """Group the brief's paragraphs and the editor's lines.

    Groups stand in the order of the brief; those of new lines, copies among them, in the order
    of the lines, each behind the group that it follows.
    """
    claims, copies = _claim_by_anchor(blocks, lines)
    anchored = frozenset(claims)
    claims |= _claim_by_words(blocks, lines, claims, copies)
    retyped = claim_by_place(blocks, lines, claims, copies)
    claims |= {line: {block} for line, block in retyped.items()}
    groups = [
        replace(group, is_retyped=any(line in retyped for line in group.lines))
        for group in _join_claims(claims, anchored)
    ]
    in_order = find_longest_rising([(g.blocks[0], g.lines[0]) for g in groups])
    rising = {first for first, _ in in_order}
    kept = [
        group if group.blocks[0] in rising else replace(group, relation="moved") for group in groups
    ]
    claimed = {index for group in groups for index in group.blocks}
    kept += [ParagraphGroup((i,), (), "deleted") for i in range(len(blocks)) if i not in claimed]
    kept.sort(key=lambda group: group.blocks[0])
    return _set_previous_groups([*kept, *_group_new_lines(blocks, lines, claims, copies)])


def _group_new_lines(
    blocks: Sequence[SentParagraph],
    lines: Sequence[Line],
    claims: Mapping[int, set[int]],
    copies: Mapping[int, int],
) -> Iterator[ParagraphGroup]:
    """Return a group of each line that was no paragraph of the brief, or is a copy of one."""
    by_words = {tuple(_list_texts(block.tokens)): n for n, block in enumerate(blocks)}
    by_anchor = {block.anchor: index for index, block in enumerate(blocks)}
    for index, line in enumerate(lines):
        if index in claims:
            continue
        like = copies.get(index)
        if like is None:
            like = next((by_anchor[name] for name in line.copies if name in by_anchor), None)
        if like is None:
            like = by_words.get(tuple(_list_texts(line.words)), -1)
        yield ParagraphGroup((), (index,), "new" if like < 0 else "copied", like=like)


def _claim_by_anchor(
    blocks: Sequence[SentParagraph], lines: Sequence[Line]
) -> tuple[dict[int, set[int]], dict[int, int]]:
    """Return of each line the blocks that it has the anchors of; and of a copy the block."""
    holders = _find_anchor_holders(blocks, lines)
    claims: dict[int, set[int]] = defaultdict(set)
    copies: dict[int, int] = {}
    texts = [_list_texts(block.tokens) for block in blocks]
    whole = {
        index: block
        for block, found in holders.items()
        for index in found
        if _list_texts(lines[index].words) == texts[block]
    }
    """The lines that one of their blocks says whole: another whose anchor runs over them is not
    there, but ends behind words of it that were moved away."""
    for block, every in holders.items():
        runs = _split_runs([index for index in every if whole.get(index, block) == block])
        if not runs:
            continue
        words = Counter(texts[block])
        best = max(runs, key=lambda run: _count_common(words, (lines[i].words for i in run)))
        for index in best:
            claims[index].add(block)
        copies |= {index: block for run in runs if run is not best for index in run}
    return dict(claims), {line: of for line, of in copies.items() if line not in claims}


def _find_anchor_holders(
    blocks: Sequence[SentParagraph], lines: Sequence[Line]
) -> Mapping[int, Sequence[int]]:
    """Return of each block whose anchor is there the lines that have it."""
    numbers = {block.anchor: index for index, block in enumerate(blocks)}
    holders: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        for anchor in line.anchors:
            if anchor in numbers:
                holders[numbers[anchor]].append(index)
    return holders


def _split_runs(numbers: Iterable[int]) -> list[list[int]]:
    """Divide rising numbers into those that follow one another."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _claim_by_words(
    blocks: Sequence[SentParagraph],
    lines: Sequence[Line],
    claims: Mapping[int, set[int]],
    copies: Mapping[int, int],
) -> dict[int, set[int]]:
    """Find the blocks that lost their anchors; return of each line the block that it was.

    Lines with the same words come first: those that stand in order, then those that moved; last
    are lines with like words.
    """
    taken = frozenset[int]().union(*claims.values())
    free = {n: _list_texts(blocks[n].tokens) for n in range(len(blocks)) if n not in taken}
    waiting = {
        n: _list_texts(line.words)
        for n, line in enumerate(lines)
        if n not in claims and n not in copies
    }
    found: dict[int, int] = {}
    for claim in (_claim_same_in_order, _claim_same_moved):
        pairs = claim(free, waiting)
        found |= pairs
        free = {n: words for n, words in free.items() if n not in pairs.values()}
        waiting = {n: words for n, words in waiting.items() if n not in pairs}
    known = {line: min(of) for line, of in claims.items()} | found
    found |= _claim_alike(free, waiting, known)
    return {line: {block} for line, block in found.items()}


_Texts: TypeAlias = Mapping[int, Sequence[str]]
"""The words of paragraphs, by their places, in order."""


def _claim_same_in_order(blocks: _Texts, lines: _Texts) -> dict[int, int]:
    """Pair the lines and blocks that say the same in the same order."""
    olds, news = list(blocks), list(lines)
    found = find_changes([tuple(blocks[n]) for n in olds], [tuple(lines[n]) for n in news])
    return {news[new]: olds[old] for old, new in pair_unchanged(found, len(olds))}


def _claim_same_moved(blocks: _Texts, lines: _Texts) -> dict[int, int]:
    """Pair the lines and blocks that say the same, wherever they stand."""
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for block, words in blocks.items():
        same[tuple(words)].append(block)
    pairs: dict[int, int] = {}
    for line, words in lines.items():
        if moved := same.get(tuple(words)):
            pairs[line] = moved.pop(0)
    return pairs


def _claim_alike(blocks: _Texts, lines: _Texts, known: Mapping[int, int]) -> dict[int, int]:
    """Pair lines with the likest blocks near the block of the line above; ``known`` has those."""
    free = dict(blocks)
    pairs: dict[int, int] = {}
    above = sorted(known.items())
    at, before = 0, -1
    for line, words in lines.items():
        while at < len(above) and above[at][0] < line:
            before, at = above[at][1], at + 1
        near = [n for n in range(before - _NEAR, before + _NEAR + 1) if n in free]
        likeness = {n: measure_likeness(words, free[n]) for n in near}
        best = max(near, key=lambda n: likeness[n], default=None)
        if best is not None and likeness[best] >= LIKE:
            pairs[line] = before = best
            del free[best]
    return pairs


def _list_texts(tokens: Iterable[Token]) -> list[str]:
    return [t.text for t in tokens if isinstance(t, Word) and not t.text.isspace()]


def _count_common(words: Mapping[str, int], others: Iterable[Sequence[Word]]) -> int:
    return sum((Counter(words) & Counter(t for o in others for t in _list_texts(o))).values())


def measure_likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the share of their words that two paragraphs have in common (Dice)."""
    words, others = Counter(one), Counter(other)
    return 2 * (words & others).total() / max(1, words.total() + others.total())


def _join_claims(claims: Mapping[int, set[int]], anchored: frozenset[int]) -> list[ParagraphGroup]:
    """Join what shares a line or a block: a paragraph that was split, two that were merged."""
    above: dict[int, int] = {}

    def find_root(line: int) -> int:
        while above.get(line, line) != line:
            line = above[line]
        return line

    first: dict[int, int] = {}
    for line in sorted(claims):
        for block in claims[line]:
            above[find_root(line)] = find_root(first.setdefault(block, line))
    members: dict[int, list[int]] = defaultdict(list)
    for line in sorted(claims):
        members[find_root(line)].append(line)
    groups: list[ParagraphGroup] = []
    for found in members.values():
        blocks = tuple(sorted(set().union(*(claims[line] for line in found))))
        relation: MatchRelation = "same"
        if len(found) > 1:
            relation = "split"
        elif len(blocks) > 1:
            relation = "merged"
        groups.append(
            ParagraphGroup(blocks, tuple(found), relation, all(n in anchored for n in found))
        )
    return sorted(groups, key=lambda group: group.blocks[0])


def _set_previous_groups(groups: Sequence[ParagraphGroup]) -> tuple[ParagraphGroup, ...]:
    """Note of each group that is new, or was moved, which group stands before its lines."""
    group_by_line = _index_lines(groups)
    return tuple(
        replace(group, before=group_by_line.get(group.lines[0] - 1, -1))
        if group.is_placed_anew
        else group
        for group in groups
    )


def _index_lines(groups: Sequence[ParagraphGroup]) -> dict[int, int]:
    """Return of each line its group, by its place among all."""
    return {line: index for index, group in enumerate(groups) for line in group.lines}
