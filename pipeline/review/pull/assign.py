"""What an editor changed, value by value: each change goes to whose words it changes.

A change in words that no value has, such as a heading that the template prints, has no place in
the content: it is a refusal, and the rest goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from pipeline.review.edited_docx.revisions import Line
from pipeline.review.match.paragraph_match import ParagraphGroup, align_paragraphs
from pipeline.review.match.sent_brief import NOBODY, Owner, SentParagraph
from pipeline.review.words.diff3 import Change, find_changes, pair_unchanged
from pipeline.review.words.tokens import PARAGRAPH, PLAIN, BlockStart, Token, Word, format_tokens

ValueKey: TypeAlias = tuple[str, int]
"""A value's address, and how often it was shown before."""
Spot: TypeAlias = tuple[ValueKey, int]
"""A value, and which of its changes."""
_FLOWS: Final = ("body", "prose")
"""The kinds of values that may hold several paragraphs."""


@dataclass(slots=True)
class Edit:
    """What an editor made of one value, where the brief shows it."""

    owner: Owner
    base: list[Token] = field(default_factory=list)
    edited: list[Token] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    lines: list[tuple[int, ...]] = field(default_factory=list)
    """The lines in which each change stands."""
    quotation_marks: set[str] = field(default_factory=set)
    """The quotation marks that the pipeline put there, and the editor took away."""

    def keep_token(self, token: Token) -> None:
        """Go on with a token that nobody changed."""
        self.base.append(token)
        self.edited.append(token)

    def replace_tokens(
        self, old: Sequence[Token], new: Sequence[Token], lines: tuple[int, ...]
    ) -> None:
        """Go on with some tokens in the place of others."""
        at, to = len(self.base), len(self.edited)
        self.changes.append(Change(at, at + len(old), to, to + len(new)))
        self.lines.append(lines)
        self.base += old
        self.edited += new


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that has no place in the content."""

    says: str
    """Why."""
    words: str
    """What was changed, for a person."""
    lines: tuple[int, ...] = ()
    revisions: tuple[int, ...] = ()


@dataclass(slots=True)
class AssignedEdits:
    """All that an editor changed."""

    groups: tuple[ParagraphGroup, ...]
    edits: dict[ValueKey, Edit] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    by_revision: dict[int, set[Spot]] = field(default_factory=lambda: defaultdict(set))
    """The changes that tracked insertions are part of."""
    moves: list[tuple[ValueKey, ValueKey]] = field(default_factory=list)
    """Of each paragraph that was moved from one value into another, both."""
    gone: dict[tuple[int, int], Spot | Refusal] = field(default_factory=dict)
    """What became of words of the brief that an editor took away, by their block and place."""


def assign_edits(blocks: Sequence[SentParagraph], lines: Sequence[Line]) -> AssignedEdits:
    """Hold an editor's lines against the paragraphs of the brief."""
    return _EditAssigner(blocks, lines).assign_all()


class _EditAssigner:
    def __init__(self, blocks: Sequence[SentParagraph], lines: Sequence[Line]) -> None:
        self.blocks, self.lines = blocks, lines
        self.groups = list(align_paragraphs(blocks, lines))
        self.made = AssignedEdits(())
        self.before: dict[int, list[int]] = defaultdict(list)
        self.after: dict[int, list[int]] = defaultdict(list)
        """The groups that are new, or were moved, by the block that they stand at."""
        self.flows: dict[int, Owner] = {}
        """The part of the content that they go to."""
        self.places: dict[int, tuple[str, int, Owner]] = {}
        self.group_by_line = {line: i for i, g in enumerate(self.groups) for line in g.lines}
        self.below = self.find_lines_below()

    def assign_all(self) -> AssignedEdits:
        for index in sorted(range(len(self.groups)), key=lambda n: self.groups[n].lines[:1]):
            self.place_group(index)
        of_block = {block: i for i, group in enumerate(self.groups) for block in group.blocks}
        for block in range(len(self.blocks)):
            for index in self.before[block]:
                self.insert_group(index)
            index = of_block[block]
            group = self.groups[index]
            if group.relation == "deleted" or index in self.flows:
                self.delete_block(block, group)
            elif block == group.blocks[0]:
                self.compare_group(index)
            for index in self.after[block]:
                self.insert_group(index)
        edits = self.made.edits.values()
        marks = frozenset[str]().union(*(edit.quotation_marks for edit in edits))
        for edit in edits:
            _remove_quotation_marks(edit, marks)
        self.made.groups = tuple(self.groups)
        return self.made

    # --- where new lines go -----------------------------------------------------------------

    def place_group(self, index: int) -> None:
        """Find the part of the content that a new or moved group goes to."""
        group = self.groups[index]
        if group.relation not in ("new", "copied", "moved"):
            return
        is_own = group.relation == "moved"
        if is_own and not self.blocks[group.blocks[0]].flow:
            self.refuse_lines("its place is the template's", group.lines, "moved: ")
            return
        at = self.find_place_after(group) or self.find_place_before(group)
        if at is None:
            self.refuse_lines("no part of the content stands there", group.lines, "new: ")
            return
        self.places[index] = at
        where, block, flow = at
        (self.after if where == "after" else self.before)[block].append(index)
        self.flows[index] = flow

    def find_place_after(self, group: ParagraphGroup) -> tuple[str, int, Owner] | None:
        if group.before < 0 or not self.is_same_cell(group.lines[0], group.lines[0] - 1):
            return None
        above = self.groups[group.before]
        if group.before in self.places:
            return self.places[group.before]
        if not above.blocks or above.relation == "moved":
            return None
        flow = self.blocks[above.blocks[-1]].flow
        return ("after", above.blocks[-1], flow) if flow else None

    def find_place_before(self, group: ParagraphGroup) -> tuple[str, int, Owner] | None:
        line = self.below[group.lines[-1]]
        if line < 0:
            return None
        block = self.groups[self.group_by_line[line]].blocks[0]
        flow = self.blocks[block].flow
        return ("before", block, flow) if flow else None

    def find_lines_below(self) -> list[int]:
        """Give of each line the next one in its cell that was in the brief; -1 where none is."""
        made = [-1] * len(self.lines)
        for line in range(len(self.lines) - 2, -1, -1):
            if self.is_same_cell(line, line + 1):
                group = self.groups[self.group_by_line[line + 1]]
                is_known = group.blocks and group.relation != "moved"
                made[line] = line + 1 if is_known else made[line + 1]
        return made

    def is_same_cell(self, line: int, other: int) -> bool:
        return self.lines[line].cell == self.lines[other].cell

    # --- what happened to blocks ------------------------------------------------------------

    def open_edit(self, owner: Owner) -> Edit:
        return self.made.edits.setdefault((owner.address, owner.instance), Edit(owner))

    def insert_group(self, index: int) -> None:
        group, flow = self.groups[index], self.flows[index]
        was = group.blocks or ((group.like,) if group.like >= 0 else ())
        old = [token for block in was for token in self.blocks[block].tokens]
        owners = [owner for block in was for owner in self.blocks[block].owners]
        new = self.collect_tokens(group, is_flow=True)
        # Words of the template travel with a paragraph that is moved or copied, and stay behind.
        stay = {
            new_at
            for old_at, new_at in pair_unchanged(
                find_changes(_strip_styles(old), _strip_styles(new)), len(old)
            )
            if owners[old_at].kind == "none"
        }
        self.add_change(flow, (), [t for n, t in enumerate(new) if n not in stay], group.lines)

    def delete_block(self, index: int, group: ParagraphGroup) -> None:
        block = self.blocks[index]
        if group.relation == "deleted" and not block.flow:
            owner = next((o for o in block.owners if o.kind != "none"), None)
            words = f"deleted: {format_tokens(block.tokens)}"
            if owner:
                says = f"take the value out where it is written, {owner.address}"
            else:
                says = next((o.says for o in block.owners if o is not NOBODY), NOBODY.says)
            refusal = Refusal(says, words)
            self.made.refusals.append(refusal)
            self.made.gone |= {(index, n): refusal for n in range(len(block.tokens))}
            for token, own in zip(block.tokens, block.owners, strict=True):
                if own.kind != "none":
                    self.open_edit(own).keep_token(token)
            return
        gone: dict[Owner, list[int]] = {}
        for place, (token, own) in enumerate(zip(block.tokens, block.owners, strict=True)):
            if own.kind in _FLOWS:
                gone.setdefault(own, []).append(place)
            elif own.kind != "none":
                self.open_edit(own).keep_token(token)
        for own, held in gone.items():
            if group.relation == "moved":
                to = self.flows[self.group_by_line[group.lines[0]]]
                self.made.moves.append(((own.address, own.instance), (to.address, to.instance)))
            tokens = [block.tokens[n] for n in held]
            self.add_change(own, tokens, (), group.lines, [(index, n) for n in held])

    def compare_group(self, index: int) -> None:
        group = self.groups[index]
        blocks = [self.blocks[block] for block in group.blocks]
        old = [token for block in blocks for token in block.tokens]
        owners = [owner for block in blocks for owner in block.owners]
        places = [(b, n) for b in group.blocks for n in range(len(self.blocks[b].tokens))]
        new = self.collect_tokens(group, is_flow=any(block.flow for block in blocks))
        each = _add_restyled_words(
            find_changes(_strip_styles(old), _strip_styles(new)), old, new, owners
        )
        found = list(_join_over_spaces(each, old, owners))
        at = 0
        for change in found:
            self.keep_tokens(old[at : change.old_from], owners[at : change.old_from])
            self.assign_change(
                change, old, new, owners, group, places[change.old_from : change.old_to]
            )
            at = change.old_to
        self.keep_tokens(old[at:], owners[at:])
        if found and group.relation == "same":
            self.groups[index] = replace(group, relation="edited")

    def collect_tokens(self, group: ParagraphGroup, *, is_flow: bool) -> list[Token]:
        made: list[Token] = []
        for index in group.lines:
            line = self.lines[index]
            form = line.form if is_flow else PARAGRAPH
            if is_flow and line.is_behind_removed and len(group.blocks) == 1:
                start = self.blocks[group.blocks[0]].tokens[0]
                form = start.form if isinstance(start, BlockStart) else form
            made += [BlockStart(form, line.restyled), *line.words]
        return made

    def keep_tokens(self, tokens: Sequence[Token], owners: Sequence[Owner]) -> None:
        for token, owner in zip(tokens, owners, strict=True):
            if owner.kind != "none":
                self.open_edit(owner).keep_token(token)

    def assign_change(
        self,
        change: Change,
        old: Sequence[Token],
        new: Sequence[Token],
        owners: Sequence[Owner],
        group: ParagraphGroup,
        places: Sequence[tuple[int, int]],
    ) -> None:
        """Give a change to whose words it changes, or refuse it."""
        gone = old[change.old_from : change.old_to]
        come = new[change.new_from : change.new_to]
        own = owners[change.old_from : change.old_to]
        valued = list(dict.fromkeys(owner for owner in own if owner.kind != "none"))
        others = [
            (t, o) for t, o in zip(gone, own, strict=True) if o.kind == "none" and o is not NOBODY
        ]
        target = valued[0] if valued else self.find_neighbour(change, owners, group, bool(gone))
        why = ""
        if come and len(valued) > 1:
            why = "the change runs over several values"
        elif others and any(isinstance(t, Word) and t.text.strip() for t, _ in others):
            why = others[0][1].says
        elif any(isinstance(t, BlockStart) and o is NOBODY for t, o in zip(gone, own, strict=True)):
            why = "paragraphs that are not one text cannot be joined"
        elif come and target is None:
            around = owners[max(0, change.old_from - 1) : change.old_to + 1]
            why = next((o.says for o in around if o.says), NOBODY.says)
        elif target and target.kind not in _FLOWS and any(isinstance(t, BlockStart) for t in come):
            why = f"{target.address} is a single paragraph"
        if why:
            self.keep_tokens(gone, own)
            words = (
                f"{format_tokens(gone)} → {format_tokens(come)}" if gone else format_tokens(come)
            )
            brought = tuple(dict.fromkeys(r for token in come for r in token.revisions))
            refusal = Refusal(why, words, group.lines, brought)
            self.made.refusals.append(refusal)
            self.made.gone |= dict.fromkeys(places, refusal)
            return
        for owner in valued or filter(None, [target]):
            mine = [n for n, o in enumerate(own) if o == owner]
            self.add_change(
                owner,
                [gone[n] for n in mine],
                come if owner == target else (),
                group.lines,
                [places[n] for n in mine],
            )
        if target:
            pairs = zip(gone, own, strict=True)
            marks = (t.text for t, o in pairs if isinstance(t, Word) and o is NOBODY)
            self.open_edit(target).quotation_marks.update(marks)

    def find_neighbour(
        self, change: Change, owners: Sequence[Owner], group: ParagraphGroup, replaces: bool
    ) -> Owner | None:
        """Tell whose words stand beside new ones: those before, those behind, the paragraph's."""
        if not replaces:
            around = (
                *owners[max(0, change.old_from - 1) : change.old_from],
                *owners[change.old_to : change.old_to + 1],
            )
            for owner in around:
                if owner.kind != "none":
                    return owner
        at = 0
        for index in group.blocks:
            at += len(self.blocks[index].tokens)
            if change.old_from <= at:
                return self.blocks[index].flow
        return None

    def add_change(
        self,
        owner: Owner,
        old: Sequence[Token],
        new: Sequence[Token],
        lines: tuple[int, ...],
        places: Iterable[tuple[int, int]] = (),
    ) -> None:
        if not (old or new):
            return
        if owner.kind == "plain":  # how its words are set is the template's
            new = _strip_styles(new)
        edit = self.open_edit(owner)
        spot = ((owner.address, owner.instance), len(edit.changes))
        edit.replace_tokens(old, new, lines)
        self.made.gone |= dict.fromkeys(places, spot)
        for token in new:
            for revision in token.revisions:
                self.made.by_revision[revision].add(spot)

    def refuse_lines(self, says: str, lines: tuple[int, ...], what: str) -> None:
        tokens: list[Token] = []
        for index in lines:
            tokens += [BlockStart(), *self.lines[index].words]
        revisions = tuple(dict.fromkeys(r for index in lines for r in self.lines[index].revisions))
        self.made.refusals.append(Refusal(says, what + format_tokens(tokens), lines, revisions))


def _strip_styles(tokens: Iterable[Token]) -> list[Token]:
    """Give tokens without their looks, which a template may have given them."""
    return [replace(t, look=PLAIN) if isinstance(t, Word) else t for t in tokens]


def _add_restyled_words(
    found: Sequence[Change],
    old: Sequence[Token],
    new: Sequence[Token],
    owners: Sequence[Owner],
) -> Iterator[Change]:
    """Add, in order, the words of Markdown that say the same and are set another way."""
    waiting = list(found)
    for before, after in pair_unchanged(found, len(old)):
        while waiting and waiting[0].old_from <= before:
            yield waiting.pop(0)
        if owners[before].kind in (*_FLOWS, "question") and old[before] != new[after]:
            yield Change(before, before + 1, after, after + 1)
    yield from waiting


def _join_over_spaces(
    found: Iterable[Change], old: Sequence[Token], owners: Sequence[Owner]
) -> Iterator[Change]:
    """Join changes with nothing but a space of the same value between them."""
    held: Change | None = None
    for change in found:
        if held and change.old_from - held.old_to == 1 and old[held.old_to] == Word(" "):
            own = set(owners[held.old_from : change.old_to])
            if len(own) == 1 and NOBODY not in own:
                held = Change(held.old_from, change.old_to, held.new_from, change.new_to)
                continue
        if held:
            yield held
        held = change
    if held:
        yield held


def _remove_quotation_marks(edit: Edit, marks: frozenset[str]) -> None:
    """Take out quotation marks that the pipeline puts there, where an editor moved them along.

    ``marks`` are those that were taken away somewhere in the brief.
    """
    if not (marks and edit.changes):
        return
    last = edit.changes[-1]
    tokens = edit.edited
    end = tokens[-1] if tokens else None
    is_new = last.new_to == len(tokens) > last.new_from
    if isinstance(end, Word) and end.text in marks and is_new:
        tokens.pop()
        edit.changes[-1] = replace(last, new_to=last.new_to - 1)
    first = edit.changes[0]
    start = next((n for n, token in enumerate(tokens) if isinstance(token, Word)), -1)
    is_new = first.new_from <= start < first.new_to
    if is_new and format_tokens(tokens[start : start + 1]) in marks:
        del tokens[start]
        edit.changes = [
            replace(
                change,
                new_from=change.new_from - (number > 0),
                new_to=change.new_to - 1,
            )
            for number, change in enumerate(edit.changes)
        ]
