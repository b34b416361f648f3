"""Every construct of CommonMark and of GitHub's Markdown is understood in all formats, or refused.

Whether it is understood is for another parser to say: the words are those that pandoc reads.
"""

import json
import subprocess
from functools import cache

import pypandoc
import pytest

from pipeline.diagnostics import Findings
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.tree import (
    Address,
    Document,
    Figure,
    Heading,
    Image,
    Meta,
    Section,
    Text,
    to_json,
    walk,
)
from pipeline.document.whitespace import fold_block
from pipeline.render.contract import load_renderer
from tests.support import specimen
from tests.support.markdown_examples import iterate_examples
from tests.support.read_outputs import read_docx_words, read_html_words, read_tree_words

EXAMPLES = [text for _, text in iterate_examples()]
READ = "commonmark+pipe_tables+strikeout+footnotes"
SCRIPT = r"""
local texts = pandoc.json.decode(io.read("a"))
local found = {}
for index, text in ipairs(texts) do
  local parts = {}
  pandoc.read(text, "FORMAT"):walk({
    traverse = "topdown",
    Str = function(e) table.insert(parts, e.text) end,
    Code = function(e) table.insert(parts, e.text) end,
    CodeBlock = function(e) table.insert(parts, e.text) end,
    RawInline = function(e) table.insert(parts, e.text) end,
    RawBlock = function(e) table.insert(parts, e.text) end,
    Image = function(e) table.insert(parts, pandoc.utils.stringify(e.title)) end,
  })
  found[index] = table.concat(parts)
end
print(pandoc.json.encode(found))
""".replace("FORMAT", READ)


INTERRUPTING = "a\n| b |\n|---|\n| c |"
"""GitHub reads a table right below a paragraph; pandoc does not."""


def read_example(text):
    findings = Findings()
    reader = MarkdownReader("a.md", findings, image=lambda name, at: name, columns=24)
    parsed = reader.parse(text)
    blocks = parsed.read_blocks(parsed.nodes, lambda number, at: Address(f"a.md#{number}"))
    return blocks, list(findings)


@cache
def read_all():
    return [read_example(text) for text in EXAMPLES]


def letters(text):
    return sorted("".join(text.split()))


def test_the_examples_are_many():
    assert len(EXAMPLES) > 1500
    refused = sum(bool(found) for _, found in read_all())
    assert 300 < refused < len(EXAMPLES) - 500


def test_what_is_refused_has_a_place_and_a_way_out():
    for text, (_, found) in zip(EXAMPLES, read_all(), strict=True):
        for one in found:
            assert one.at.file == "a.md", text
            assert 1 <= one.at.line <= text.count("\n") + 1, text
            assert one.message, text


@pytest.mark.slow
def test_what_is_understood_has_the_words_that_pandoc_reads(tmp_path):
    script = tmp_path / "read.lua"
    script.write_text(SCRIPT, "utf-8")
    understood = [
        (text, blocks)
        for text, (blocks, found) in zip(EXAMPLES, read_all(), strict=True)
        if not found and "%%" not in text and "^[" not in text and text != INTERRUPTING
    ]
    answer = subprocess.run(
        [pypandoc.get_pandoc_path(), "lua", script],
        input=json.dumps([f"{text}\n" for text, _ in understood]),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    theirs = json.loads(answer.stdout)
    others = []
    for (text, blocks), words in zip(understood, theirs, strict=True):
        nodes = [node for block in blocks for node in (block, *walk(block))]
        own = "".join(
            node.text if isinstance(node, Text) else node.alt
            for node in nodes
            if isinstance(node, Text | Figure)
        )
        if letters(own) != letters(words):
            others.append((text, own, words))
    assert others == [], "\n".join(map(repr, others))


def make_document():
    """Return a Document of all that is understood, each example in a part of its own."""
    parts = []
    for number, (blocks, found) in enumerate(read_all()):
        if not found and any(isinstance(n, Text) for b in blocks for n in (b, *walk(b))):
            heading = Heading(2, (Text(f"Example {number}"),), f"e{number}")
            parts.append(Section((heading, *map(fold_block, blocks)), "answer"))
    picture: Image = specimen.picture()
    shown = {n.image for part in parts for n in walk(part) if isinstance(n, Figure)}
    return Document(Meta("Examples", "en"), tuple(parts), dict.fromkeys(shown, picture))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "read_words"), [("html", read_html_words), ("docx", read_docx_words)]
)
def test_what_is_understood_says_the_same_in_each_format(name, read_words):
    document = make_document()
    rendered = load_renderer(name)(document, specimen.make_options())
    assert read_words(rendered.data) == read_tree_words(json.loads(to_json(document)))
