"""The Document is a frozen tree that can be walked, read as words and written as JSON."""

import dataclasses
import json
import typing

import pytest

from pipeline.document import tree
from pipeline.document.tree import (
    Address,
    Box,
    Cell,
    Comment,
    Contents,
    Definition,
    Definitions,
    Document,
    Emphasis,
    Entry,
    Figure,
    Footnote,
    Heading,
    Image,
    Item,
    LineBreak,
    Link,
    List,
    Meta,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Row,
    Section,
    Span,
    Strong,
    Table,
    Text,
    iterate_parts,
    map_children,
    name_kind,
    to_full_text,
    to_json,
    to_plain_text,
    walk,
)


def text(words):
    return (Text(words),)


NOTE = Footnote((Paragraph(text("note")),))
EVERY = Document(
    Meta("A title", "en"),
    (
        Section(
            (
                Heading(1, text("heading")),
                Paragraph((Text("a "), Emphasis(text("stressed")), NOTE, Strong(text(" strong")))),
                Paragraph((Span("term", text("span")), LineBreak(), Link("https://x.example",
                          text("link")), Reference("x", text("reference")), PageNumber("x"),
                          Comment("remark"))),
                List((Item((Paragraph(text("item")),)),)),
                Quote((Paragraph(text("quoted")),), text("whose")),
                Table((Row((Cell(text("head"), "col"),)),), (Row((Cell(text("cell")),)),),
                      text("caption")),
                Figure("x.png", "alt", text("legend")),
                Box((Paragraph(text("box")),)),
                Definitions((Definition(text("defined"), (Paragraph(text("meaning")),)),)),
                Contents((Entry(1, "x", text("entry")),)),
                PageBreak(),
            )
        ),
    ),
    {"x.png": Image(b"data", "image/png", 2, 1, "abc")},
)  # fmt: skip
"""One of every kind of node."""


def test_walking_comes_by_every_node_in_reading_order():
    assert [node.text for node in walk(EVERY) if isinstance(node, Text)] == [
        "heading", "a ", "stressed", "note", " strong", "span", "link", "reference", "item",
        "quoted", "whose", "caption", "head", "cell", "legend", "box", "defined", "meaning",
        "entry",
    ]  # fmt: skip
    kinds = {type(node) for node in walk(EVERY)}
    assert kinds == set(typing.get_args(tree.Node))
    assert list(iterate_parts(EVERY)) == list(EVERY.children)


def test_children_are_changed_in_reading_order_and_unknown_nodes_refused():
    seen = []

    def note(node):
        seen.append(node)
        return map_children(node, note)

    assert map_children(EVERY, note) == EVERY
    assert seen == list(walk(EVERY))
    with pytest.raises(TypeError, match="no Meta"):
        map_children(EVERY.meta, note)


def test_nodes_are_frozen_and_equal_by_value():
    assert Paragraph(text("a")) == Paragraph(text("a"))
    for node in walk(EVERY):
        for field in dataclasses.fields(node):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(node, field.name, None)


def test_plain_words_leave_notes_and_page_numbers_out():
    stressed, linked = EVERY.children[0].children[1:3]
    assert isinstance(stressed, Paragraph)
    assert isinstance(linked, Paragraph)
    assert to_plain_text(stressed.children) == "a stressed strong"
    assert to_plain_text(linked.children) == "span linkreference"


def test_words_keep_blocks_apart_and_put_notes_behind_their_line():
    assert to_full_text(EVERY.children) == (
        "heading a stressed strong note span linkreference item quoted whose caption head cell "
        "legend box defined meaning entry"
    )
    assert to_full_text(text("only")) == "only"
    assert to_full_text([]) == ""


@pytest.mark.parametrize(
    ("node", "name"),
    [(PageBreak(), "page-break"), (LineBreak(), "line-break"), (Text("a"), "text")],
)
def test_a_kind_is_spelt_as_the_tree_has_it(node, name):
    assert name_kind(node) == name


def test_the_tree_leaves_defaults_out_and_keeps_addresses():
    document = Document(
        Meta("Ä", "de", authors=("B",), running_head="C"),
        (
            Section(
                (Paragraph((Text("a", Address("f#a")), Text("é")), "lead"),), id="x", running="r"
            ),
            List((Item((Paragraph(text("i")),)),), ordered=True, start=3),
        ),
    )
    assert json.loads(to_json(document)) == {
        "meta": {"title": "Ä", "language": "de", "authors": ["B"], "running-head": "C"},
        "children": [
            {
                "kind": "section",
                "children": [
                    {
                        "kind": "paragraph",
                        "children": [
                            {"kind": "text", "text": "a", "source": "f#a"},
                            {"kind": "text", "text": "é"},
                        ],
                        "role": "lead",
                    }
                ],
                "id": "x",
                "running": "r",
            },
            {
                "kind": "list",
                "children": [
                    {
                        "kind": "item",
                        "children": [
                            {"kind": "paragraph", "children": [{"kind": "text", "text": "i"}]}
                        ],
                    }
                ],
                "ordered": True,
                "start": 3,
            },
        ],
    }


def test_the_tree_names_images_by_their_fingerprint_in_order():
    image = EVERY.images["x.png"]
    written = to_json(Document(Meta("t", "en"), EVERY.children, {"z.png": image, "a.png": image}))
    images = json.loads(written)["images"]
    assert list(images) == ["a.png", "z.png"]
    assert images["a.png"] == {"media-type": "image/png", "pixels": [2, 1], "sha256": "abc"}
    assert "data" not in written


def test_the_tree_is_the_same_with_comments_and_without():
    words = (Text("a b", tree.Address("x#y")), Text("c"))
    remarked = (Text("a", tree.Address("x#y")), Comment("d"), Text(" b", tree.Address("x#y")))
    plain_one, noted = (
        Document(Meta("t", "en"), (Paragraph(line),)) for line in (words, (*remarked, words[1]))
    )
    assert to_json(noted) == to_json(plain_one)


def test_the_tree_is_the_same_each_time_with_letters_as_they_are():
    written = to_json(EVERY)
    assert written == to_json(EVERY)
    assert written.endswith("}\n")
    assert "\\u" not in to_json(Document(Meta("5×5—“é”", "en"), EVERY.children))
    every_kind = {kind.__name__ for kind in typing.get_args(tree.Node)} - {"Comment"}
    assert {name.replace("-", "").lower() for name in _kinds(json.loads(written))} == {
        name.lower() for name in every_kind
    }


def _kinds(data):
    if isinstance(data, dict):
        if "kind" in data:
            yield data["kind"]
        for value in data.values():
            yield from _kinds(value)
    elif isinstance(data, list):
        for value in data:
            yield from _kinds(value)
