"""An editor's file with its elements taken out, copied, moved and rewritten anywhere."""

from __future__ import annotations

import copy
import random

from tests.support.editor import Editor, w
from tests.support.read_outputs import W

TAGS = tuple(f"{W}{tag}" for tag in ("p", "tbl", "tr", "tc", "r"))
"""What is edited; the smaller half of what is drawn is in tables."""
WORDS = ("new words here", "", "port", "22", " x ", "Bob Baker", "1. a", "|")


def edit_wildly(data: bytes, seed: int) -> bytes:
    """Return a file with up to five such edits, the same for the same seed."""
    draw = random.Random(seed)
    editor = Editor(data, "Ed")
    for _ in range(draw.randint(1, 5)):
        every = list(editor.body.iter(draw.choice(TAGS)))
        if every:
            draw.choice(EDITS)(editor, draw.choice(every), every, draw)
    return editor.save()


def take_out(editor, element, every, draw):
    element.getparent().remove(element)


def copy_behind(editor, element, every, draw):
    element.addnext(copy.deepcopy(element))


def move(editor, element, every, draw):
    other = draw.choice(every)
    if other is not element and element not in other.iterancestors():
        other.addnext(element)


def rewrite(editor, element, every, draw):
    if words := list(element.iter(f"{W}t")):
        draw.choice(words).text = draw.choice(WORDS)


def track(editor, element, every, draw):
    """Track that a run went, that a row came or went, or that a paragraph was copied."""
    if element.tag == f"{W}r":
        editor.strike(element)
    elif element.tag == f"{W}tr":
        properties = element.find(f"{W}trPr")
        if properties is None:
            properties = w("trPr")
            element.insert(0, properties)
        properties.append(editor.change(draw.choice(("ins", "del"))))
    elif element.tag == f"{W}p":
        new = copy.deepcopy(element)
        element.addnext(new)
        for run in list(new.iter(f"{W}r")):
            wrapper = editor.change("ins")
            run.addprevious(wrapper)
            wrapper.append(run)


EDITS = (take_out, copy_behind, move, rewrite, track)
