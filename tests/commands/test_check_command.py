"""The whole `brief check`: articles by name, files by path, in every report."""

import json
import shutil
from pathlib import Path

import jsonschema
import pikepdf
import pytest

from pipeline.checks import bounded_process, check_steps, check_table, sarif
from pipeline.checks.check_table import CHECKS
from pipeline.commands.options import FAMILIES
from pipeline.diagnostics import Diagnostic, Location, Severity
from pipeline.document.tree import Document, Heading, Meta, Paragraph, Text
from pipeline.render import pdf
from pipeline.render.docx import writer
from pipeline.system.limits import CheckLimits, Limits
from tests.support import specimen
from tests.support.command import brief, read_files
from tests.support.editor import Editor
from tests.support.workbench import DRAFT, write_project, write_template

RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "level"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["error", "warning", "note"]},
        "message": {"type": "object", "required": ["text"]},
        "locations": {
            "items": {
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "required": ["artifactLocation"],
                        "properties": {
                            "artifactLocation": {"required": ["uri"]},
                            "region": {
                                "properties": {
                                    "startLine": {"type": "integer", "minimum": 1},
                                    "startColumn": {"type": "integer", "minimum": 1},
                                }
                            },
                        },
                    }
                },
            }
        },
    },
}
RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "helpUri"],
    "properties": {
        "shortDescription": {"required": ["text"]},
        "helpUri": {"type": "string", "pattern": "^[a-z]+://"},
        "defaultConfiguration": {
            "properties": {"level": {"enum": ["error", "warning", "note", "none"]}}
        },
    },
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"items": RESULT},
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {"rules": {"items": RULE, "uniqueItems": True}},
                            }
                        },
                    },
                },
            }
        },
    },
}
"""What SARIF 2.1.0 asks of the parts that are written (§3.13, §3.14, §3.27, §3.49)."""


@pytest.fixture
def place(tmp_path, nothing_shipped):
    """A project with two templates that are quick to set."""
    shutil.copytree(specimen.SHARED, nothing_shipped / "_shared")
    project = write_project(tmp_path / "project")
    write_template(project, "draft", DRAFT)
    write_template(project, "other", DRAFT.replace("<h1>", "<h1>Other "))
    return project


@pytest.fixture(scope="module")
def rendered():
    """A PDF and a DOCX of a short brief, set once."""
    document = Document(
        Meta("A title", "en-GB", date="2021-03-04"),
        (Heading(1, (Text("A title"),)), Paragraph((Text("Words."),))),
    )
    return {
        "brief.pdf": pdf.render(document, specimen.make_options()).data,
        "brief.docx": writer.render(document, specimen.make_options()).data,
    }


@pytest.fixture
def files(place, rendered):
    for name, data in rendered.items():
        (place / name).write_bytes(data)
    return place


def checked(project, *arguments):
    result = brief(project, "check", *arguments)
    return result.exit_code, result.stdout, result.stderr


def slip(project, old="First words", new="First first words"):
    path = project / "content" / "words" / "article.md"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    (project / "content" / "words" / "summary.yaml").unlink()


# --- articles -------------------------------------------------------------------------------


def test_an_article_is_checked_in_all_its_briefs_and_nothing_is_written(place):
    before = read_files(place)
    code, output, warned = checked(place)
    assert code == 0
    assert output.startswith("checked 1 article, 2 briefs in ")
    assert "[no-position]" in warned  # Bo has none
    assert read_files(place) == before


def test_warnings_stop_when_they_are_taken_as_errors(place):
    assert checked(place, "--strict")[0] == 1


def test_a_template_may_be_chosen(place):
    assert "1 article, 1 brief in" in checked(place, "words", "-t", "draft")[1]


def test_a_family_may_be_chosen(place):
    slip(place)
    code, output, warned = checked(place, "--family", "content")
    assert (code, output.partition(" in ")[0]) == (0, "checked 1 article")
    assert "article.md:21:7: warning: the word “first” stands twice [doubled-word]" in warned
    _, output, warned = checked(place, "--family", "layout")
    assert "doubled-word" not in warned
    assert "2 briefs" in output


def test_an_article_that_cannot_be_loaded_is_told_as_in_a_build(place):
    slip(place, "## ada", "## eve")
    code, output, warned = checked(place)
    assert code == 1
    assert "[unknown-expert]" in warned
    assert "brief" not in output


def test_a_template_that_has_errors_is_told_as_in_a_build(place):
    write_template(place, "draft", DRAFT.replace("article.title", "article.tilte"))
    code, _, warned = checked(place)
    assert code == 1
    assert "templates/draft/document.html.j2:1" in warned


def test_a_brief_that_has_no_end_is_told(place, monkeypatch):
    def stopped(*_, **__):
        raise bounded_process.LimitExceeded("it takes over 1 seconds")

    monkeypatch.setattr(check_steps, "run_bounded", stopped)
    code, _, warned = checked(place, "--template", "draft")
    assert code == 1
    assert "`words-draft` was not set: it takes over 1 seconds [too-slow]" in warned


# --- files ----------------------------------------------------------------------------------


def test_files_are_checked_wherever_they_are(files):
    code, output, warned = checked(files, "brief.pdf", str(files / "brief.docx"))
    assert (code, output.partition(" in ")[0]) == (0, "checked 2 files")
    assert "error" not in warned


def test_an_article_and_a_file_may_be_checked_at_once(files):
    _, output, _ = checked(
        files, "words", "brief.pdf", "--family", "content", "--family", "preflight"
    )
    assert output.startswith("checked 1 article, 1 file in")


def test_a_file_is_told_by_what_is_in_it(files):
    (files / "brief.pdf").rename(files / "brochure")
    (files / "brief.docx").rename(files / "notes.pdf")
    code, _, warned = checked(files, "brochure", "notes.pdf")
    assert (code, "damaged" in warned) == (0, False)


def test_a_file_with_errors_stops(files):
    with pikepdf.open(files / "brief.pdf", allow_overwriting_input=True) as file:
        del file.Root["/Lang"]
        file.save(files / "brief.pdf")
    code, _, warned = checked(files, "brief.pdf")
    assert code == 1
    assert "brief.pdf: error: the PDF has no language [no-language]" in warned


def test_what_a_file_says_commands_no_terminal(files):
    with pikepdf.open(files / "brief.pdf", allow_overwriting_input=True) as file:
        for font in file.pages[0].resources.Font.values():
            font.BaseFont = pikepdf.Name("/Sly\x1b]0;x\x07")
        file.save(files / "brief.pdf")
    _, _, warned = checked(files, "brief.pdf")
    assert "the font Sly\ufffd]0;x\ufffd on page 1" in warned


def test_a_note_never_stops(files):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    editor = Editor((files / "brief.docx").read_bytes())
    links, end = "word/_rels/document.xml.rels", b"</Relationships>"
    link = b'<Relationship Id="c" Type="x/comments" Target="comments.xml"/>'
    editor.parts[links] = editor.parts[links].replace(end, link + end)
    editor.parts["word/comments.xml"] = f'<a:a xmlns:a="{space}"><a:comment/></a:a>'.encode()
    (files / "brief.docx").write_bytes(editor.save())
    code, _, warned = checked(files, "brief.docx", "--strict")
    assert code == 0
    assert "note: 1 comment left in the DOCX [left-over]" in warned
    assert warned.endswith("1 note\n")
    code, output, _ = checked(files, "brief.docx", "--report", "github")
    assert (code, output.partition(" ")[0]) == (0, "::notice")


def test_a_file_that_is_too_large_is_not_read(files):
    limits = Limits(checks=CheckLimits(file_bytes=10))
    (found,) = check_steps.run(
        check_steps.CheckRequest(project=files, names=("brief.pdf",), limits=limits)
    ).diagnostics
    assert (found.code, found.is_error) == ("boundless-file", True)
    assert CHECKS["boundless-file"].severity is Severity.ERROR


def test_a_file_that_cannot_be_read_is_told(files, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    code, _, warned = checked(files, "brief.pdf")
    assert (code, "brief.pdf: error: Permission denied [unreadable]" in warned) == (1, True)


def test_fonts_of_a_template_that_cannot_be_read_are_not_known(files):
    (files / "templates" / "draft" / "theme.yaml").write_text("colours: 3\n", "utf-8")
    (files / "templates" / "other" / "theme.yaml").write_text("colours: 3\n", "utf-8")
    assert "[unknown-font]" in checked(files, "brief.pdf")[2]


def test_progress_counts_articles_and_files(files):
    steps = []
    request = check_steps.CheckRequest(
        project=files, names=("words", "brief.docx"), templates=("draft",)
    )
    check_steps.run(request, lambda *step: steps.append(step))
    assert steps == [("", 0, 2), ("words", 1, 2), ("brief.docx", 2, 2)]


# --- wrong usage ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["wrods"], "unknown-article"),
        (["no.pdf"], "no-file"),
        (["content/words/no"], "no-file"),
        (["content"], "unknown-article"),
        (["./content"], "no-file"),
        (["content/words/article.md"], "unknown-format"),
        (["--family", "preflight"], "bad-family"),
        (["brief.pdf", "--family", "content"], "bad-family"),
        (["--template", "drfat"], "unknown-template"),
    ],
)
def test_what_does_not_exist_is_wrong_usage(files, arguments, code):
    exit_code, _, warned = checked(files, *arguments)
    assert (exit_code, f"[{code}]" in warned) == (2, True)


def test_the_command_line_knows_the_families():
    assert FAMILIES == check_table.FAMILIES


# --- reports --------------------------------------------------------------------------------


def test_a_report_for_programs(place):
    slip(place)
    code, output, _ = checked(place, "--report", "json")
    found = {d["code"]: d for d in json.loads(output)["diagnostics"]}
    assert code == 0
    assert found["doubled-word"]["line"] == 21
    assert found["doubled-word"]["severity"] == "warning"


def test_a_report_for_code_hosts(place):
    slip(place)
    code, output, _ = checked(place, "--report", "sarif", "--strict")
    log = json.loads(output)
    jsonschema.validate(log, LOG)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} >= CHECKS.keys()
    (twice,) = [result for result in run["results"] if result["ruleId"] == "doubled-word"]
    assert rules[twice["ruleIndex"]]["id"] == "doubled-word"
    assert twice["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "content/words/article.md"},
        "region": {"startLine": 21, "startColumn": 7},
    }
    assert code == 1


def test_what_is_no_check_is_a_rule_as_well():
    found = [
        Diagnostic("odd-thing", "It is odd.", Location("/a b/c.pdf"), "mend it"),
        Diagnostic("odd-thing", "It is odd.", Location("a b.md", 3)),
        Diagnostic("too-slow", "It is slow."),
    ]
    log = sarif.make_sarif_log(found)
    jsonschema.validate(log, LOG)
    first, second, third = log["runs"][0]["results"]
    assert first["message"]["text"] == "It is odd. (mend it)"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "file:///a%20b/c.pdf"}
    }
    assert second["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.md"},
        "region": {"startLine": 3},
    }
    assert "locations" not in third
    assert log["runs"][0]["tool"]["driver"]["rules"][-1]["shortDescription"]["text"] == "Too slow."


def test_wrong_usage_is_reported_as_well(place):
    code, output, _ = checked(place, "wrods", "--report", "sarif")
    assert code == 2
    assert json.loads(output)["runs"][0]["results"][0]["ruleId"] == "unknown-article"
