"""The manifest lists the files and what they were made from; the ledger lists their quotes."""

import hashlib
import json
import subprocess
import sys
from importlib import metadata

import pytest

from pipeline.content.model import Quotation
from pipeline.document.tree import Address, Document, Meta, Paragraph, Text
from pipeline.outputs import manifest
from tests.support.command import brief, read_files
from tests.support.workbench import DRAFT, write_draft_project, write_template


@pytest.fixture
def project(tmp_path):
    """A project with a template of its own, `draft`."""
    return write_draft_project(tmp_path)


def build(project, *arguments):
    assert brief(project, "build", "-t", "draft", *arguments).exit_code == 0
    return json.loads((project / "out/words/manifest.json").read_text("utf-8"))


def listed(project):
    listed = json.loads((project / "out/words/manifest.json").read_text("utf-8"))
    return [output["file"] for output in listed["outputs"]]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestManifest:
    def test_says_what_was_written(self, project):
        entry = build(project, "-f", "tree", "-f", "html", "--paper", "letter")

        html, tree = entry["outputs"]
        path = project / "out/words/words-draft.letter.html"
        assert entry["article"] == "words"
        assert (html["file"], html["template"], html["format"]) == (path.name, "draft", "html")
        assert (html["paper"], html["bytes"]) == ("letter", path.stat().st_size)
        assert html["sha256"] == digest(path)
        assert tree["file"] == "words-draft.letter.tree.json"
        assert "part" not in html
        assert "pages" not in html

    def test_names_the_profile_of_a_pdf(self, project):
        dated = '</title><meta name="date" content="{{ article.date.isoformat() }}">'
        write_template(project, "draft", DRAFT.replace("</title>", dated))
        formats = ("-f", "pdf", "-f", "docx")
        screen = build(project, *formats)["outputs"]
        both = build(project, *formats, "--profile", "print")["outputs"]

        assert [(o["file"], o.get("profile")) for o in screen] == [
            ("words-draft.docx", None),
            ("words-draft.pdf", "screen"),
        ]
        assert [(o["file"], o.get("profile")) for o in both] == [
            ("words-draft.docx", None),
            ("words-draft.pdf", "screen"),
            ("words-draft.print.pdf", "print"),
        ]

    def test_names_the_part(self, project):
        entry = build(project, "-f", "tree", "--split", "expert")

        assert [output["part"] for output in entry["outputs"]] == ["ada", "bo"]

    def test_says_what_each_file_was_made_from(self, project):
        (output,) = build(project, "-f", "tree")["outputs"]
        own = [
            "content/house.yaml",
            "content/words/article.md",
            "content/words/summary.yaml",
            "templates/draft/document.html.j2",
            "templates/draft/template.yaml",
        ]

        assert {name: output["inputs"][name] for name in own} == {
            name: digest(project / name) for name in own
        }
        shipped = output["inputs"].keys() - set(own)
        assert {
            "templates/shipped/_shared/base.css",
            "templates/shipped/_shared/theme.yaml",
        } <= shipped
        assert list(output["inputs"]) == sorted(output["inputs"])
        assert output["packages"]["weasyprint"] == metadata.version("weasyprint")
        assert "fontpkg-spectral" in output["packages"]

    def test_says_what_a_paper_has_of_its_own(self, project):
        (larger,) = build(project, "-f", "tree")["outputs"]
        smaller, _ = build(project, "-f", "tree", "--paper", "a5")["outputs"]

        read = {name for name, digest in smaller["inputs"].items() if digest}
        assert read - larger["inputs"].keys() == {
            "templates/shipped/_shared/a5.css",
            "templates/shipped/_shared/a5.yaml",
        }

    def test_the_edition_changes_with_the_content_and_not_with_the_template(self, project):
        (first,) = build(project, "-f", "tree")["outputs"]
        template = project / "templates/draft/document.html.j2"
        template.write_text(DRAFT.replace("<h1>", "<h1>On "), "utf-8")
        (second,) = build(project, "-f", "tree")["outputs"]
        house = project / "content/house.yaml"
        house.write_text(house.read_text("utf-8") + "unit: Desk\n", "utf-8")
        (third,) = build(project, "-f", "tree")["outputs"]

        assert first["edition"] == second["edition"] != third["edition"]
        changed = {n for n, sha in second["inputs"].items() if first["inputs"][n] != sha}
        assert changed == {"templates/draft/document.html.j2"}

    def test_the_same_build_again_writes_the_same_bytes(self, project):
        build(project, "-f", "tree", "-f", "html", "--split", "question")
        first = read_files(project / "out")
        build(project, "-f", "tree", "-f", "html", "--split", "question")

        assert read_files(project / "out") == first

    def test_keeps_the_entries_of_other_builds_and_drops_those_whose_files_are_gone(self, project):
        build(project, "-f", "tree")
        build(project, "-f", "html")
        assert listed(project) == ["words-draft.html", "words-draft.tree.json"]

        (project / "out/words/words-draft.html").unlink()
        build(project, "-f", "tree", "--question", "q1")

        assert listed(project) == ["words-draft-q1.tree.json", "words-draft.tree.json"]

    @pytest.mark.parametrize(
        "earlier",
        [
            b"",
            b"\xff\xfe",
            b"[]",
            b"{}",
            b"[" * 100_000,
            b'{"schema": 99, "outputs": [{"file": "words-draft.html"}]}',
            b'{"schema": 1, "outputs": null}',
            b'{"schema": 1, "outputs": ["file", {}, null]}',
            b'{"schema": 1, "outputs": [{"file": ["words-draft.html"]}]}',
        ],
    )
    def test_an_earlier_one_that_makes_no_sense_is_made_anew(self, project, earlier):
        (project / "out/words").mkdir(parents=True)
        (project / "out/words/manifest.json").write_bytes(earlier)
        (project / "out/words/words-draft.html").touch()

        build(project, "-f", "tree")

        assert listed(project) == ["words-draft.tree.json"]

    @pytest.mark.slow
    def test_builds_at_once_lose_nothing(self, project):
        formats = ["html", "tree"] * 3
        command = [sys.executable, "-m", "pipeline.cli", "build", "-t", "draft"]
        running = [
            subprocess.Popen(
                [*command, "-f", name, "--split", "expert", "-j", "1"],
                cwd=project,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for name in formats
        ]

        assert [process.wait() for process in running] == [0] * len(formats)
        assert listed(project) == [
            f"words-draft-{expert}.{ending}"
            for expert in ("ada", "bo")
            for ending in ("html", "tree.json")
        ]
        assert not list((project / "out").rglob(".*"))


class TestLedger:
    @staticmethod
    def quotation(used):
        return Quotation(
            quote="words",
            answer="q1.ada",
            expert="ada",
            question="q1",
            used=Address(used),
            line=7,
            sha256="0",
        )

    def kept(self, printed, used):
        text = Text("A statement.", Address(printed) if printed else None)
        document = Document(Meta(title="T", language="en"), (Paragraph((text,)),))
        return json.loads(manifest.dump_quote_ledger(document, [self.quotation(used)])) != []

    @pytest.mark.parametrize(
        ("printed", "used", "kept"),
        [
            ("summary.yaml#takeaways.1.text", "summary.yaml#takeaways.1.evidence.1.quote", True),
            ("summary.yaml#takeaways.1.text", "summary.yaml#takeaways.2.evidence.1.quote", False),
            ("summary.yaml#bottom_line.text", "summary.yaml#bottom_line.evidence.2.quote", True),
            ("summary.yaml#positions.q1.ada.text", "summary.yaml#positions.q1.ada.quote", True),
            ("summary.yaml#positions.q1.ada.text", "summary.yaml#positions.q1.bo.quote", False),
            ("summary.yaml#glossary.1.term", "summary.yaml#glossary.1.evidence.1.quote", True),
            (
                "summary.yaml#glossary.1.definition",
                "summary.yaml#glossary.1.evidence.1.quote",
                True,
            ),
            ("summary.yaml#pull_quotes.1.quote", "summary.yaml#pull_quotes.1.quote", True),
            ("article.md#q1.ada.1", "summary.yaml#takeaways.1.evidence.1.quote", False),
            ("", "summary.yaml#takeaways.1.evidence.1.quote", False),
        ],
    )
    def test_a_quote_is_listed_when_its_statement_is_printed(self, printed, used, kept):
        assert self.kept(printed, used) is kept

    def test_stands_beside_the_brief_with_where_each_quote_is(self, project):
        template = DRAFT.replace("<h1>", "<p>{{ summary.bottom_line.text }}</p><h1>")
        write_template(project, "draft", template)
        build(project, "-f", "tree")

        (entry,) = json.loads((project / "out/words/words-draft.quotes.json").read_text("utf-8"))
        lines = (project / "content/words/article.md").read_text("utf-8").splitlines()

        assert (entry["quote"], entry["expert"], entry["question"]) == (
            "First words",
            "Ada Alpha",
            "q1",
        )
        assert "First words" in lines[entry["line"] - 1]
