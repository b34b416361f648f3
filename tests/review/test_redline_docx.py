"""Redlines as editors know them: moves, looks, numbers, contents; two editions when settled."""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from io import BytesIO

import lxml.etree
import pytest

from pipeline.diagnostics import Problems
from pipeline.review.edited_docx import reader
from pipeline.review.redline import write_redline
from pipeline.review.redline.block_writer import Signature
from pipeline.review.redline.check_redline import check_redline
from pipeline.review.redline.settle_changes import settle_changes
from tests.review.test_redline import SHORTER
from tests.review.test_redline_list import edit_at_random
from tests.support.editor import Editor, w
from tests.support.libreoffice import settle_files
from tests.support.paths import ROOT
from tests.support.read_outputs import W
from tests.support.review_project import (
    TEMPLATES,
    TEXTS,
    build_docx,
    get_docx,
    replace_texts,
    write_project,
)
from tests.support.rich_article import write_rich

SIGNED = Signature("Ann Editor", "2024-03-01T00:00:00Z")
VALIDATOR = ROOT / ".venv" / "office" / "node_modules" / ".bin" / "ooxml-validator"
LAST = "## ann\n\nMore words will come.\n\n## bob\n\nNobody knows what comes.\n"
SWAPPED = "## bob\n\nNobody knows what comes.\n\n## ann\n\nMore words will come.\n"
FIRST_SOURCE = '# for now\n  evidence: [{answer: q1.ann, quote: "norms do too"}]'
NEW_SOURCE = [
    (
        "summary",
        FIRST_SOURCE,
        FIRST_SOURCE.replace("[{", '[{answer: q2.bob, quote: "Nobody knows"}, {'),
    )
]
"""The numbers of all sources move up."""
CHANGES = {
    "a question went": SHORTER,
    "sources have other numbers": NEW_SOURCE,
    "answers moved": [("article", LAST, SWAPPED)],
    "a stress": [("article", "Nobody doubts *this* much.", "Nobody doubts this *much*.")],
    "a kind of list": [
        ("article", "- Bread is old.\n- Salt is older.", "1. Bread is old.\n2. Salt is older.")
    ],
    "a link": [("article", "(https://example.org/a)", "(https://example.org/b)")],
    "an introduction went": [("article", "An introduction to the table.\n\n", "")],
}


def make_redline(tmp_path, old: bytes, new: bytes) -> bytes:
    for name, data in (("old.docx", old), ("new.docx", new)):
        (tmp_path / name).write_bytes(data)
    return write_redline.write_redline(tmp_path / "old.docx", tmp_path / "new.docx", SIGNED)


def build(tmp_path, template: str, changes) -> tuple[bytes, bytes]:
    old = get_docx(template, write_project(tmp_path))
    return old, build_docx(write_project(tmp_path, replace_texts(tuple(changes))), template)


def read_root(data: bytes):
    with zipfile.ZipFile(BytesIO(data)) as package:
        return lxml.etree.fromstring(package.read("word/document.xml"))


def list_texts(root) -> list[str]:
    """Return the words of each paragraph, numbers and contents among them."""
    return [words for p in root.iter(f"{W}p") if (words := list_words(p))]


def list_words(element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def count_tags(root) -> Counter[str]:
    tags = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")
    return Counter(n.tag.removeprefix(W) for n in root.iter(*(f"{W}{tag}" for tag in tags)))


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("template", ["briefing-pack", "policymaker-summary", "per-question"])
def test_settled_it_is_one_edition_with_its_numbers_and_contents(tmp_path, template, name):
    for old, new in (given := build(tmp_path, template, CHANGES[name])), given[::-1]:
        root = read_root(make_redline(tmp_path, old, new))

        for accepts, wanted in ((True, new), (False, old)):
            assert list_texts(settle_changes(root, accepts=accepts)) == list_texts(
                read_root(wanted)
            )
        ids = Counter(n.get(f"{W}id") for n in root.iter(f"{W}ins", f"{W}del", f"{W}bookmarkStart"))
        assert max(ids.values()) == 1


def test_what_refers_to_a_place_that_went_finds_it_when_it_is_rejected(tmp_path):
    old, new = build(tmp_path, "briefing-pack", SHORTER)

    root = settle_changes(read_root(make_redline(tmp_path, old, new)), accepts=False)

    named = {start.get(f"{W}name") for start in root.iter(f"{W}bookmarkStart")}
    codes = " ".join(code.text or "" for code in root.iter(f"{W}instrText"))
    anchors = {link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")} - {None}
    assert {*re.findall(r"_ref_\w+|_contents_\w+", codes), *anchors} <= named


def test_an_answer_that_moved_is_a_move(tmp_path):
    old, new = build(tmp_path, "per-question", CHANGES["answers moved"])

    root = read_root(make_redline(tmp_path, old, new))

    froms, tos = (
        [n.get(f"{W}name") for n in root.iter(f"{W}{tag}RangeStart")]
        for tag in ("moveFrom", "moveTo")
    )
    assert froms == tos == ["move1"]
    starts, ends = (
        {n.get(f"{W}id") for n in root.iter(f"{W}moveFromRange{end}", f"{W}moveToRange{end}")}
        for end in ("Start", "End")
    )
    assert starts == ends
    assert len(starts) == 2
    moved = [n for n in root.iter(f"{W}moveTo") if n.find(f"{W}r") is not None]
    assert list_words(moved[0]) in ("Ann Archer", "Bob Baker")
    assert count_tags(root)["ins"] == count_tags(root)["del"] == 1  # the edition's fingerprint
    edited = reader.read_edited_docx(make_redline(tmp_path, old, new), "redline.docx")
    assert {"moved here", "moved away"} <= {revision.kind for revision in edited.revisions}


def test_words_that_are_set_in_another_way_are_no_other_words(tmp_path):
    old, new = build(tmp_path, "per-question", CHANGES["a stress"])

    root = read_root(make_redline(tmp_path, old, new))

    assert count_tags(root) == {"rPrChange": 2, "ins": 1, "del": 1}


def test_a_list_of_another_kind_is_a_change_of_its_paragraphs(tmp_path):
    old, new = build(tmp_path, "per-question", CHANGES["a kind of list"])

    root = read_root(make_redline(tmp_path, old, new))

    assert count_tags(root) == {"pPrChange": 2, "ins": 1, "del": 1}


def test_what_stands_in_a_table_within_a_table_is_tracked_once(tmp_path):
    old = get_docx("policymaker-summary", write_project(tmp_path))
    editor = Editor(old)
    table = next(t for t in editor.root.iter(f"{W}tbl") if "Where" not in list_texts(t)[0])
    row = copy.deepcopy(table.findall(f"{W}tr")[-1])
    cell = row.findall(f"{W}tc")[0]
    cell.insert(len(cell) - 1, copy.deepcopy(table))
    table.append(row)

    for pair in ((old, editor.save()), (editor.save(), old)):
        root = read_root(make_redline(tmp_path, *pair))

        for properties in root.iter(f"{W}rPr", f"{W}trPr"):
            marks = [n for n in properties if n.tag in (f"{W}ins", f"{W}del")]
            assert len(marks) <= 1
        for change in root.iter(f"{W}ins", f"{W}del"):
            assert change.find(f"{W}ins") is None
            assert change.find(f"{W}del") is None


def spoil_number(root) -> None:
    field = next(n for n in root.iter(f"{W}r") if n.find(f"{W}instrText") is not None)
    field.getparent().remove(field)


def spoil_order(root) -> None:
    first, *_, last = [p for p in root.iter(f"{W}p") if p.getparent().tag == f"{W}body"][3:]
    last.addnext(first)


def spoil_look(root) -> None:
    run = [r for r in root.iter(f"{W}r") if r.find(f"{W}t") is not None][-3]
    run.insert(0, w("rPr", w("b")))


def spoil_contents(root) -> None:
    entry = next(n for n in root.iter(f"{W}pStyle") if n.get(f"{W}val") == "TOC1")
    paragraph = entry.getparent().getparent()
    paragraph.getparent().remove(paragraph)


@pytest.mark.parametrize("spoil", [spoil_number, spoil_order, spoil_look, spoil_contents])
def test_the_check_sees_numbers_order_looks_and_contents(tmp_path, spoil):
    old, new = build(tmp_path, "briefing-pack", CHANGES["a link"])
    editor = Editor(make_redline(tmp_path, old, new))
    editions = [reader.read_edited_docx(data, name) for data, name in ((old, "old"), (new, "new"))]
    check_redline(editor.save(), *editions)
    spoil(editor.root)

    with pytest.raises(Problems) as raised:
        check_redline(editor.save(), *editions)
    assert [d.code for d in raised.value.diagnostics] == ["not-redlined"]


# --- what others make of it -----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not VALIDATOR.exists(), reason="the validator is not there")
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_redline_is_a_valid_word_file(tmp_path, template):
    for number, name in enumerate(CHANGES):
        path = tmp_path / f"redline{number}.docx"
        path.write_bytes(make_redline(tmp_path, *build(tmp_path, template, CHANGES[name])))
        output = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False)
        assert json.loads(output.stdout)["errors"] == [], name


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there")
@pytest.mark.parametrize("accepts", [True, False])
def test_libreoffice_settles_it_to_the_same_editions(tmp_path, accepts):
    for number, name in enumerate(CHANGES):
        for template in ("briefing-pack", "per-question"):
            old, new = build(tmp_path / "project", template, CHANGES[name])
            stem = f"{number}-{template}"
            (tmp_path / f"{stem}.docx").write_bytes(make_redline(tmp_path / "project", old, new))
            (tmp_path / f"{stem}-wanted.docx").write_bytes(new if accepts else old)

    texts = {
        # Which page a number leads to is not known before pages are set.
        name: re.sub(r"(\bpage|\bp\.) \d*$", r"\1", text, flags=re.MULTILINE)
        for name, text in settle_files(tmp_path, accepts=accepts).items()
    }

    assert len(texts) == 4 * len(CHANGES)
    others = [
        name
        for name in texts
        if not name.endswith("-wanted") and texts[name].split() != texts[f"{name}-wanted"].split()
    ]
    # LibreOffice counts the sources anew, and those that a change brought still count.
    assert set(others) <= ({"1-briefing-pack"} if not accepts else set())


@pytest.mark.soak
def test_any_change_of_the_content_can_be_a_redline(tmp_path):
    draw = random.Random(16)
    made = 0
    for writes in (write_rich, write_project):
        project = writes(tmp_path / writes.__name__)
        olds = {template: build_docx(project, template) for template in TEMPLATES}
        for _ in range(60):
            file = draw.choice([name for name in TEXTS if "house" not in name])
            before = (project / file).read_text("utf-8")
            (project / file).write_text(edit_at_random(before, draw), "utf-8")
            try:
                news = {template: build_docx(project, template) for template in TEMPLATES}
            except (Problems, ValueError):
                continue  # it is no content any more
            finally:
                (project / file).write_text(before, "utf-8")
            for template in TEMPLATES:
                make_redline(tmp_path, olds[template], news[template])
                made += 1
    assert made > 100
