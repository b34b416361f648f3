"""Items of lists in YAML: any order, new ones among them; comments, style and all else stay."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.review.pull.yaml_entries import add_entry, remove_entry
from pipeline.review.pull.yaml_items import PLACEHOLDER, add_flow_items, arrange_items

ITEMS = [
    "- text: >-\n    Over\n    lines.\n  evidence:\n    - {answer: a, quote: b}  # here\n",
    "- text: 'One''s.'\n",
    "- {text: In brackets, evidence: [c, d]}   # behind\n",
    "- evidence:\n  - x\n  text: |\n    A block.\n\n    Two.\n",
    "-\n  text: Below.\n  # within\n",
    "- # beside\n  text: Below.\n",
]
ABOVE = ["", "\n", "# above\n", "\n# above\n# again\n", "\n\n"]
HEADS = ["list:\n", "list:   # a list\n", "list:\n{0}# the first\n"]


@st.composite
def draw_list(draw):
    """Draw a text with a list, and how many items that has."""
    inner = " " * draw(st.integers(0, 3))
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4))
    text = draw(st.sampled_from(HEADS)).format(inner)
    for number, item in enumerate(items):
        above = draw(st.sampled_from(ABOVE)) if number else ""
        text += "".join(
            f"{inner}{line}\n" if line else "\n" for line in (above + item).split("\n")[:-1]
        )
    before = draw(st.sampled_from(["", "a: b\n", "# start\na: |\n  b\n\n"]))
    after = draw(st.sampled_from(["", "z: [1]\n", "\n# the end\nz: 1\n"]))
    return before + text + after, len(items)


@settings(max_examples=300, deadline=None)
@given(drawn=draw_list(), data=st.data())
def test_any_items_stand_in_any_order_with_new_ones_among_them(drawn, data):
    text, count = drawn
    some = data.draw(st.permutations(range(count)))[: data.draw(st.integers(0, count))]
    order = list(some)
    for _ in range(data.draw(st.integers(0, 2))):
        order.insert(data.draw(st.integers(0, len(order))), ("text",))

    new = arrange_items(text, "list", order)

    assert new is not None
    was, now = yaml.safe_load(text), yaml.safe_load(new)
    added = {"text": PLACEHOLDER}
    assert now == was | {"list": [added if n == ("text",) else was["list"][n] for n in order]}
    if sorted(some) == list(range(count)):
        for sign in ("# here", "# behind", "# within", "# beside", "# above", "# again"):
            assert new.count(sign) == text.count(sign)
    for sign in ("# a list", "# the first", "# start", "# the end"):
        assert new.count(sign) == text.count(sign)
    if order == list(range(count)):
        assert new == text


@settings(max_examples=100, deadline=None)
@given(data=st.data(), items=st.lists(st.sampled_from(["{a: b}", "'c, d'", "e"]), max_size=4))
def test_a_list_in_brackets_is_put_in_any_order(data, items):
    shape = data.draw(st.sampled_from(["list: [{}]", "x: y\nlist: [ {} ]  # c\nz: 1\n"]))
    text = shape.replace("{}", data.draw(st.sampled_from([", ", ",\n    "])).join(items))
    order = data.draw(st.permutations(range(len(items))))[: data.draw(st.integers(0, len(items)))]
    if data.draw(st.booleans()):
        order.insert(data.draw(st.integers(0, len(order))), ("a", "b"))

    new = arrange_items(text, "list", order)

    assert new is not None
    was, now = yaml.safe_load(text), yaml.safe_load(new)
    added = {"a": PLACEHOLDER, "b": PLACEHOLDER}
    assert now == was | {"list": [added if isinstance(n, tuple) else was["list"][n] for n in order]}
    assert new.count("# c") == text.count("# c")


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("l:\n  - a\n  - b  # c\nz: 1\n", "l:\n  - a\n  - b  # c\n  - {x: y}\nz: 1\n"),
        ("l: [a]\n", "l: [a, {x: y}]\n"),
        ("l: []\n", "l: [{x: y}]\n"),
        ("l:\n- q: |\n    a\n\nz: 1", "l:\n- q: |\n    a\n- {x: y}\n\nz: 1"),
    ],
)
def test_items_are_added_at_the_end(text, new):
    assert add_flow_items(text, "l", ["{x: y}"]) == new


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("p:\n  q:\n    a: {text: b}\n    c: d  # d\n", "p:\n  q:\n    c: d  # d\n"),
        ("p:\n  q:\n    c: d  # d\n    a:\n      t: >-\n        b\n", "p:\n  q:\n    c: d  # d\n"),
        ("p:\n  q: {a: {text: b}, c: d}\n", "p:\n  q: {c: d}\n"),
        ("p:\n  q: {c: d, a: {text: b}}\n", "p:\n  q: {c: d}\n"),
        ("p:\n  q:\n    a: {text: b}\n  r: s\n", "p:\n  r: s\n"),
    ],
)
def test_an_entry_is_taken_out(text, new):
    assert remove_entry(text, "p.q.a") == new


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (
            "p:\n q:\n  c: {text: d}  # d\nz: 1\n",
            "p:\n q:\n  c: {text: d}  # d\n  a: {text: B.}\nz: 1\n",
        ),
        (
            "p:\n q:\n  c:\n   text: d\n\nz: 1",
            "p:\n q:\n  c:\n   text: d\n  a:\n   text: B.\n\nz: 1",
        ),
        ("p:\n  q: {c: {text: d}}\n", "p:\n  q: {c: {text: d}, a: {text: B.}}\n"),
        ("p:\n  r:\n    c: {text: d}\n", "p:\n  r:\n    c: {text: d}\n  q:\n    a: {text: B.}\n"),
        ("p: {r: {c: {text: d}}}\n", "p: {r: {c: {text: d}}, q: {a: {text: B.}}}\n"),
    ],
)
def test_an_entry_is_put_in_as_the_others_are_written(text, new):
    assert add_entry(text, "p.q.a.text", ("B.",)) == new
