"""What an editor changed, value by value: each change goes to whose words it changes.

A change in words that no value has, such as a heading that the template prints, has no place in
the content: it is a refusal, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from pipeline.review.edited_docx.revisions import Line
from pipeline.review.match.matrix_cells import POSITION_ADDRESS
from pipeline.review.match.paragraph_match import MatchedBrief, ParagraphGroup, match_brief
from pipeline.review.match.sent_brief import NOBODY, Owner, SentParagraph
from pipeline.review.pull.group_places import EVIDENCE_IS_WRITTEN, GroupPlaces, place_groups
from pipeline.review.pull.refusal_rules import OwnedChange, find_refusal
from pipeline.review.pull.table_rows import TableRows
from pipeline.review.pull.value_edits import (
    AssignedEdits,
    Edit,
    Refusal,
    TokenPlace,
    strip_styles,
)
from pipeline.review.words.diff3 import Change, find_changes, pair_unchanged
from pipeline.review.words.tokens import PARAGRAPH, BlockStart, Token, Word, format_tokens


@dataclass(frozen=True, slots=True)
class _SentWords:
    """Words of some paragraphs of the brief, with whose each is and where it stood."""

    tokens: list[Token]
    owners: list[Owner]
    places: list[TokenPlace]


def assign_edits(blocks: Sequence[SentParagraph], lines: Sequence[Line]) -> AssignedEdits:
    """Compare an editor's lines with the paragraphs of the brief."""
    brief = match_brief(blocks, lines)
    tables = TableRows(brief)
    places = place_groups(tables.brief, tables.own_lines)
    result = AssignedEdits(refusals=list(places.refusals))
    return _EditAssigner(tables.brief, places, tables, result).assign_all()


@dataclass(frozen=True, slots=True)
class _EditAssigner:
    """Goes through the paragraphs of the brief in order, and collects what became of them."""

    brief: MatchedBrief
    places: GroupPlaces
    tables: TableRows
    result: AssignedEdits

    def assign_all(self) -> AssignedEdits:
        groups = list(self.brief.groups)
        group_by_block = {block: i for i, group in enumerate(groups) for block in group.blocks}
        for block in range(len(self.brief.blocks)):
            self.insert_groups(self.places.by_block.get(("before", block), ()))
            index = group_by_block[block]
            group = self.brief.groups[index]
            if self.tables.is_refused(block):
                sent = self.brief.blocks[block]
                self.result.keep_tokens(sent.tokens, sent.owners)
            elif group.relation == "deleted" and self.tables.is_cell(block):
                pass  # its table says whether the row went as well
            elif group.relation == "deleted" and not self.brief.blocks[block].flow:
                self.keep_block(block)
            elif group.relation == "deleted" or index in self.places.places:
                self.delete_block(block, group)
            elif block == group.blocks[0] and self.compare_group(group):
                groups[index] = replace(group, relation="edited")
            self.insert_groups(self.places.by_block.get(("after", block), ()))
        self.tables.assign_rows(self.result)
        self.result.groups = tuple(groups)
        edits = self.result.edits.values()
        quotation_marks = frozenset[str]().union(*(edit.quotation_marks for edit in edits))
        for edit in edits:
            _remove_quotation_marks(edit, quotation_marks)
        return self.result

    def insert_groups(self, indexes: Iterable[int]) -> None:
        """Add the words of groups to the part of the content that they go to."""
        for index in indexes:
            group, place = self.brief.groups[index], self.places.places[index]
            was = group.blocks or ((group.like,) if group.like >= 0 else ())
            old = self.collect_sent(was)
            new = self.collect_tokens(group, place.flow)
            # Words of the template travel with a paragraph that is moved, and stay behind.
            stay = {
                new_at
                for old_at, new_at in pair_unchanged(
                    find_changes(strip_styles(old.tokens), strip_styles(new)), len(old.tokens)
                )
                if old.owners[old_at].kind == "none"
            }
            # Behind a table that ends an answer none of its paragraphs is the next.
            is_apart = place.side == "before" or self.tables.is_cell(place.block)
            added = [
                replace(token, is_before_next=is_apart) if isinstance(token, BlockStart) else token
                for n, token in enumerate(new)
                if n not in stay
            ]
            spots = self.result.add_change(place.flow, (), added, group.lines)
            if group.relation == "moved":
                self.result.moves[index].targets += spots

    def keep_block(self, index: int) -> None:
        """Keep the values of a paragraph that went, and refuse that, but for an item's evidence."""
        block = self.brief.blocks[index]
        places = [(index, n) for n in range(len(block.tokens))]
        if block.item is not None and self.brief.goes_with_item(index):
            self.result.keep_tokens(block.tokens, block.owners)
            if spot := self.result.removed.get((block.item, 0)):
                self.result.removed |= dict.fromkeys(places, spot)
            return
        owner = next((o for o in block.owners if o.kind != "none"), None)
        if owner and POSITION_ADDRESS.fullmatch(owner.address):
            self.take_out(owner, index)
            return
        self.result.keep_tokens(block.tokens, block.owners)
        if block.item is not None and owner:
            reason = EVIDENCE_IS_WRITTEN.format(address=owner.address)
        elif owner:
            reason = f"take the value out where it is written, {owner.address}"
        else:
            reason = next((o.origin for o in block.owners if o is not NOBODY), NOBODY.origin)
        refusal = Refusal(reason, f"deleted: {format_tokens(block.tokens)}")
        self.result.add_refusal(refusal, places)

    def take_out(self, owner: Owner, index: int) -> None:
        """Take out a value that may be lacking, which alone a paragraph showed."""
        block = self.brief.blocks[index]
        words = [
            token for token, own in zip(block.tokens, block.owners, strict=True) if own == owner
        ]
        self.result.add_change(owner, words, (), (), [(index, n) for n in range(len(block.tokens))])

    def delete_block(self, index: int, group: ParagraphGroup) -> None:
        """Take a paragraph's words out of their text; those of other values stay."""
        block = self.brief.blocks[index]
        removed: dict[Owner, list[int]] = {}
        for place, (token, own) in enumerate(zip(block.tokens, block.owners, strict=True)):
            if own.is_flow:
                removed.setdefault(own, []).append(place)
            else:
                self.result.keep_tokens((token,), (own,))
        for own, numbers in removed.items():
            tokens = [block.tokens[n] for n in numbers]
            places = [(index, n) for n in numbers]
            spots = self.result.add_change(own, tokens, (), group.lines, places)
            if group.relation == "moved":
                self.result.moves[self.brief.group_by_line[group.lines[0]]].sources += spots

    def compare_group(self, group: ParagraphGroup) -> bool:
        """Compare paragraphs with what became of them; return whether the same ones now differ."""
        if len(group.blocks) == 1 and (owner := self.brief.blocks[group.blocks[0]].lacking):
            return self.fill_cell(owner, group)
        old = self.collect_sent(group.blocks)
        flow = next(filter(None, (self.brief.blocks[block].flow for block in group.blocks)), None)
        new = self.collect_tokens(group, flow)
        each = _add_restyled_words(
            find_changes(strip_styles(old.tokens), strip_styles(new)), old.tokens, new, old.owners
        )
        found = list(_join_over_spaces(each, old.tokens, old.owners))
        if group.is_retyped and flow is None:
            found = [_keep_words_around(old, new)]
        at = 0
        for change in found:
            kept = slice(at, change.old_from)
            self.result.keep_tokens(old.tokens[kept], old.owners[kept])
            self.assign_change(self.describe_change(change, old, new, group), group)
            at = change.old_to
        self.result.keep_tokens(old.tokens[at:], old.owners[at:])
        return bool(found) and group.relation == "same"

    def fill_cell(self, owner: Owner, group: ParagraphGroup) -> bool:
        """Write what came to stand where a value is lacking; return whether anything did."""
        old, new = self.collect_sent(group.blocks), self.collect_tokens(group, None)
        found = find_changes(strip_styles(old.tokens), strip_styles(new))
        if found:
            others = strip_styles([*old.tokens[:1], *old.tokens[2:]])  # all but the sign
            pairs = pair_unchanged(find_changes(others, strip_styles(new)), len(others))
            kept = {after for _, after in pairs}
            added = [t for n, t in enumerate(new) if n not in kept and isinstance(t, Word)]
            self.result.add_change(owner, (), added, group.lines, old.places)
        return bool(found)

    def collect_sent(self, blocks: Sequence[int]) -> _SentWords:
        """Return the words of some paragraphs of the brief."""
        each = [(index, self.brief.blocks[index]) for index in blocks]
        return _SentWords(
            [token for _, block in each for token in block.tokens],
            [owner for _, block in each for owner in block.owners],
            [(index, n) for index, block in each for n in range(len(block.tokens))],
        )

    def collect_tokens(self, group: ParagraphGroup, flow: Owner | None) -> list[Token]:
        """Return the words of a group's lines, which are in a text of several paragraphs or not."""
        has_forms = flow is not None and flow.is_markdown
        tokens: list[Token] = []
        for index in group.lines:
            line = self.brief.lines[index]
            form = line.form if has_forms else PARAGRAPH
            if has_forms and line.is_behind_removed and len(group.blocks) == 1:
                start = self.brief.blocks[group.blocks[0]].tokens[0]
                form = start.form if isinstance(start, BlockStart) else form
            tokens += [BlockStart(form, line.restyled), *line.words]
        return tokens

    def describe_change(
        self, change: Change, old: _SentWords, new: Sequence[Token], group: ParagraphGroup
    ) -> OwnedChange:
        """Return a change with whose words it changes, and whose its new words become."""
        removed = slice(change.old_from, change.old_to)
        owners = old.owners[removed]
        valued = next((owner for owner in owners if owner.kind != "none"), None)
        return OwnedChange(
            old.tokens[removed],
            owners,
            old.places[removed],
            new[change.new_from : change.new_to],
            old.owners[max(0, change.old_from - 1) : change.old_to + 1],
            valued or self.find_neighbour(change, old.owners, group),
        )

    def find_neighbour(
        self, change: Change, owners: Sequence[Owner], group: ParagraphGroup
    ) -> Owner | None:
        """Return whose words stand beside new ones: those before, those behind, the paragraph's."""
        if change.old_from == change.old_to:
            around = (
                *owners[max(0, change.old_from - 1) : change.old_from],
                *owners[change.old_to : change.old_to + 1],
            )
            for owner in around:
                if owner.kind != "none":
                    return owner
        at = 0
        for index in group.blocks:
            at += len(self.brief.blocks[index].tokens)
            if change.old_from <= at:
                return self.brief.blocks[index].flow
        return None

    def assign_change(self, change: OwnedChange, group: ParagraphGroup) -> None:
        """Assign a change to whose words it changes, or refuse it."""
        if reason := find_refusal(change):
            self.result.keep_tokens(change.removed, change.owners)
            refusal = _make_refusal(reason, change, group)
            self.result.add_refusal(refusal, change.places)
            return
        for owner in change.values or filter(None, [change.target]):
            own = [n for n, other in enumerate(change.owners) if other == owner]
            self.result.add_change(
                owner,
                [change.removed[n] for n in own],
                change.added if owner == change.target else (),
                group.lines,
                [change.places[n] for n in own],
            )
        if change.target:
            pairs = zip(change.removed, change.owners, strict=True)
            removed = (t.text for t, o in pairs if isinstance(t, Word) and o is NOBODY)
            self.result.open_edit(change.target).quotation_marks.update(removed)


def _keep_words_around(old: _SentWords, new: Sequence[Token]) -> Change:
    """Return the change of a value that was typed over whole, without what stands around it.

    A template prints its own words there again, whether an editor typed them or not. Signs are
    no words: a full stop may end the editor's own sentence.
    """
    own = [n for n, owner in enumerate(old.owners) if owner.kind != "none"]
    first, last = (own[0], own[-1] + 1) if own else (0, len(old.tokens))
    before, plain = strip_styles(old.tokens), strip_styles(new)
    start = _count_beginning(before[:first], plain)
    end = len(new) - _count_beginning(before[last:][::-1], plain[start:][::-1])
    return Change(first, last, start, end)


def _count_beginning(own: Sequence[Token], typed: Sequence[Token]) -> int:
    """Count the tokens of a template's own words that begin what was typed."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(own, typed, strict=False))
    common = [token for token, _ in pairs]
    if not any(map(str.isalnum, format_tokens(common))):
        common = [token for token in common if isinstance(token, BlockStart)]
    return len(common)


def _make_refusal(reason: str, change: OwnedChange, group: ParagraphGroup) -> Refusal:
    words = format_tokens(change.added)
    if change.removed:
        words = f"{format_tokens(change.removed)} → {words}"
    revisions = dict.fromkeys(r for token in change.added for r in token.revisions)
    return Refusal(reason, words, group.lines, tuple(revisions))


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
        if owners[before].is_markdown and old[before] != new[after]:
            yield Change(before, before + 1, after, after + 1)
    yield from waiting


def _join_over_spaces(
    found: Iterable[Change], old: Sequence[Token], owners: Sequence[Owner]
) -> Iterator[Change]:
    """Join changes with nothing but a space of the same value between them."""
    joined: Change | None = None
    for change in found:
        if joined and change.old_from - joined.old_to == 1 and old[joined.old_to] == Word(" "):
            own = set(owners[joined.old_from : change.old_to])
            if len(own) == 1 and NOBODY not in own:
                joined = Change(joined.old_from, change.old_to, joined.new_from, change.new_to)
                continue
        if joined:
            yield joined
        joined = change
    if joined:
        yield joined


def _remove_quotation_marks(edit: Edit, quotation_marks: frozenset[str]) -> None:
    """Take out quotation marks that the pipeline puts there, where an editor moved them along.

    ``quotation_marks`` are those that were taken away somewhere in the brief.
    """
    if not (quotation_marks and edit.changes):
        return
    last = edit.changes[-1]
    tokens = edit.edited
    end = tokens[-1] if tokens else None
    is_new = last.new_to == len(tokens) > last.new_from
    if isinstance(end, Word) and end.text in quotation_marks and is_new:
        tokens.pop()
        edit.changes[-1] = replace(last, new_to=last.new_to - 1)
    first = edit.changes[0]
    start = next((n for n, token in enumerate(tokens) if isinstance(token, Word)), -1)
    is_new = first.new_from <= start < first.new_to
    if is_new and format_tokens(tokens[start : start + 1]) in quotation_marks:
        del tokens[start]
        edit.changes = [
            replace(
                change,
                new_from=change.new_from - (number > 0),
                new_to=change.new_to - 1,
            )
            for number, change in enumerate(edit.changes)
        ]
