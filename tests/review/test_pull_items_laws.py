"""The summary's lists by two editors: nothing is lost or doubled, and evidence stays."""

from __future__ import annotations

import re
from random import Random

import pytest
import yaml

from tests.support.editor import Editor
from tests.support.review_project import (
    SHORT,
    build_docx,
    list_left_over,
    merge_result,
    pull_files,
    write_project,
)
from tests.support.structure import STRUCTURE

MARKS = re.compile(r"<<<<<<< content\n(.*?)=======\n.*?>>>>>>> editor\n", re.DOTALL)
SUMMARY = SHORT["summary"]
LISTS = {
    "takeaways": ("Words do bind.", "It isn't always so.", "More will follow."),
    "agreements": ("Both say that words matter.", "Both say that nobody knows.", "Both talk."),
    "differences": ("Ann doubts it.", "Bob rests."),
    "options": ("Talk more.", "Wait for rain."),
}


@pytest.fixture(scope="module")
def docx(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    return build_docx(write_project(folder, STRUCTURE), "policymaker-summary")


def pull_in_turn(project, *editors):
    """Pull files, each into what came of those before; return the files and what is left."""
    texts = write_and_keep(project, STRUCTURE)
    left = []
    for editor in editors:
        result = pull_files(project, editor.save())
        texts = write_and_keep(project, merge_result(result, texts))
        left += list_left_over(result)
        if left:
            break  # a person resolves it first
    return texts[SUMMARY], left


def write_and_keep(project, texts):
    write_project(project, texts)
    return dict(texts)


EVERY = [(key, number) for key, items in LISTS.items() for number in range(len(items))]


@pytest.mark.parametrize("is_dropped_first", [True, False], ids=["drop-edit", "edit-drop"])
@pytest.mark.parametrize(("key", "number"), EVERY)
def test_one_takes_an_item_out_and_the_other_edits_it(
    tmp_path, docx, key, number, is_dropped_first
):
    words = LISTS[key][number]
    dropping, editing = Editor(docx), Editor(docx)
    dropping.drop(words)
    editing.insert(words[:-1], " indeed")
    editors = (dropping, editing) if is_dropped_first else (editing, dropping)

    text, left = pull_in_turn(tmp_path, *editors)

    assert {outcome for outcome, _ in left} == {"conflict"}
    ours = "".join(part.partition("=======\n")[0] for part in text.split("<<<<<<< content\n")[1:])
    theirs = text[text.index("=======\n") : text.index(">>>>>>> editor")]
    assert ("indeed" in ours, "indeed" in theirs) == (not is_dropped_first, is_dropped_first)
    assert text.count(" indeed.") == 1
    others = [other for other in LISTS[key] if other != words]
    assert all(
        other.replace("'", "''") in text or other in text for other in others if other[:4] != "Both"
    )
    marked = ours + theirs
    assert marked.count("\n") <= 6 or key == "differences"  # not half a page


def edit_items(editor: Editor, random: Random, name: str) -> list[str]:
    """Make one to three edits of statements; return the words that nobody else has."""
    typed = []
    for number in range(random.randint(1, 3)):
        items = random.choice([LISTS["takeaways"], LISTS["agreements"]])
        words = random.choice(items)
        own = f"{name}{number}"
        try:
            # A takeaway's evidence stands below it: it would stay where the takeaway was.
            moves = ["move"] if items is LISTS["agreements"] else []
            match random.choice(["new", "drop", "edit", "edit", *moves]):
                case "new":
                    editor.paragraph_after(words, f"{own} is all new.")
                    typed.append(own)
                case "drop":
                    editor.drop(words)
                case "edit":
                    editor.insert(words[:-1], f" {own}")
                    typed.append(own)
                case "move":
                    editor.move(words, random.choice([w for w in items if w != words]))
        except (AssertionError, ValueError):
            continue  # it went, or was edited, a moment ago
    return typed


def check_items(project, data: bytes, seed: int) -> bool:
    """Hold two editors to the laws; return whether all of it was clean."""
    random = Random(seed)
    ann, bob = Editor(data, random.choice(["", "Ann"])), Editor(data, random.choice(["", "Bob"]))
    of_ann, of_bob = edit_items(ann, random, "AA"), edit_items(bob, random, "BB")

    text, left = pull_in_turn(project, ann, bob)

    assert {outcome for outcome, _ in left} <= {"conflict"}, left
    for own in of_ann if left else [*of_ann, *of_bob]:
        assert text.count(own) in ((1, 2) if left else (1,)), f"{own} is lost or doubled"
    if left:
        return False
    known = {
        item["text"]: item["evidence"]
        for key in LISTS
        for item in yaml.safe_load(STRUCTURE[SUMMARY])[key]
    }
    for key in LISTS:
        for item in yaml.safe_load(text)[key]:
            assert item.get("evidence") == known.get(item["text"], item.get("evidence"))
    for editor in (ann, bob):
        # What was taken out may be asked about once more, where another came into its place.
        for again in pull_files(project, editor.save()).after.values():
            assert MARKS.sub(r"\1", again) == text, "a file pulled twice changed more"
    return True


@pytest.mark.parametrize("seed", range(12))
def test_two_editors_lose_no_statement(tmp_path, docx, seed):
    check_items(tmp_path, docx, seed)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_two_editors_lose_no_statement_four_hundred_times(tmp_path, docx, part):
    clean = [
        check_items(tmp_path, docx, seed) for seed in range(100 + part * 100, 200 + part * 100)
    ]
    assert sum(clean) > 40
