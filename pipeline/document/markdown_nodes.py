"""Nodes of Markdown: which a brief cannot hold, and where one stands."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from markdown_it.tree import SyntaxTreeNode

RAW_SIGNS: Final = "raw-signs"
"""The code of signs that Markdown does not read, and that would be printed as they are."""
REFUSED_MARKDOWN: Final = {
    "html_block": ("raw-html", "raw HTML", "write it in Markdown; a lone < is written \\<"),
    "html_inline": ("raw-html", "raw HTML", "write it in Markdown; a lone < is written \\<"),
    "code_block": ("unsupported-markdown", "an indented code block", "take the indent away"),
    "fence": ("unsupported-markdown", "a code block", None),
    "code_inline": ("unsupported-markdown", "code", "a lone ` is written \\`"),
    "hr": ("unsupported-markdown", "a rule", "write \\--- if the hyphens are meant"),
    "heading": (
        "unsupported-markdown",
        "a heading",
        "only questions (#) and answers (##) have one; a lone # is written \\#",
    ),
    "image": ("unsupported-markdown", "an image", "an image is a paragraph of its own"),
    "table": (
        "unsupported-markdown",
        "a table",
        "it stands by itself in an answer or the introduction, in no list, quotation or note",
    ),
    "footnote_ref": ("unsupported-markdown", "a footnote", None),
}
"""Of each kind that is refused the code, what it is, and what to do."""


def count_line_ends(node: SyntaxTreeNode) -> int:
    """Count the ends of lines in a part of a line's text."""
    if node.type in ("softbreak", "hardbreak"):
        return 1
    return (
        node.content.count("\n") if not node.children else sum(map(count_line_ends, node.children))
    )


def find_note_around(node: SyntaxTreeNode) -> str | None:
    """Return the label of the footnote that a node stands in."""
    around: SyntaxTreeNode | None = node
    while around is not None:
        if around.type == "footnote_reference":
            return str(around.meta["label"])
        around = around.parent
    return None


def is_outside_link(href: str) -> bool:
    """Return whether a link leads to a web or mail address, and to nothing else."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("http", "https") and bool(parts.netloc)
