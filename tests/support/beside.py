"""Edits of what stands beside the words, and what is told of them."""

from __future__ import annotations

from pathlib import Path

from tests.support.pictures import (
    PICTURED,
    add_picture,
    describe_picture,
    drop_picture,
    make_image,
    move_picture,
    replace_image,
    write_pictured,
)

NOTED = PICTURED.replace("- Bread is old.", "- Bread is old. %%Source?%%")


def write_noted(project: Path) -> Path:
    """Write a project with pictures, and a note of the content's own."""
    return write_pictured(project, NOTED)


BESIDE = {
    "nothing": (lambda e: None, []),
    "picture replaced": (
        lambda e: replace_image(e, make_image(9)),
        [("refused", "picture replaced")],
    ),
    "picture moved": (lambda e: move_picture(e, "It rests with"), [("applied", "picture moved")]),
    "picture described": (
        lambda e: describe_picture(e, "a map, described"),
        [("applied", "alternative text changed")],
    ),
    "picture dropped": (drop_picture, [("refused", "picture removed")]),
    "picture added": (lambda e: add_picture(e, "It rests with"), [("refused", "picture added")]),
    "link on plain words": (
        lambda e: e.link("Two experts", "https://example.org/new"),
        [("refused", "linked to https://example.org/new")],
    ),
    "comment with a note's words": (
        lambda e: e.comment("Nobody knows", "Source?"),
        [("applied", "")],
    ),
    "note resolved": (lambda e: e.thread(0, resolved=True), [("refused", "note resolved")]),
    "note answered": (lambda e: e.comment("Bread", "Yes.", answers=0), [("applied", "")]),
}
"""Edits beside the words, with what is told of them."""
