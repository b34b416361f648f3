"""`brief status` says how each file stands, `brief verify` proves that it is what content makes."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.render.contract import PROFILES
from pipeline.system import versions
from tests.support.command import brief, read_files
from tests.support.workbench import DRAFT, write_draft_project, write_template


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a template of its own, `draft`, of which the tree was built."""
    write_draft_project(tmp_path)
    assert built(tmp_path).exit_code == 0
    return tmp_path


def built(project, *options):
    return brief(project, "build", "-t", "draft", "-f", "tree", *options)


def read_states(project, *options) -> dict[str, str]:
    result = brief(project, "status", "-t", "draft", "-f", "tree", "--report", "json", *options)
    assert result.exit_code == 0, result.output
    return {Path(row["file"]).name: row["state"] for row in json.loads(result.stdout)}


FILE = "words-draft.tree.json"


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


class TestStatus:
    def test_what_was_built_is_fresh(self, project):
        result = brief(project, "status", "-t", "draft", "-f", "tree", "--check")

        assert result.exit_code == 0
        assert result.stdout == f"fresh   out/words/{FILE}\n1 fresh\n"

    def test_what_changed_is_stale_and_it_is_said_why(self, project):
        append(project / "content/words/article.md", "\nMore.\n")
        append(project / "templates/draft/document.html.j2", " ")

        result = brief(project, "status", "-t", "draft", "-f", "tree", "--check")

        assert result.exit_code == 1
        assert result.stdout.startswith(
            f"stale   out/words/{FILE}: input: content/words/article.md, "
            "template: templates/draft/document.html.j2\n"
        )

    @pytest.mark.parametrize(
        ("kind", "name", "reason"),
        [
            ("read_installed_versions", "weasyprint", "package: weasyprint 70.0 → 0.1"),
            ("read_library_versions", "Pango", "library: Pango "),
        ],
    )
    def test_so_is_what_was_set_with_other_tools(self, project, monkeypatch, kind, name, reason):
        now = getattr(versions, kind)()
        monkeypatch.setattr(versions, kind, lambda: now | {name: "0.1"})

        assert reason in brief(project, "status", "-t", "draft", "-f", "tree").stdout

    def test_what_was_edited_by_hand_is_edited(self, project):
        (project / "out/words" / FILE).write_text("by hand", "utf-8")

        assert "is not as it was written" in brief(project, "status").stdout
        assert read_states(project) == {FILE: "edited"}
        assert brief(project, "status", "-t", "draft", "-f", "tree", "--check").exit_code == 1

    def test_what_is_gone_or_was_never_built_is_missing(self, project):
        (project / "out/words" / FILE).unlink()
        write_template(project, "whole", DRAFT)

        result = brief(project, "status", "-t", "whole", "-t", "draft", "-f", "tree", "--check")

        assert result.exit_code == 1
        assert result.stdout == (
            f"missing out/words/{FILE}\nmissing out/words/words-whole.tree\n2 missing\n"
        )

    def test_what_cannot_be_built_is_not_missing(self, project):
        (project / "content/words/summary.yaml").unlink()
        write_template(project, "short", DRAFT, "needs: [summary]\n")
        brief(project, "build", "-f", "tree")

        found = brief(project, "status", "-f", "tree", "--check")

        assert found.exit_code == 0
        assert "words-short" not in found.stdout

    def test_what_nothing_makes_any_more_is_unknown(self, project):
        built(project, "--split", "question")
        (project / "out/words/notes.txt").touch()
        article = project / "content/words/article.md"
        (project / "content/words/summary.yaml").unlink()
        text = article.read_text("utf-8")
        article.write_text(text.replace("{#q2}", "{#q3}"), "utf-8")
        built(project, "--split", "question")

        assert read_states(project) == {
            FILE: "stale",
            "notes.txt": "unknown",
            "words-draft-q1.tree.json": "fresh",
            "words-draft-q2.tree.json": "unknown",
            "words-draft-q3.tree.json": "fresh",
        }

    def test_so_is_what_is_left_of_an_article_or_a_template(self, project):
        write_template(project, "whole", DRAFT)
        brief(project, "build", "-t", "whole", "-f", "tree")
        shutil.copytree(project / "out/words", project / "out/gone")
        shutil.rmtree(project / "templates/whole")

        result = brief(project, "status", "-f", "tree")

        assert "unknown out/words/words-whole.tree.json: there is no template whole\n" in (
            result.stdout
        )
        assert f"unknown out/gone/{FILE}: there is no article gone\n" in result.stdout

    def test_a_name_begins_no_line(self, project):
        (project / "out/words/x\n::error::y").touch()

        assert "\n::" not in brief(project, "status").stdout

    def test_any_way_of_building_counts(self, project):
        built(project, "--marking", "TLP:RED", "--chatham-house", "--paper", "letter")

        assert read_states(project) == {
            FILE: "fresh",
            "words-chatham-house-draft.letter.tlp-red.tree.json": "fresh",
        }

    def test_a_manifest_that_makes_no_sense_makes_nothing_fresh(self, project):
        manifest = project / "out/words/manifest.json"
        manifest.write_text(manifest.read_text("utf-8").replace('"inputs"', '"in"'), "utf-8")

        assert read_states(project) == {FILE: "stale"}

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("file", "x" * 256),
            ("file", "../x"),
            ("template", []),
            ("format", {}),
            ("format", "odt"),
            ("ledger", []),
            ("part", [7]),
            ("parts", [[7]]),
            ("parts", 7),
            ("asked", {"project": "/"}),
            ("asked", {"experts": [7]}),
            ("asked", {"paper": "a0"}),
            ("asked", {"split": []}),
            ("asked", {"reference_docx": {"file": "/dev/zero", "sha256": ""}}),
        ],
    )
    def test_neither_does_one_that_a_stranger_wrote(self, project, key, value):
        manifest = project / "out/words/manifest.json"
        listed = json.loads(manifest.read_bytes())
        listed["outputs"][0] |= {key: value}
        manifest.write_text(json.dumps(listed), "utf-8")

        looked, proved = brief(project, "status"), brief(project, "verify")
        again = built(project)

        assert looked.exit_code == again.exit_code == 0
        assert not {"same", "[internal]"} & set(proved.output.split())
        assert "1 file in" in again.stdout

    def test_of_a_name_that_does_not_exist_is_wrong_usage(self, project):
        result = brief(project, "status", "wrods", "-t", "draft")

        assert result.exit_code == 2
        assert "did you mean `words`?" in result.stderr

    def test_of_one_article_leaves_the_others_out(self, project):
        (project / "out/gone").mkdir()
        (project / "out/gone/manifest.json").write_text("{}", "utf-8")
        (project / "out/gone/x.pdf").touch()

        assert set(read_states(project, "words")) == {FILE}
        assert set(read_states(project)) == {FILE, "x.pdf"}


class TestVerify:
    def test_proves_that_a_file_is_what_its_content_makes(self, project):
        built(project, "--split", "expert", "--chatham-house", "--marking", "TLP:RED")
        before = read_files(project / "out")

        result = brief(project, "verify")

        assert result.exit_code == 0
        assert re_lines(result) == [
            "same out/words-chatham-house/words-chatham-house-draft-a.tlp-red.tree.json",
            "same out/words-chatham-house/words-chatham-house-draft-b.tlp-red.tree.json",
            f"same out/words/{FILE}",
        ]
        assert read_files(project / "out") == before

    @pytest.mark.slow
    def test_proves_a_pdf_of_every_profile(self, project):
        for profile in PROFILES:
            brief(project, "build", "-t", "draft", "-f", "pdf", "--profile", profile)

        result = brief(project, "verify")

        assert result.exit_code == 0
        assert [line.split()[0] for line in re_lines(result)] == ["same"] * (1 + len(PROFILES))

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (
                lambda p: append(p / "content/words/article.md", "\n- x\n"),
                "input: content/words/article.md",
            ),
            (
                lambda p: append(p / "templates/draft/document.html.j2", "<p>x</p>"),
                "template: templates/draft/document.html.j2",
            ),
            (
                lambda p: (p / "out/words" / FILE).write_text("by hand", "utf-8"),
                "the file or its ledger is not as it was written",
            ),
            (lambda p: (p / "out/words" / FILE).unlink(), "the file is missing"),
        ],
    )
    def test_says_what_differs(self, project, change, why):
        template = project / "templates/draft/document.html.j2"
        template.write_text(DRAFT.replace("</body>", "{% block end %}{% endblock %}</body>"))
        built(project)
        change(project)
        if "<p>x" in template.read_text("utf-8"):
            template.write_text(DRAFT.replace("</body>", "<p>x</p></body>"), "utf-8")

        result = brief(project, "verify", f"out/words/{FILE}")

        assert (result.exit_code, re_lines(result)) == (1, [f"differs out/words/{FILE}: {why}"])

    def test_says_so_when_a_file_is_not_the_same_each_time(self, project, monkeypatch):
        from pipeline.build import typeset
        from pipeline.render.contract import Rendered

        count = iter(range(9))
        monkeypatch.setattr(
            typeset, "load_renderer", lambda name: lambda *_: Rendered(b"%d" % next(count))
        )
        built(project, "--paper", "letter")
        file = "out/words/words-draft.letter.tree.json"

        result = brief(project, "verify", file)

        assert re_lines(result) == [
            f"differs {file}: nothing has changed: it is not made the same each time"
        ]

    def test_what_cannot_be_built_any_more_is_told(self, project):
        built(project, "--question", "q2")
        article = project / "content/words/article.md"
        article.write_text(article.read_text("utf-8").replace("{#q2}", "{#q3}"), "utf-8")
        (project / "content/words/summary.yaml").unlink()

        result = brief(project, "verify", "out/words/words-draft-q2.tree.json")

        assert result.exit_code == 1
        assert re_lines(result)[0].endswith(", it cannot be built")
        assert "unknown-question" in result.stderr

    def test_a_part_that_the_article_has_no_more_is_told(self, project):
        built(project, "--split", "question")
        article = project / "content/words/article.md"
        article.write_text(article.read_text("utf-8").replace("{#q2}", "{#q3}"), "utf-8")
        (project / "content/words/summary.yaml").unlink()

        result = brief(project, "verify", "out/words/words-draft-q2.tree.json")

        assert result.exit_code == 1
        assert "there is no part `q2` any more [no-part]" in result.stderr

    @pytest.mark.parametrize("command", [("verify",), ("status", "--check")])
    def test_where_nothing_was_built_there_is_nothing_to_judge(self, project, command):
        result = brief(project, *command, "--out", "other")

        assert (result.exit_code, result.stdout) == (2, "")
        assert "no brief was built into other/ [nothing-built]" in result.stderr

    def test_of_a_file_that_no_manifest_lists_is_wrong_usage(self, project):
        result = brief(project, "verify", "out/words/words-darft.tree.json")

        assert result.exit_code == 2
        assert "there is no such file [unknown-file]" in result.stderr
        assert f"did you mean `out/words/{FILE}`?" in result.stderr

    def test_of_a_folder_or_of_what_is_not_there_names_a_way_out(self, project):
        folder = brief(project, "verify", "out/words").stderr
        missing = brief(project, "verify", "nosuch.pdf").stderr

        assert "out/words: error: this is a folder [unknown-file]\n  hint: name its" in folder
        assert "there is no such file [unknown-file]\n  hint: `brief status`" in missing


class TestABrokenManifest:
    @pytest.fixture
    def broken(self, project):
        """A project of which the manifest was cut in the middle."""
        path = project / "out/words/manifest.json"
        path.write_bytes(path.read_bytes()[:200])
        return project

    @pytest.mark.parametrize("named", [(), (f"out/words/{FILE}",)])
    def test_is_told_by_verify(self, broken, named):
        result = brief(broken, "verify", *named)

        assert result.exit_code == (2 if named else 1)
        assert "out/words/manifest.json: error: manifest.json cannot be read" in result.stderr
        assert "`brief build` writes it anew" in result.stderr

    def test_is_told_by_status_and_what_is_there_is_not_missing(self, broken):
        (broken / "out/words" / FILE).rename(broken / "out/words/words-draft.html")
        result = brief(broken, "status", "-t", "draft", "-f", "html", "--check")

        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            "edited  out/words/manifest.json: it cannot be read, `brief build` writes it anew",
            "unknown out/words/words-draft.html: the manifest cannot be read",
            "unknown out/words/words-draft.quotes.json: the manifest cannot be read",
            "1 edited, 2 unknown",
        ]

    def test_is_mended_by_a_build(self, broken):
        assert built(broken).exit_code == 0
        assert brief(broken, "verify").exit_code == 0


def re_lines(result) -> list[str]:
    return [" ".join(line.split()) for line in result.stdout.splitlines()]
