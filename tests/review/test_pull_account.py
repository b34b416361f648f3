"""The account adds up: each difference between two files is in the content, or is told.

Any edits at all are made of a brief. What is pulled is built again: where the new brief and the
editor's file differ, in words, looks, links, pictures, comments or order, an entry says so.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import lxml.etree
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.editor import Editor, accept_changes, read_words
from tests.support.pictures import (
    EMBED,
    PICTURED,
    add_picture,
    describe_picture,
    drop_picture,
    make_image,
    move_picture,
    replace_image,
    write_below_picture,
    write_pictured,
)
from tests.support.read_outputs import W
from tests.support.review_project import ARTICLE_FILE, SUMMARY, build_docx, merge_result, pull_files
from tests.support.word_ways import (
    MC,
    embolden_in_ink,
    insert_emoji,
    link_by_field,
    move_by_marks,
    type_over,
)

PARAGRAPHS = (
    "An introduction",
    "Because words",
    "Salt is",
    "Last words",
    "It rests",
    "More words",
    "Nobody knows",
)
VALUES = ("Two experts", "Why do words")
STYLES = ("BodyText", "ListBullet", "Standfirst", "BottomLine", "Heading1", "Caption", "Figure")
LOOKS = ("u", "strike", "highlight", "sz", "caps", "color", "shd")
ONE_QUOTE = re.sub(
    r"answer: q\d\.\w+, quote: \"[^\"]*\"", 'answer: q1.ann, quote: "strong words"', SUMMARY
)
ONE_QUOTE = ONE_QUOTE.replace("quote: norms do too", "quote: strong words")
ONE_QUOTE = ONE_QUOTE.replace("quote: on the day", "quote: This is quoted")
"""A summary that quotes paragraphs which nobody edits, and no others."""
QUOTED = PICTURED.replace("on the day.\n", "on the day.\n\nThis is quoted.\n")
ADDRESS = "https://example.org/new"


def _second(start: str) -> str:
    return start.split()[1]


EDITS = {
    "insert": lambda e, start: e.insert(start, " indeed"),
    "replace": lambda e, start: e.replace(_second(start), "otherwise", e.paragraph(start)),
    "delete": lambda e, start: e.replace(_second(start), "", e.paragraph(start)),
    "bold": lambda e, start: e.set(start, "b"),
    "bold in ink": embolden_in_ink,
    "italic": lambda e, start: e.set(start, "i"),
    "link": lambda e, start: e.link(start, ADDRESS),
    "field": lambda e, start: link_by_field(e, start, ADDRESS),
    "underlined": lambda e, start: e.set(start, "u", val="single"),
    "struck": lambda e, start: e.set(start, "strike"),
    "larger": lambda e, start: e.set(start, "sz", val=40),
    "shaded": lambda e, start: e.set(start, "shd", val="clear", fill="FFFF00"),
    "emoji": insert_emoji,
    "typed over": lambda e, start: type_over(e, start, f"Something else, of {_second(start)}."),
    "comment": lambda e, start: e.comment(start, "Source?"),
    "new": lambda e, start: e.paragraph_after(start, "Quite new words."),
    "dropped": lambda e, start: e.drop(start),
    "moved": lambda e, start: e.move(start, "The second paragraph"),
    "moved by marks": lambda e, start: move_by_marks(e, start, "The second paragraph"),
    "picture": add_picture,
}
OF_PICTURES = {
    "described": lambda e: describe_picture(e, "a map, described"),
    "replaced": lambda e: replace_image(e, make_image(7)),
    "moved": lambda e: move_picture(e, "The second paragraph", 1),
    "dropped": lambda e: drop_picture(e),
    "followed": lambda e: write_below_picture(e, "Words below.", 1),
}


def list_atoms(data: bytes) -> Counter[tuple[str, str]]:
    """Return all that a file says and shows, with its changes accepted, by a reader of its own."""
    data = accept_changes(data)
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    rels = lxml.etree.fromstring(parts["word/_rels/document.xml.rels"])
    targets = {str(r.get("Id")): str(r.get("Target")) for r in rels}
    editor = Editor(data)
    for forms in list(editor.body.iter(f"{{{MC}}}AlternateContent")):
        forms.addprevious(forms[-1][0])  # the last resort, which every program knows
        forms.getparent().remove(forms)
    atoms: Counter[tuple[str, str]] = Counter()
    above = ""
    for paragraph in editor.body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is None or not style.get(f"{W}val").startswith(STYLES):
            continue
        words = "".join(c for c in read_words(paragraph) if c not in "“”").split()
        words = [word for word in words if not word.isdigit()]  # the template counts questions
        atoms.update(("order", f"{above} {word}") for word in words[:1])
        atoms.update(("word", word.strip(".,?")) for word in words)
        atoms.update(_list_looks(paragraph, targets, str(style.get(f"{W}val"))))
        for blip in paragraph.iter("{*}blip"):
            image = parts[f"word/{targets[str(blip.get(EMBED))]}"]
            (alt,) = {d.get("descr") for d in paragraph.iter("{*}docPr")}
            atoms["picture", f"{hashlib.sha256(image).hexdigest()} {alt}"] += 1
            atoms["order", f"{above} {alt}"] += 1
        above = words[-1] if words else above
    return atoms


def _list_looks(paragraph, targets, style: str) -> Iterator[tuple[str, str]]:
    fields: list[str] = []
    for run in paragraph.iter(f"{W}r"):
        fields += [i.text.split('"')[1] for i in run.iter(f"{W}instrText") if '"' in i.text]
        if any(c.get(f"{W}fldCharType") == "end" for c in run.iter(f"{W}fldChar")):
            fields = []
        link = run.getparent() if run.getparent().tag == f"{W}hyperlink" else None
        href = next((t for k, t in targets.items() if link is not None and k in link.values()), "")
        href = href or "".join(fields)
        properties = run.find(f"{W}rPr")
        looks = {node.tag.removeprefix(W) for node in (() if properties is None else properties)}
        named = properties.find(f"{W}rStyle") if properties is not None else None
        looks.add("" if named is None else named.get(f"{W}val"))
        for word in read_words(run).split():
            yield from (("look", look) for look in looks & {*LOOKS} if look != "color")
            if looks & {"b", "Strong"} and "InlineNumber" not in looks and style != "Heading1":
                yield "bold", word.strip("“”.,")
            if looks & {"i", "Emphasis"} and style != "Standfirst":
                yield "italic", word.strip("“”.,")
            if href:
                yield "link", f"{href} {word.strip('“”.,')}"


NAMES = {
    "u": "underlined", "strike": "struck", "sz": "another size", "shd": "shaded", "highlight": "",
}  # fmt: skip


def is_told(atom: tuple[str, str], told: str) -> bool:
    """Return whether the entries that are left to a person say what an atom is."""
    kind, what = atom
    if kind == "look":
        return NAMES[what] in told
    if kind == "picture":
        return "picture" in told or "alternative text" in told
    if kind == "order":  # of what stays where it was, or was refused
        return bool(told)
    if kind == "link":
        return what.split()[0] in told or what.split()[-1] in told
    return (kind in told or what in told) if kind in ("bold", "italic") else what in told


def check_account(edits, of_pictures, *, is_tracked: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = write_pictured(Path(folder) / "project", QUOTED)
        (project / "content/talk/summary.yaml").write_text(ONE_QUOTE, "utf-8")
        editor = Editor(build_docx(project, "per-question"), "Ann" if is_tracked else "")
        for kind, start in edits:
            EDITS[kind](editor, start)
        if of_pictures:
            OF_PICTURES[of_pictures](editor)
        data = editor.save()
        comments = [kind for kind, _ in edits if kind == "comment"]

        result = pull_files(project, data)

        told = " ".join(
            f"{e.what} {e.words} {e.reason}"
            for e in result.entries
            if e.is_left_over or "caption" in e.reason
        )
        written = "".join(text for name, text in result.after.items() if "/reviews/" in name)
        assert written.count("text: Source?") == len(comments)
        merged = merge_result(result, {ARTICLE_FILE: QUOTED})
        for name, text in merged.items():
            (project / name).write_text(text, "utf-8")
        assert result.diagnostics == ()
        built, wanted = list_atoms(build_docx(project, "per-question")), list_atoms(data)
        silent = [a for a in (built - wanted) + (wanted - built) if not is_told(a, told)]
        assert silent == [], (told, result.format_diff())


EDIT = st.one_of(
    st.tuples(st.sampled_from(sorted(EDITS)), st.sampled_from(PARAGRAPHS)),
    st.tuples(
        st.sampled_from(
            ["link", "bold", "italic", "underlined", "typed over", "comment", "larger"]
        ),
        st.sampled_from(VALUES),
    ),
)
SOME = st.lists(EDIT, min_size=1, max_size=4, unique_by=lambda edit: edit[1])
OF_ONE = st.sampled_from(["", *OF_PICTURES])
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@pytest.mark.slow
@settings(max_examples=20, phases=PHASES)
@given(SOME, OF_ONE, st.booleans())
def test_each_of_a_few_differences_is_written_or_told(edits, of_pictures, is_tracked):
    check_account(edits, of_pictures, is_tracked=is_tracked)


@pytest.mark.soak
@settings(max_examples=400, phases=PHASES)
@given(SOME, OF_ONE, st.booleans())
def test_each_of_many_differences_is_written_or_told(edits, of_pictures, is_tracked):
    check_account(edits, of_pictures, is_tracked=is_tracked)


@pytest.mark.soak
@pytest.mark.parametrize("is_tracked", [True, False])
@pytest.mark.parametrize("start", PARAGRAPHS + VALUES)
@pytest.mark.parametrize("kind", sorted(EDITS))
def test_each_kind_of_edit_of_each_paragraph_is_written_or_told(kind, start, is_tracked):
    check_account([(kind, start)], "", is_tracked=is_tracked)
