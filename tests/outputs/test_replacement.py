"""What a person changed in out/, or put there, is left and named; nothing else is."""

import json
import os
import shutil
from pathlib import Path

import pytest

from pipeline.api import Project
from pipeline.build import typeset
from pipeline.outputs import replacement
from pipeline.render.contract import Rendered
from pipeline.system import atomic_write
from tests.support.command import brief, build_reported, read_files
from tests.support.workbench import DRAFT, write_draft_project, write_template

FILE = "out/words/words-draft.html"
TREE = "out/words/words-draft.tree.json"
LEDGER = "out/words/words-draft.quotes.json"
ORDER = ("build", "-t", "draft", "-f", "html", "-f", "tree", "-j", "1")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose template `draft` was built as HTML and as tree."""
    write_draft_project(tmp_path)
    assert brief(tmp_path, *ORDER).exit_code == 0
    return tmp_path


def change_words(project: Path, word: str = "More") -> None:
    article = project / "content/words/article.md"
    article.write_text(article.read_text("utf-8") + f"\n- {word}.\n", "utf-8")


def edit(path: Path, data: bytes = b"by hand") -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def list_entries(project: Path) -> dict[str, dict]:
    listed = json.loads((project / "out/words/manifest.json").read_bytes())["outputs"]
    return {f"out/words/{entry['file']}": entry for entry in listed}


class TestAnEditedFile:
    @pytest.mark.parametrize("name", [FILE, TREE, LEDGER])
    def test_is_left_and_named_with_the_ways_out_each_time(self, project, name):
        edit(project / name)

        for _ in range(2):
            result = brief(project, *ORDER)
            assert result.exit_code == 3
            assert f"{name}: warning: this file is not as it was built: somebody" in result.stderr
            assert "`brief build --force` writes over it" in result.stderr
            assert "1 left as they were edited" in result.stdout
            assert (project / name).read_bytes() == b"by hand"

    def test_is_left_without_anything_being_set(self, project, monkeypatch):
        edit(project / FILE)
        monkeypatch.setattr(typeset, "load_renderer", None)

        assert brief(project, *ORDER).exit_code == 3

    def test_is_left_when_the_content_changed_and_the_others_are_built(self, project):
        before = list_entries(project)
        edit(project / FILE)
        change_words(project)

        for built in ([TREE], []):
            code, report = build_reported(project, *ORDER[1:])
            assert code == 3
            assert [output["file"] for output in report["outputs"]] == built
            assert report["left"] == [FILE]
            assert [(d["code"], d["file"]) for d in report["diagnostics"]] == [
                ("edited-file", FILE)
            ]
            assert (project / FILE).read_bytes() == b"by hand"
        assert "More" in (project / TREE).read_text("utf-8")
        assert list_entries(project)[FILE] == before[FILE]
        assert list_entries(project)[TREE] != before[TREE]

    def test_is_written_over_by_force_alone(self, project):
        before = read_files(project / "out")
        edit(project / FILE)

        result = brief(project, *ORDER, "--force")

        assert result.exit_code == 0
        assert read_files(project / "out") == before
        assert "0 files in" in brief(project, *ORDER, "--force").stdout

    def test_that_has_the_very_bytes_is_not_edited(self, project):
        old = (project / FILE).read_bytes()
        change_words(project)
        new = brief(project, *ORDER, "--out", "elsewhere")
        assert new.exit_code == 0
        edit(project / FILE, (project / "elsewhere/words/words-draft.html").read_bytes())

        assert brief(project, *ORDER).exit_code == 0
        edit(project / FILE, old)
        assert brief(project, *ORDER).exit_code == 3

    def test_that_was_deleted_is_built_again(self, project):
        before = read_files(project / "out")
        (project / FILE).unlink()

        assert brief(project, *ORDER).exit_code == 0
        assert read_files(project / "out") == before

    def test_is_no_warning_for_strict_and_an_error_weighs_more(self, project):
        edit(project / FILE)
        assert brief(project, *ORDER, "--strict").exit_code == 3

        (project / TREE).unlink()
        (project / TREE).mkdir()

        result = brief(project, *ORDER)
        assert result.exit_code == 1
        assert "[edited-file]" in result.stderr
        assert "[unwritable]" in result.stderr

    def test_is_one_part_of_several(self, project):
        arguments = (*ORDER, "--split", "expert")
        assert brief(project, *arguments).exit_code == 0
        edited = project / "out/words/words-draft-ada.html"
        edit(edited)
        change_words(project)

        result = brief(project, *arguments)

        assert result.exit_code == 3
        assert edited.read_bytes() == b"by hand"
        for name in ("ada.tree.json", "bo.html", "bo.tree.json"):
            assert f"words-draft-{name}" in result.stdout

    def test_is_left_by_processes_as_well(self, project):
        arguments = ("build", "-t", "draft", "-f", "docx", "-f", "html", "-j", "2")
        assert brief(project, *arguments).exit_code == 0
        docx = project / "out/words/words-draft.docx"
        edit(docx)
        change_words(project)

        result = brief(project, *arguments)

        assert result.exit_code == 3
        assert "`brief pull out/words/words-draft.docx`" in result.stderr
        assert docx.read_bytes() == b"by hand"
        assert "More" in (project / FILE).read_text("utf-8")

    def test_is_left_where_its_template_has_gone(self, project):
        edit(project / FILE)
        shutil.rmtree(project / "templates/draft")
        write_template(project, "other", DRAFT)

        assert brief(project, "build", "-t", "other", "-f", "html").exit_code == 0
        assert (project / FILE).read_bytes() == b"by hand"

    def test_is_told_by_status(self, project):
        edit(project / FILE)
        edit(project / LEDGER)

        result = brief(project, "status", "-t", "draft", "-f", "tree", "--check")

        assert result.exit_code == 1
        assert f"edited  {FILE}: the file or its ledger is not as it was written\n" in result.stdout
        assert f"edited  {LEDGER}\n" in result.stdout
        assert f"fresh   {TREE}\n" in result.stdout

    def test_is_named_to_programs(self, project):
        edit(project / FILE)

        result = Project(project).build(templates=("draft",), formats=("html", "tree"))

        assert result.left == (str(project / FILE),)
        assert result.kept == (str(project / TREE),)
        assert not result.failed


class TestAFileThatNoManifestLists:
    @pytest.fixture
    def foreign(self, project):
        """The project, with a file of somebody else where a brief is to go."""
        shutil.rmtree(project / "out")
        (project / FILE).parent.mkdir(parents=True)
        (project / FILE).write_bytes(b"mine")
        return project

    def test_counts_as_edited_until_it_is_moved_away(self, foreign):
        for _ in range(2):
            result = brief(foreign, *ORDER)
            assert result.exit_code == 3
            assert "somebody changed it, or put it there; it is left" in result.stderr
            assert (foreign / FILE).read_bytes() == b"mine"
            assert (foreign / TREE).is_file()
        assert "edited  " in brief(foreign, "status").stdout

        (foreign / FILE).rename(foreign / "mine.html")
        assert brief(foreign, *ORDER).exit_code == 0

    def test_is_then_left_without_being_built_again(self, foreign, monkeypatch):
        brief(foreign, *ORDER)
        monkeypatch.setattr(typeset, "load_renderer", None)

        assert brief(foreign, *ORDER).exit_code == 3

    @pytest.mark.parametrize(
        "make",
        [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("x")],
    )
    def test_need_not_be_a_file(self, project, make):
        (project / FILE).unlink()
        make(project / FILE)

        assert brief(project, *ORDER).exit_code == 3
        assert not (project / FILE).is_file()
        assert brief(project, *ORDER, "--force").exit_code == 0
        assert not (project / FILE).is_symlink()

    def test_is_kept_behind_a_link(self, project):
        precious = project / "precious.txt"
        precious.write_text("mine", "utf-8")
        (project / FILE).unlink()
        (project / FILE).symlink_to(precious)
        change_words(project)

        assert brief(project, *ORDER).exit_code == 3
        assert (project / FILE).is_symlink()
        assert precious.read_text("utf-8") == "mine"

    def test_that_is_a_folder_is_refused(self, project):
        (project / FILE).unlink()
        (project / FILE).mkdir()

        result = brief(project, *ORDER)

        assert result.exit_code == 1
        assert "[unwritable]" in result.stderr


class TestACache:
    @pytest.fixture
    def cached(self, project):
        """Builds with a cache that has everything."""
        arguments = (*ORDER, "--cache", "kept")
        assert brief(project, *arguments, "--force", "--out", "first").exit_code == 0
        return lambda *more: brief(project, *arguments, *more)

    def test_puts_nothing_over_an_edited_file(self, project, cached):
        shutil.rmtree(project / "out")
        (project / FILE).parent.mkdir(parents=True)
        edit(project / FILE)

        result = cached()

        assert result.exit_code == 3
        assert (project / FILE).read_bytes() == b"by hand"
        assert (project / TREE).is_file()
        assert cached("--force").exit_code == 0
        assert (project / FILE).read_bytes() != b"by hand"

    def test_nor_where_the_manifest_knows_an_earlier_one(self, project, cached):
        article = project / "content/words/article.md"
        text = article.read_text("utf-8")
        change_words(project)
        assert brief(project, *ORDER).exit_code == 0
        edit(project / FILE)
        article.write_text(text, "utf-8")

        assert cached().exit_code == 3
        assert (project / FILE).read_bytes() == b"by hand"
        assert "More" not in (project / TREE).read_text("utf-8")


class TestTheMomentOfWriting:
    def test_a_file_that_is_saved_while_others_are_written_is_left(self, project, monkeypatch):
        change_words(project)
        fsync = os.fsync

        def save_meanwhile(handle):
            monkeypatch.setattr(os, "fsync", fsync)
            edit(project / FILE, b"saved just now")
            fsync(handle)

        monkeypatch.setattr(os, "fsync", save_meanwhile)

        result = brief(project, *ORDER)

        assert result.exit_code == 3
        assert (project / FILE).read_bytes() == b"saved just now"
        assert "More" in (project / TREE).read_text("utf-8")
        assert not list((project / "out/words").glob(".*"))

    def test_writing_is_given_up_when_it_may_not_be(self, tmp_path):
        path = tmp_path / "a"

        assert not atomic_write.write_files({path: b"new"}, lambda: False)
        assert list(tmp_path.iterdir()) == []
        assert atomic_write.write_files({path: b"new"}, lambda: True)
        assert path.read_bytes() == b"new"


class TestOtherOptions:
    def test_a_marked_brief_and_the_plain_one_are_files_of_their_own(self, project):
        marked = project / "out/words/words-draft.tlp-red.html"
        assert brief(project, *ORDER, "--marking", "TLP:RED").exit_code == 0
        before = marked.read_bytes()
        change_words(project)

        assert brief(project, *ORDER).exit_code == 0

        assert marked.read_bytes() == before != (project / FILE).read_bytes()
        assert "TLP:RED" not in (project / FILE).read_text("utf-8")
        shown = brief(project, "status", "-t", "draft", "-f", "tree").stdout
        assert "stale   out/words/words-draft.tlp-red.html: input: content" in shown
        assert f"fresh   {FILE}\n" in shown

    def test_naming_the_house_s_paper_names_nothing_and_makes_nothing_again(self, project):
        assert "0 files in" in brief(project, *ORDER, "--paper", "a4").stdout
        assert brief(project, *ORDER, "--paper", "letter").exit_code == 0
        assert "0 files in" in brief(project, *ORDER).stdout
        assert "0 files in" in brief(project, *ORDER, "--paper", "letter").stdout

    def test_of_a_house_that_took_another_paper_what_is_left_over_is_unknown(self, project):
        assert brief(project, *ORDER, "--paper", "letter").exit_code == 0
        house = project / "content/house.yaml"
        house.write_text(house.read_text("utf-8").replace("paper: a4", "paper: letter"), "utf-8")
        assert brief(project, *ORDER, "--paper", "letter").exit_code == 0

        shown = brief(project, "status", "-t", "draft", "-f", "html").stdout

        assert f"fresh   {FILE}\n" in shown
        assert (
            "unknown out/words/words-draft.letter.html: letter is the house's paper by now: "
            "see words-draft.html\n"
        ) in shown

    def test_names_are_those_of_the_entries(self, project):
        from pipeline.project import file_names
        from pipeline.render.contract import FORMATS

        options = ("--marking", "For board members", "--paper", "a5", "--split", "question")
        assert brief(project, *ORDER, *options).exit_code == 0

        entries = list_entries(project)
        assert len(entries) == 2 + 2 * 2
        for name, entry in entries.items():
            stem = file_names.name_brief("words", "draft", entry.get("part", ""))
            extension = FORMATS[entry["format"]][0]
            assert file_names.name_file(stem, entry.get("asked", {}), extension) == Path(name).name

    def test_a_second_word_template_of_one_name_is_told_with_its_way_out(self, tmp_path):
        def entry(file, digest):
            house = {"file": file, "sha256": digest}
            return {
                **dict.fromkeys(("sha256", "ledger_sha256"), digest),
                **{"template": "t", "file": "t.docx", "ledger": "t.quotes.json"},
                "asked": {"reference_docx": house},
            }

        (tmp_path / "t.docx").write_bytes(b"made with the other")

        found = replacement.find_edited(tmp_path, [entry("a/h.docx", "1")], entry("b/h.docx", "2"))

        (told,) = (edited.report() for edited in found)
        assert told.message.startswith("this file was made with another Word template of that name")
        assert told.hint.startswith(
            "call the file of one Word template otherwise; `brief build --f"
        )

    def test_an_article_called_as_a_withheld_one_is_not_written_over(self, project):
        shutil.copytree(project / "content/words", project / "content/words-chatham-house")
        order = ("build", "-t", "draft", "-f", "tree")
        assert brief(project, *order, "words-chatham-house").exit_code == 0
        before = read_files(project / "out/words-chatham-house")

        result = brief(project, *order, "words", "--chatham-house")

        assert result.exit_code == 3
        assert "this file is another brief" in result.stderr
        after = read_files(project / "out/words-chatham-house")
        assert {**after, "manifest.json": b""} == {**before, "manifest.json": b""}

    def test_two_parts_of_one_name_are_two_briefs(self):
        entry = {"template": "t", "shown": {"questions": ["q1"], "experts": ["ann"]}}
        same = replacement._is_same_brief

        assert same(entry, {"template": "t"})  # of an earlier brief, which did not note it
        assert not same(entry, {"template": "t", "shown": {"questions": ["q1-ann"]}})

    def test_two_word_templates_of_one_name_are_two_briefs(self):
        def entry(file, digest):
            return {"template": "t", "asked": {"reference_docx": {"file": file, "sha256": digest}}}

        same = replacement._is_same_brief
        assert same(entry("a/house.dotx", "1"), entry("a/house.dotx", "2"))
        assert same(entry("a/house.dotx", "1"), entry("b/house.dotx", "1"))
        assert not same(entry("a/house.dotx", "1"), entry("b/house.dotx", "2"))
        assert same({"template": "t"}, entry("a/house.dotx", "1"))
        assert not same({"template": "t"}, {"template": "u"})
        assert not same({"template": "t", "marking": "TLP:RED"}, {"template": "t"})


def test_a_renderer_that_makes_other_bytes_each_time_edits_nothing(tmp_path, monkeypatch):
    write_draft_project(tmp_path)
    count = iter(range(9))
    monkeypatch.setattr(
        typeset, "load_renderer", lambda name: lambda *_: Rendered(b"%d" % next(count))
    )

    for _ in range(2):
        assert brief(tmp_path, *ORDER).exit_code == 0
        change_words(tmp_path)
