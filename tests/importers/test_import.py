"""`brief import` as people and programs use it: files, exit codes, questions, what it prints."""

import json
import os
import zipfile
from contextlib import chdir
from io import BytesIO

import pytest
import yaml
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.importers import importing
from tests.support import house_file
from tests.support.command import brief, read_files
from tests.support.paths import ROOT

TEXT = """\
The 2×2—Locks
By Ola Nord
May 3, 2030

Two experts answer two questions.

#1 Are locks open?

Ana Souza, warden, Lock Trust: “Yes.\N{NO-BREAK SPACE} They are.”

Li Wei, engineer, Canal Works: “No.”

#2 Should they be?

Souza: “Ask Li.”

Wei: “Ask Ana.”

More from the Fog Desk:

The lock report
"""
ASKS = TEXT.replace("Li Wei", "Li Souza").replace("Wei:", "Souza:")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/house.yaml").write_text("name: House of Locks\n")
    (tmp_path / "locks.txt").write_text(TEXT, "utf-8")
    return tmp_path


def imported(project, *arguments):
    return brief(project, "import", "locks.txt", *arguments)


def reported(project, *arguments):
    result = imported(project, "--report", "json", *arguments)
    return result.exit_code, json.loads(result.stdout)


class TestWriting:
    def test_the_article_and_its_source_are_written(self, project):
        result = imported(project)

        assert result.exit_code == 0
        assert set(read_files(project / "content/locks")) == {
            "article.md",
            "import.md",
            "source.txt",
        }
        assert (project / "content/locks/source.txt").read_text("utf-8") == TEXT
        article = (project / "content/locks/article.md").read_text("utf-8")
        assert article.endswith(
            "Two experts answer two questions.\n\n# Are locks open? {#q1}\n\n## souza\n\nYes.\n"
            "They are.\n\n## wei\n\nNo.\n\n# Should they be? {#q2}\n\n## souza\n\nAsk Li.\n\n"
            "## wei\n\nAsk Ana.\n"
        )

    def test_the_front_matter_holds_what_the_text_says_of_itself(self, project):
        imported(project)

        article = (project / "content/locks/article.md").read_text("utf-8")
        front = yaml.safe_load(article.split("---\n")[1])
        assert (front["title"], front["short_title"]) == ("The 2×2—Locks", "Locks")
        assert (front["series"], str(front["date"])) == ({"name": "The 2×2"}, "2030-05-03")
        assert front["authors"] == {"nord": {"name": "Ola Nord"}}
        assert front["experts"]["souza"] == {
            "name": "Ana Souza",
            "descriptor": "warden, Lock Trust",
            "roles": ["warden"],
            "affiliation": "Lock Trust",
        }
        assert [left["line"] for left in front["source"]["skipped"]] == [19, 21]

    def test_what_is_written_builds(self, project):
        imported(project)

        built = brief(project, "build", "-t", "per-question", "-f", "tree", "--strict")

        assert built.exit_code == 0, built.output

    def test_the_id_can_be_given(self, project):
        assert imported(project, "--as", "of-locks").exit_code == 0
        assert (project / "content/of-locks/article.md").is_file()

    @pytest.mark.parametrize("name", ["../up", "a/b", "Ä", "/tmp/x", "a b"])
    def test_an_id_cannot_lead_out_of_the_content(self, project, name):
        before = read_files(project)

        assert imported(project, "--as", name).exit_code == 1
        assert read_files(project) == before

    def test_standard_input_is_read(self, project):
        with chdir(project):
            made = CliRunner().invoke(main, ["import", "-", "--as", "piped"], input=TEXT)

        assert made.exit_code == 0, made.stderr
        assert (project / "content/piped/source.txt").read_text("utf-8") == TEXT

    def test_a_source_without_a_title_has_the_name_of_its_file(self, project):
        (project / "my notes.txt").write_text(TEXT.split("\n", 4)[4], "utf-8")

        assert brief(project, "import", "my notes.txt").exit_code == 0
        article = (project / "content/my-notes/article.md").read_text("utf-8")
        assert "title: My notes\n" in article
        assert "title: the source has none" in article

    def test_the_same_source_gives_the_same_bytes(self, project, tmp_path_factory):
        other = tmp_path_factory.mktemp("other")
        (other / "content").mkdir()
        (other / "locks.txt").write_text(TEXT, "utf-8")
        imported(project)
        imported(other)

        assert read_files(project / "content/locks") == read_files(other / "content/locks")


class TestTheShippedArticle:
    """The shipped content is what import made of its source, with edited front matter."""

    SHIPPED = ROOT / "content/future-of-cyber-diplomacy"

    def test_its_body_is_what_import_makes(self, project):
        made = brief(project, "import", str(self.SHIPPED / "source.txt"), "--as", "cyber")

        assert made.exit_code == 0, made.output
        written = (project / "content/cyber/article.md").read_text("utf-8")
        shipped = (self.SHIPPED / "article.md").read_text("utf-8")
        assert written.split("---\n", 2)[2] == shipped.split("---\n", 2)[2]

    def test_no_answer_begins_with_a_name_or_ends_in_a_colon(self, project):
        source = str(self.SHIPPED / "source.txt")
        told = json.loads(brief(project, "import", source, "--report", "json").stdout)

        names = [name for expert in told["experts"] for name in expert["name"].split()]
        said = [text for q in told["questions"] for a in q["answers"] for text in a["paragraphs"]]
        assert [len(question["answers"]) for question in told["questions"]] == [5] * 5
        assert not [text for text in said if text.split()[0].strip(":") in names]
        assert not [text for text in said if text.endswith(":")]
        assert {left["text"] for left in told["skipped"]} == {
            "More from the Cyber Statecraft Initiative:"
        }

    def test_its_four_templates_build_from_what_import_makes(self, project):
        brief(project, "import", str(self.SHIPPED / "source.txt"), "--as", "cyber")
        summary = (self.SHIPPED / "summary.yaml").read_text("utf-8")
        (project / "content/cyber/summary.yaml").write_text(summary, "utf-8")

        built = brief(project, "build", "-f", "tree", "--strict")

        assert built.exit_code == 0, built.output
        assert len(list((project / "out/cyber").glob("*.tree.json"))) == 4


class TestTelling:
    def test_the_matrix_the_labels_and_the_totals_are_printed(self, project):
        printed = imported(project).stdout

        assert "Ana Souza      3      2" in printed
        assert "  Ana Souza: Ana Souza, warden, Lock Trust × 1, Souza × 1" in printed
        assert "lines: 12 = 7 content, 3 metadata, 2 skipped" in printed
        assert "spaces made plain: 1 no-break, 1 double" in printed
        assert "skipped 19: More from the Fog Desk: (interstitial" in printed
        assert "proposed: roles and affiliation" in printed

    def test_a_program_gets_all_of_it(self, project):
        code, told = reported(project)

        assert code == 0
        assert [expert["name"] for expert in told["experts"]] == ["Ana Souza", "Li Wei"]
        assert [answer["names"] for answer in told["questions"][1]["answers"]] == [
            ["Ana Souza"], ["Li Wei"],
        ]  # fmt: skip
        assert told["account"]["lines"]["all"] == 12
        assert told["written"] == [
            "content/locks/article.md",
            "content/locks/import.md",
            "content/locks/source.txt",
        ]

    def test_a_refusal_says_what_was_looked_at_and_writes_nothing(self, project):
        (project / "locks.txt").write_text("It rains.\n\nNotes: none.\n")
        before = read_files(project)

        result = imported(project)

        assert result.exit_code == 1
        assert "[not-a-roundtable]" in result.stderr
        assert read_files(project) == before


class TestAsking:
    @pytest.fixture
    def project(self, project):
        (project / "locks.txt").write_text(ASKS, "utf-8")
        return project

    def test_without_a_terminal_the_questions_are_written_and_nothing_else(self, project):
        result = imported(project)

        assert result.exit_code == 3
        assert set(read_files(project / "content/locks")) == {"import.yaml"}
        (asked,) = yaml.safe_load((project / "content/locks/import.yaml").read_text())["questions"]
        assert asked["choices"] == ["Ana Souza", "Li Souza"]
        assert asked["answer"] is None
        assert "Who is “Souza”?" in result.stderr

    def test_an_answer_in_the_file_is_taken_and_kept(self, project):
        imported(project)
        path = project / "content/locks/import.yaml"
        path.write_text(path.read_text().replace("answer: null", "answer: Li Souza"))

        code, told = reported(project)

        assert code == 0
        names = [answer["names"] for answer in told["questions"][1]["answers"]]
        assert names == [["Li Souza"], ["Li Souza"]]
        assert "answer: Li Souza" in path.read_text()
        assert imported(project).exit_code == 0

    def test_proposals_can_be_taken_and_are_marked(self, project):
        code, told = reported(project, "--yes")

        assert code == 0
        assert told["asked"][0]["answer"] is None
        article = (project / "content/locks/article.md").read_text("utf-8")
        assert "nobody confirmed" in article

    def test_whoever_is_there_is_asked_once(self, project, monkeypatch):
        asked = []

        def answer(query):
            asked.append(query.id)
            return "Li Souza"

        monkeypatch.chdir(project)
        order = importing.Order(project=project, source="locks.txt")
        importing.run(order, ask=answer)
        importing.run(order, ask=answer)

        assert asked == ["label Souza"]

    @pytest.mark.parametrize("text", ["[", "questions: 3", "- a", "questions: [{answer: x}]"])
    def test_a_spoilt_file_of_answers_is_told(self, project, text):
        (project / "content/locks").mkdir()
        (project / "content/locks/import.yaml").write_text(text)

        result = imported(project)

        assert result.exit_code == 1
        assert "[bad-answers]" in result.stderr


class TestAgain:
    def test_nothing_changes_where_nothing_changed(self, project):
        imported(project)
        before = read_files(project)

        assert imported(project).exit_code == 0
        assert read_files(project) == before

    def test_a_difference_is_shown_and_nothing_overwritten(self, project):
        imported(project)
        path = project / "content/locks/article.md"
        path.write_text(path.read_text("utf-8").replace("No.", "Never."), "utf-8")
        before = read_files(project)

        result = imported(project)

        assert result.exit_code == 3
        assert "-Never.\n+No.\n" in result.stdout
        assert "--update" in result.stdout
        assert read_files(project) == before


class TestSafety:
    def refused(self, project, data, name="locks.txt"):
        (project / name).write_bytes(data)
        before = read_files(project)
        result = brief(project, "import", name)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"{name}")
        assert "error: " in result.stderr
        assert read_files(project) == before
        return result.stderr

    @pytest.mark.parametrize(
        "data",
        [b"", b"\x00\x01\x02junk" * 50, b"%PDF-1.7 x", b"PK\x03\x04 not a zip", b"\xff\xfe\x00"],
        ids=["empty", "binary", "pdf", "zip", "half"],
    )
    def test_what_is_no_text_is_refused(self, project, data):
        self.refused(project, data)

    def test_a_huge_file_is_refused_without_reading_it(self, project):
        with (project / "locks.txt").open("wb") as file:
            os.truncate(file.fileno(), 50_000_000)
        result = brief(project, "import", "locks.txt")
        assert (result.exit_code, "[too-large]" in result.stderr) == (1, True)

    def test_a_word_file_that_unpacks_without_end_is_refused(self, project):
        data = BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("word/document.xml", b"<w>" + b" " * 300_000_000)
        assert "unpacks to" in self.refused(project, data.getvalue(), "locks.docx")

    def test_a_word_file_with_entities_is_refused(self, project):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
        held = {**house_file.make_parts(), "word/document.xml": bomb}
        path = house_file.write_house_file(project / "locks.docx", held)
        assert "document type" in self.refused(project, path.read_bytes(), "locks.docx")

    def test_a_page_with_entities_or_endless_elements_harms_nobody(self, project):
        bomb = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><p>&b;</p>'
        self.refused(project, bomb.encode(), "locks.html")
        self.refused(project, b"<html><body>" + b"<div>" * 20_000, "locks.html")

    def test_a_folder_and_a_missing_file_are_refused(self, project):
        for name in ("content", "missing.txt"):
            result = brief(project, "import", name)
            assert result.exit_code == 1
            assert "error: " in result.stderr
