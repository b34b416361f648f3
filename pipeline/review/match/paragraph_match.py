"""Which paragraph of an editor's file was which of the brief: by anchor, else by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from pipeline.review.edited_docx.revisions import Line
from pipeline.review.match.sent_brief import SentParagraph
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
    before: int = -1
    """Of what is new, or was moved: the group that it follows, by its place among all."""


def align_paragraphs(
    blocks: Sequence[SentParagraph], lines: Sequence[Line]
) -> tuple[ParagraphGroup, ...]:
    """Group the brief's paragraphs and the editor's lines.

    Groups stand in the order of the brief; those of new lines, copies among them, in the order
    of the lines, each behind the group that it follows.
    """
    claims, copies = _claim_by_anchor(blocks, lines)
    anchored = frozenset(claims)
    _claim_by_words(blocks, lines, claims, copies)
    groups = _join_claims(claims, anchored)
    in_order = find_longest_rising([(g.blocks[0], g.lines[0]) for g in groups])
    rising = {first for first, _ in in_order}
    made = [
        group if group.blocks[0] in rising else replace(group, relation="moved") for group in groups
    ]
    claimed = {index for group in groups for index in group.blocks}
    made += [ParagraphGroup((i,), (), "deleted") for i in range(len(blocks)) if i not in claimed]
    made.sort(key=lambda group: group.blocks[0])
    held = {index for group in groups for index in group.lines}
    said = {tuple(_list_texts(block.tokens)): n for n, block in enumerate(blocks)}
    numbers = {block.anchor: index for index, block in enumerate(blocks)}
    for index in range(len(lines)):
        if index not in held:
            names = (numbers[name] for name in lines[index].copies if name in numbers)
            like = copies.get(
                index, next(names, said.get(tuple(_list_texts(lines[index].words)), -1))
            )
            made.append(ParagraphGroup((), (index,), "new" if like < 0 else "copied", like=like))
    return _set_previous_groups(made)


def _claim_by_anchor(
    blocks: Sequence[SentParagraph], lines: Sequence[Line]
) -> tuple[dict[int, set[int]], dict[int, int]]:
    """Give of each line the blocks that it has the anchors of; and of a copy the block."""
    numbers = {block.anchor: index for index, block in enumerate(blocks)}
    holders: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        for anchor in line.anchors:
            if anchor in numbers:
                holders[numbers[anchor]].append(index)
    claims: dict[int, set[int]] = defaultdict(set)
    copies: dict[int, int] = {}
    said = [_list_texts(block.tokens) for block in blocks]
    of_one = {
        index: block
        for block, found in holders.items()
        for index in found
        if _list_texts(lines[index].words) == said[block]
    }
    """The lines that one of their blocks says whole: another whose anchor runs over them is not
    there, but ends behind words of it that were moved away."""
    for block, every in holders.items():
        found = [index for index in every if of_one.get(index, block) == block]
        if not found:
            continue
        runs = [[found[0]]]
        for index in found[1:]:
            if index == runs[-1][-1] + 1:
                runs[-1].append(index)
            else:
                runs.append([index])
        words = Counter(said[block])
        best = max(runs, key=lambda run: _count_common(words, (lines[i].words for i in run)))
        for run in runs:
            for index in run:
                if run is best:
                    claims[index].add(block)
                else:
                    copies[index] = block
    return dict(claims), {line: of for line, of in copies.items() if line not in claims}


def _claim_by_words(
    blocks: Sequence[SentParagraph],
    lines: Sequence[Line],
    claims: dict[int, set[int]],
    copies: Mapping[int, int],
) -> None:
    """Find the blocks that lost their anchors: lines with the same words, then with like ones."""
    free = set(range(len(blocks))).difference(*claims.values())
    known_lines = claims.keys() | copies.keys()
    waiting = [index for index in range(len(lines)) if index not in known_lines]
    if not free:
        return
    said = {index: tuple(_list_texts(blocks[index].tokens)) for index in sorted(free)}
    says = {index: tuple(_list_texts(lines[index].words)) for index in waiting}
    # Of those that say the same, the ones that stand in order first, then those that moved.
    found = find_changes(list(said.values()), list(says.values()))
    for block_at, line_at in pair_unchanged(found, len(said)):
        claims[waiting[line_at]] = {list(said)[block_at]}
    free.difference_update(*(claims[line] for line in waiting if line in claims))
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in sorted(free):
        same[said[index]].append(index)
    for line in (line for line in waiting if line not in claims):
        if moved := same.get(says[line]):
            block = moved.pop(0)
            claims[line] = {block}
            free.discard(block)
    before = -1
    known = sorted((line, min(of)) for line, of in claims.items())
    at = 0
    for line in (line for line in waiting if line not in claims):
        while at < len(known) and known[at][0] < line:
            before, at = known[at][1], at + 1
        near = [n for n in range(before - _NEAR, before + _NEAR + 1) if n in free]
        words = _list_texts(lines[line].words)
        like = {n: measure_likeness(words, _list_texts(blocks[n].tokens)) for n in near}
        best = max(like, key=lambda n: like[n], default=None)
        if best is not None and like[best] >= LIKE:
            claims[line] = {best}
            free.discard(best)
            before = best


def _list_texts(tokens: Iterable[Token]) -> list[str]:
    return [t.text for t in tokens if isinstance(t, Word) and not t.text.isspace()]


def _count_common(words: Mapping[str, int], others: Iterable[Sequence[Word]]) -> int:
    return sum((Counter(words) & Counter(t for o in others for t in _list_texts(o))).values())


def measure_likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """Give the share of their words that two paragraphs have in common (Dice)."""
    words, others = Counter(one), Counter(other)
    return 2 * (words & others).total() / max(1, words.total() + others.total())


def _join_claims(claims: Mapping[int, set[int]], anchored: frozenset[int]) -> list[ParagraphGroup]:
    """Join what shares a line or a block: a paragraph that was split, two that were merged."""
    above: dict[int, int] = {}

    def root(line: int) -> int:
        while above.get(line, line) != line:
            line = above[line]
        return line

    first: dict[int, int] = {}
    for line in sorted(claims):
        for block in claims[line]:
            above[root(line)] = root(first.setdefault(block, line))
    members: dict[int, list[int]] = defaultdict(list)
    for line in sorted(claims):
        members[root(line)].append(line)
    made = []
    for found in members.values():
        blocks = tuple(sorted(set().union(*(claims[line] for line in found))))
        relation: MatchRelation = "same"
        if len(found) > 1:
            relation = "split"
        elif len(blocks) > 1:
            relation = "merged"
        made.append(
            ParagraphGroup(blocks, tuple(found), relation, all(n in anchored for n in found))
        )
    return sorted(made, key=lambda group: group.blocks[0])


def _set_previous_groups(groups: Sequence[ParagraphGroup]) -> tuple[ParagraphGroup, ...]:
    """Note of each group that is new, or was moved, which group stands before its lines."""
    of_line = {line: index for index, group in enumerate(groups) for line in group.lines}
    return tuple(
        replace(group, before=of_line.get(group.lines[0] - 1, -1))
        if group.relation in ("new", "copied", "moved")
        else group
        for group in groups
    )
