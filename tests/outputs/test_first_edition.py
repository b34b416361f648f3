"""What the first edition left behind stays readable: these files are never made anew."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.api import Project
from pipeline.build import unarchive
from tests.support.command import brief, read_files
from tests.support.editor import Editor
from tests.support.paths import ROOT

HELD = ROOT / "tests/outputs/first_edition"
TREE = "out/talk/talk-per-question.tree.json"
DOCX = "out/talk/talk-per-question.docx"
MARKED = "out/talk/talk-per-expert.tree.json"
ARCHIVE = "out/talk/talk-per-question.archive.pdf"
ORDER = ("build", "-t", "per-question", "-f", "tree")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project as the first edition of brief left it, with a cache."""
    shutil.copytree(HELD, tmp_path, dirs_exist_ok=True)
    assert json.loads((tmp_path / "out/talk/manifest.json").read_bytes())["schema"] == 1
    return tmp_path


def test_its_files_are_stale_and_known(project):
    result = brief(project, "status")

    for name in (TREE, DOCX, MARKED, ARCHIVE):
        assert f"stale   {name}: edition: an earlier one, of schema 1, " in result.stdout


def test_a_build_writes_over_what_it_left(project):
    result = brief(project, *ORDER)

    assert result.exit_code == 0
    assert f"fresh   {TREE}\n" in brief(project, "status").stdout
    listed = json.loads((project / "out/talk/manifest.json").read_bytes())
    assert listed["schema"] == 2
    assert [entry.get("schema") for entry in listed["outputs"]] == [1, 1, 1, None]
    assert f"stale   {DOCX}: edition" in brief(project, "status").stdout


def test_what_was_edited_is_left(project):
    (project / TREE).write_text("by hand", "utf-8")
    assert f"edited  {TREE}: edition" in brief(project, "status").stdout

    for _ in range(2):
        result = brief(project, *ORDER)
        assert result.exit_code == 3
        assert "this file is not as it was built" in result.stderr
        assert (project / TREE).read_text("utf-8") == "by hand"
    assert brief(project, *ORDER, "--force").exit_code == 0


def test_a_marked_brief_under_the_plain_name_is_not_replaced_by_an_unmarked_one(project):
    before = (project / MARKED).read_bytes()
    arguments = ("build", "-t", "per-expert", "-f", "tree")

    result = brief(project, *arguments)

    assert result.exit_code == 3
    assert f"{MARKED}: warning: this file is another brief" in result.stderr
    assert (project / MARKED).read_bytes() == before
    assert brief(project, *arguments, "--marking", "TLP:RED").exit_code == 0
    assert (project / "out/talk/talk-per-expert.tlp-red.tree.json").is_file()


def test_an_editors_file_comes_back(project):
    editor = Editor((project / DOCX).read_bytes())
    run = next(t for t in editor.root.iter() if t.tag.endswith("}t") and "norms" in (t.text or ""))
    run.text = run.text.replace("norms", "customs")
    (project / DOCX).write_bytes(editor.save())

    assert brief(project, "build", "-t", "per-question", "-f", "docx").exit_code == 3
    result = brief(project, "pull", DOCX)

    assert result.exit_code == 0, result.output
    assert "+Because words bind, and customs do too." in result.stdout


def test_an_archive_is_taken_out_as_it_was(project, tmp_path):
    restored = unarchive.restore_folder(project / ARCHIVE, tmp_path / "again")

    record = json.loads((restored.folder / "brief.json").read_bytes())
    assert record["schema"] == 1
    assert restored.command == (
        "brief build talk --template per-question --profile archive --paper a4"
    )
    assert read_files(restored.folder / "content") == read_files(HELD / "content")
    assert restored.changes[0] == "an earlier edition of brief"
    told = brief(project, "extract", ARCHIVE, "--out", str(tmp_path / "once-more")).stdout
    assert "its bytes may differ, for it was made with an earlier edition of brief" in told


def test_a_cache_is_ignored(project):
    shutil.rmtree(project / "out")
    (entry,) = (project / "kept/entries").glob("*/*.json")
    before = entry.read_bytes()

    result = Project(project).build(
        templates=("per-question",), formats=("tree",), cache=project / "kept"
    )

    assert [Path(output.file).name for output in result.outputs] == [Path(TREE).name]
    assert entry.read_bytes() == before


def test_its_files_can_be_verified(project):
    result = brief(project, "verify", TREE, MARKED)

    words = [line.split()[:2] for line in result.stdout.splitlines()]
    assert [name.rstrip(":") for _, name in words] == [MARKED, TREE]
    assert {word for word, _ in words} <= {"same", "differs"}
    assert result.stderr.count("error") == 0
