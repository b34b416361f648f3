"""Any edits at all: what is pulled and built again says what the editor's file says."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.review.edited_docx import reader
from tests.support.editor import Editor, read_words, text, w
from tests.support.review_project import (
    build_docx,
    get_docx,
    merge_result,
    pull_files,
    write_project,
)

PARAGRAPHS = (
    "An introduction",
    "Because words",
    "The second",
    "Bread is",
    "Salt is",
    "Last words",
    "It rests",
    "More words",
    "Nobody knows",
)
TYPED = st.text("ab *_[]()<>#1.-`~!&\\^é", min_size=1, max_size=12).filter(
    lambda text: any(map(str.isalnum, text))
)
EDIT = st.one_of(
    st.tuples(st.just("insert"), st.sampled_from(PARAGRAPHS), TYPED),
    st.tuples(st.just("replace"), st.sampled_from(PARAGRAPHS), TYPED),
    st.tuples(st.just("end"), st.sampled_from(PARAGRAPHS), TYPED),
    st.tuples(st.just("new"), st.sampled_from(PARAGRAPHS), TYPED),
    st.tuples(st.just("split"), st.sampled_from(PARAGRAPHS), st.just("")),
    st.tuples(st.just("b"), st.sampled_from(PARAGRAPHS), st.just("")),
    st.tuples(st.just("i"), st.sampled_from(PARAGRAPHS), st.just("")),
)


def make(editor: Editor, edits) -> None:
    """Make edits, each in a paragraph of its own."""
    for kind, start, words in edits:
        second = start.split()[1]
        paragraph = editor.paragraph(start)
        match kind:
            case "insert":
                run = editor.runs(second, paragraph)[0]
                run.addnext(editor.write(w("r", text(f" {words} ")), run))
            case "replace":
                editor.replace(second, words, paragraph)
            case "end":
                last = read_words(paragraph).removesuffix("”")[-1]
                run = editor.runs(last, paragraph)[-1]
                run.addnext(editor.write(w("r", text(f" {words}")), run))
            case "new":
                editor.paragraph_after(start, words)
            case "split":
                editor.split(second, paragraph)
            case _:
                editor.set(start, kind)


def body(data: bytes, folder: Path) -> list[list[tuple[str, bool, bool]]]:
    """Return the words of running text as they are set, paragraph by paragraph.

    The outer quotation marks are the pipeline's: it puts them where the answer ends.
    """
    path = folder / "read.docx"
    path.write_bytes(data)
    edited = reader.read_edited_docx(path, "read.docx")
    pieces = []
    for line in edited.accepted.list_lines(edited.paragraphs):
        if line.style in ("bodytext", "listbullet"):
            words = [w for w in line.words if w.text.strip() and w.text not in "“”"]
            pieces.append([(w.text, w.style.strong, w.style.emphasis) for w in words])
    return [words for words in pieces if words]


@pytest.mark.slow
# Each example is a pull and a build: to look for a smaller one would take minutes.
@settings(max_examples=30, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    st.lists(EDIT, min_size=1, max_size=4, unique_by=lambda edit: edit[1]),
    st.booleans(),
    st.sampled_from(["per-question", "per-expert"]),
)
def test_what_is_pulled_and_built_says_what_the_editor_wrote(edits, is_tracked, template):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = write_project(folder / "project")
        editor = Editor(get_docx(template, project), "Ann" if is_tracked else "")
        make(editor, edits)
        data = editor.save()

        result = pull_files(project, data)
        left = [entry for entry in result.entries if entry.is_left_over]

        if left:
            reported = " ".join(f"{entry.words} {entry.reason}" for entry in left)
            for _, _, words in edits:
                for word in re.findall(r"[^\W_]+", words):
                    assert word in reported or word in result.format_diff()
        else:
            write_project(project, merge_result(result))
            if result.diagnostics:  # a quote stands in its answer no more; without it, it builds
                (project / "content/talk/summary.yaml").unlink()
            assert body(build_docx(project, template), folder) == body(data, folder)
