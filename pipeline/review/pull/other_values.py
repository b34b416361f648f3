"""Whether a pull changes a value that no editor changed: words that are written may swallow others.

What was to change is compared word by word where it is written. Here is all the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.document.tree import Address
from pipeline.review.match.matrix_cells import POSITION_ADDRESS
from pipeline.review.match.sent_brief import TABLE_CELL, Owner
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.row_order import find_table


def find_other_change(
    before: CurrentContent, after: CurrentContent, changed: Iterable[Owner]
) -> Address | None:
    """Return the first value that is another after a change of some; None where all is right."""
    scopes = _Scopes(changed)
    left = Counter(scopes.list_others(after))
    for key, text in scopes.list_others(before):
        if not left[key, text]:
            return Address(key)
        left[key, text] -= 1
    return next((Address(key) for (key, _), count in left.items() if count), None)


def find_shared_name(before: CurrentContent, after: CurrentContent) -> str:
    """Return a name that two experts have after a change and had not before; nothing if none."""
    old, new = (Counter(_list_names(content)) for content in (before, after))
    return next((name for name, count in new.items() if count > max(1, old[name])), "")


def _list_names(content: CurrentContent) -> list[str]:
    return [str(expert.name) for expert in content.content.article.experts]


class _Scopes:
    """What values may change with those that an editor changed."""

    def __init__(self, changed: Iterable[Owner]) -> None:
        owners = list(changed)
        self.own = {owner.address for owner in owners}
        self.flows = {f"{owner.address}." for owner in owners if owner.is_flow}
        tables = {found[0] for owner in owners if (found := find_table(owner))}
        tables |= {owner.address for owner in owners if owner.kind == "table"}
        self.tables = {f"{table}.r" for table in tables}
        self.answers = {f"{table.rpartition('.')[0]}." for table in tables}
        # With a position that is taken out goes its quote.
        positions = filter(POSITION_ADDRESS.fullmatch, self.own)
        self.positions = {position.removesuffix("text") for position in positions}

    def list_others(self, content: CurrentContent) -> list[tuple[str, str]]:
        """Return the address and the text of each value that is to stay as it is."""
        found = ((self.find_key(address), value.text) for address, value in content.values.items())
        return [(key, text) for key, text in found if key]

    def find_key(self, address: Address) -> str:
        """Return what a value is known by; nothing where it may change.

        Above a table paragraphs may come: its cells are then known by their answer.
        """
        if address in self.own or address.startswith((*self.positions, *self.tables)):
            return ""
        flow = next((flow for flow in self.flows if address.startswith(flow)), "")
        if not flow:
            return address
        return flow if TABLE_CELL.fullmatch(address) and flow not in self.answers else ""
