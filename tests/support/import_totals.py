"""The totals of an import: what its log prints must add up."""

from __future__ import annotations

from pipeline.importers.ledger import Account


def check_totals(account: Account) -> None:
    """Check that no line and no word is missing or counted twice."""
    assert sum(account.lines.values()) == account.all_lines
    assert sum(account.words.values()) == account.all_words
