"""What an editor is told of a change that is not taken: where, why, and what to do."""

from __future__ import annotations

import re
from typing import Final

from pipeline.diagnostics import Diagnostic
from pipeline.document.tree import Address
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.row_order import is_no_table, name_place

_GONE: Final = " is no longer in the content"
_ADDRESS: Final = re.compile(
    rf"(?<![(\w])(?:article\.md|summary\.yaml|house\.yaml)#[\w.-]*\w(?![\w-]|\.\w|{_GONE})"
)
"""An address in a reason, but for one in brackets, which has its place, and one that has none."""
UNTRACKED = (
    "somebody changed it without tracking, so that it is not known whose all of its changes are: "
    "pull without --author, which takes them all"
)
NOT_TRACKED = (
    "it is not tracked, so that it is nobody's, and --author takes an author's changes only"
)
IN_CONFLICT = (
    "the content was changed there as well since the brief was made: both texts stand there, "
    "between conflict marks; keep the right one"
)

TWO_WORDINGS = (
    "this file shows it more than once and has other words for it elsewhere: both texts stand in "
    "the content, between conflict marks; keep the right one"
)


def explain_other_author(author: str) -> str:
    """Return why a tracked change is left out when one author's are taken."""
    return f"it is another author's, and --author takes those of {author} only"


def explain_gone(owner: Owner) -> str:
    """Return why nothing can be changed of a value that was taken out since."""
    if is_no_table(owner.address):
        return (
            f"which table of {name_place(owner.address)} it is by now cannot be told for "
            "certain: it was taken out, divided, or is like another; change it there by hand"
        )
    return (
        f"{owner.address}{_GONE}: it was taken out since the brief was made; "
        "put the words in by hand where they belong now"
    )


def explain_unheld(content: CurrentContent, owner: Owner) -> str:
    """Return why new words cannot be written for a value."""
    return (
        f"{_locate(content, owner)} has no place for such words: a line break, a footnote or a "
        "paragraph may be among them; write it there by hand"
    )


def explain_empty(content: CurrentContent, owner: Owner) -> str:
    """Return why a value cannot lose all its words."""
    return (
        f"{_locate(content, owner)} would have no words: to take it out, delete the whole "
        "entry there, with its key"
    )


def explain_empty_note(content: CurrentContent, owner: Owner) -> str:
    """Return why a footnote cannot lose all its words and stay."""
    return (
        f"a footnote in {_locate(content, owner)} would have no words: to take it out, delete its "
        "mark in the text as well"
    )


def explain_misread(content: CurrentContent, owner: Owner, words: str) -> str:
    """Return why words cannot be written that a build would read as others."""
    read = f"would be read as “{words}”" if words else "could not be found again"
    return (
        f"written to {_locate(content, owner)} it {read}: write it there by hand, and look at "
        "it with brief build --format tree"
    )


def explain_other_change(content: CurrentContent, address: Address) -> str:
    """Return why words cannot be written that would change what nobody changed."""
    return (
        f"written, it would change {_locate(content, Owner('plain', address))} as well, which "
        "nobody changed: write it there by hand"
    )


def explain_shared_name(name: str) -> str:
    """Return why an expert cannot be called as another one is."""
    return (
        f"two experts would be called “{name}”, and nobody could tell who said what: "
        "where that is so, change it in article.md by hand"
    )


def explain_problem(found: Diagnostic) -> str:
    """Return why words cannot be written that a build would stop at, with what it would say.

    The line is that of the file as it would be.
    """
    said = "; ".join(filter(None, [found.message, found.hint]))
    where = f" at {found.at}" if found.at else ""
    return f"a build would stop{where}: {said}"


def explain_together(content: CurrentContent, owner: Owner) -> str:
    """Return why values that can each be written cannot be so together."""
    return (
        f"{_locate(content, owner)} and others changed in this file cannot all be written: "
        "each alone would do; write one of them by hand and pull again"
    )


def explain_tied(content: CurrentContent, owner: Owner, reason: str) -> str:
    """Return why a paragraph stays where it was, when its new place cannot be written."""
    return f"a paragraph was moved to or from it, and {_locate(content, owner)} stays: {reason}"


def locate_addresses(content: CurrentContent, reason: str) -> str:
    """Return a reason with the file and the line of each value that it names."""
    return _ADDRESS.sub(lambda match: _locate(content, Owner("plain", match.group())), reason)


def _locate(content: CurrentContent, owner: Owner) -> str:
    """Write where a value stands: its file and line, and its address."""
    places = content.content.places
    at = places.get(Address(owner.address)) or places.get(Address(f"{owner.address}.1"))
    return f"{at} ({owner.address})" if at else owner.address
