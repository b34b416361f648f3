"""Any value of a YAML file, however it is written, takes any words, and all else stays."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.review.pull.yaml_scalar import find_scalar, rewrite_scalar
from pipeline.yaml_nodes import YamlLoader

FIRST, SECOND = "Old words over", "some lines"
SPELLINGS = {
    "plain": f"{FIRST} {SECOND}",
    "plain over lines": f"{FIRST}\n~{SECOND}",
    "single quotes": f"'{FIRST} isn''t {SECOND}'",
    "single quotes over lines": f"'{FIRST} isn''t\n~{SECOND}'",
    "double quotes": f'"{FIRST} \\"{SECOND}\\" \\u00e9"',
    "double quotes over lines": f'"{FIRST} \\u00e9\n~{SECOND}"',
    "double quotes, a line that goes on": f'"{FIRST} \\\n~{SECOND}"',
    "tagged": f"!!str {FIRST}",
    "anchored": f"&a '{FIRST}'",
}
for header in ("|", ">", "|-", ">-", "|+", ">+", "|2", ">2-", "|+1", ">-  # at a block"):
    inner = "+" if "2" in header else "^" if "1" in header else "~"
    SPELLINGS[f"block {header}"] = f"{header}\n{inner}{FIRST}\n{inner}{SECOND}\n"
SPELLINGS["block, then blank lines"] = f">\n~{FIRST}\n\n~{SECOND}\n\n\n"
SPELLINGS["block, keeping blank lines"] = f"|+\n~{FIRST}\n\n\n"

PLACES = {
    "top": ("# above\n{}text: {}{}\nlast: {{a: [1, 2]}}  # the end\n", 0, "text"),
    "item": ("all:\n  - text: {1}{2}\n    {0}more: [a]\n  - b\nlast: x\n", 4, "all.1.text"),
    "second key": ("all:\n  - {0}a: b\n    text: {1}{2}\n    # in\n  - b\n", 4, "all.1.text"),
    "set in by nothing": ("{}all:\n- text: {}{}\n  m: n\n- c\n", 2, "all.1.text"),
    "set in by one": ("all:\n {0}a: b\n text: {1}{2}\n", 1, "all.text"),
    "an item itself": ("{}all:\n    - a\n    - {}{}\n    - c\n", 4, "all.2"),
    "items in items": ("all:\n  - - {1}{2}\n    - {0}c\n", 4, "all.1.1"),
    "a line below its key": ("{}all:\n  text:\n    # its words\n    {}{}\n  b: c\n", 2, "all.text"),
    "deep": ("a:\n  b:\n    c:\n      - {0}d: e\n        f: {1}{2}\n", 8, "a.b.c.1.f"),
    "the last line": ("{0}a: b\nall: {1}{2}", 0, "all"),
}
FLOWS = {
    "flow mapping": ("{}all:\n  - {{text: {}, more: [a, b]}}{}\n  - c\n", 4, "all.1.text"),
    "flow sequence": ("all: [a, {1}, {{b: c}}]{2}\n{0}d: e\n", 2, "all.2"),
    "flow over lines": ("all: {{\n  {0}a: b,\n  text: {1},  # in\n}}{2}\nd: e\n", 4, "all.text"),
}


def write(case: tuple[str, str], neighbour: str, *, comment: bool) -> tuple[str, str]:
    """Return a text of YAML with a value at a place, and the value's path."""
    place, spelling = case
    shape, column, path = {**PLACES, **FLOWS}[place]
    written = SPELLINGS[spelling]
    for sign, more in (("~", 3), ("+", 2), ("^", 1)):
        written = re.sub(rf"^\{sign}", " " * (column + more), written, flags=re.MULTILINE)
    behind = "  # behind" if comment and not written.endswith("\n") else ""
    text = shape.format(neighbour, written, behind)
    return re.sub(r"\n\n( *\S)", r"\n\1", text, count=1) if written.endswith("\n") else text, path


def list_others(text: str, start: int) -> list[object]:
    """Return what else a text says, and its comments."""
    events = [
        (type(event).__name__, getattr(event, "value", ""), getattr(event, "anchor", ""))
        for event in yaml.parse(text, Loader=YamlLoader)
        if event.start_mark.index != start
    ]
    return [*events, re.findall(r"# (?:above|behind|at a block|in|its words|the end)$", text, re.M)]


CASES = [
    (place, spelling)
    for place in (*PLACES, *FLOWS)
    for spelling in SPELLINGS
    if place in PLACES or not spelling.startswith("block")
]
VALUE = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), max_size=40)
    | st.text("ab :#-'\"{}[],&*!|>%@`\\?~", max_size=20)
    | st.sampled_from(["~", "null", "- a", "a: b", "a #b", "# a", "yes", "'", '"', "...", "---"])
).filter(lambda value: value == value.strip() and value)


def check_rewritten(text: str, path: str, lines: tuple[str, ...], *, keeps_lines: bool) -> str:
    old = find_scalar(text, path)
    assert old

    new = rewrite_scalar(text, path, lines, keeps_lines=keeps_lines)

    assert new is not None, (text, lines)
    now = find_scalar(new, path)
    assert now
    joined = "\n".join(lines) if keeps_lines else " ".join(lines)
    value = now.value if keeps_lines else now.value.replace("\n", " ")
    assert value == joined.strip()
    assert now.style or now.value not in ("~", "null")
    assert list_others(new, now.node_start) == list_others(text, old.node_start)
    assert new[: old.start] == text[: old.start]
    assert keeps_lines or rewrite_scalar(new, path, now.lines) == new
    return new


@settings(max_examples=400, deadline=None)
@given(case=st.sampled_from(CASES), lines=st.lists(VALUE, min_size=1, max_size=3), data=st.data())
def test_any_value_takes_any_words_and_all_else_stays(case, lines, data):
    comment, neighbour = (
        data.draw(st.booleans()),
        data.draw(st.sampled_from(["", "x: |\n        y\n"])),
    )
    if case[0] not in ("top", "set in by nothing", "an item itself", "the last line"):
        neighbour = ""
    text, path = write(case, neighbour, comment=comment)
    check_rewritten(text, path, tuple(lines), keeps_lines=data.draw(st.booleans()))


@pytest.mark.parametrize("case", CASES, ids=": ".join)
def test_a_value_is_written_as_it_was_written_before(case):
    text, path = write(case, "", comment=True)
    old = find_scalar(text, path)

    new = check_rewritten(text, path, ("New words over", "two lines"), keeps_lines=False)

    now = find_scalar(new, path)
    assert now.style == old.style
    assert now.header == old.header
    if len(old.lines) > 1:
        assert now.lines == ("New words over", "two lines")
        assert now.indent == old.indent
    behind = len(text) - old.end
    assert new[len(new) - behind :] == text[old.end :]


@pytest.mark.parametrize("place", PLACES)
def test_lines_that_are_kept_make_a_block(place):
    text, path = write((place, "plain"), "", comment=True)

    new = check_rewritten(text, path, ("One.", "", "- Two", "  - Three"), keeps_lines=True)

    assert find_scalar(new, path).style == "|"
