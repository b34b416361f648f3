"""Texts to read as Markdown: any that hypothesis makes up, with all the trouble in them."""

import os

from hypothesis import settings
from hypothesis import strategies as st

from pipeline.diagnostics import Findings
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.tree import Address

MORE = int(os.environ.get("EXAMPLES", "0"))


def examples(count: int) -> settings:
    """Take the same few examples each time, or many new ones when asked."""
    return settings(max_examples=MORE or count, derandomize=not MORE, database=None)


TROUBLE = st.text(
    st.sampled_from("ab 1.#>-+*_[]()!\\`~<>&;:{}|^'\"=/@%$\n\t\u00a0\u00ad\u200bé漢\U0001f600"),
    max_size=40,
)

FIRST = 10
"""The line of the file on which the texts of these tests begin."""


def read(text, **more):
    findings = Findings()
    parsed = MarkdownReader("a.md", findings, FIRST, **{"columns": 24} | more).parse(text)
    blocks = parsed.read_blocks(parsed.nodes, lambda number, at: Address(f"a.md#{number}"))
    return blocks, list(findings)
