"""What a build shows: to people, to programs, to GitHub, on a terminal."""

import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from pipeline.commands import reports
from tests.support.command import brief, build_reported, has_ended, read_files
from tests.support.workbench import DRAFT, write_draft_project, write_project, write_template


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a template of its own, `draft`."""
    return write_draft_project(tmp_path)


class TestText:
    def test_a_build_shows_its_steps_and_then_a_table(self, project):
        result = brief(
            project, "build", "-t", "draft", "-f", "tree", "--split", "expert", "-j", "1"
        )

        assert result.stderr == "[1/2] words-draft-ada\n[2/2] words-draft-bo\n"
        head, ada, bo, last = result.stdout.splitlines()
        assert head.split() == ["out/words/", "pages", "size", "time"]
        assert re.fullmatch(r"  words-draft-ada\.tree\.json +– +\d+ kB +\d\.\d\d s", ada)
        assert len(head) == len(ada) == len(bo)
        assert re.fullmatch(r"2 files in \d+\.\d s", last)

    def test_a_pdf_comes_with_its_pages(self, project):
        shown = brief(project, "build", "-t", "draft", "-f", "pdf").stdout

        assert re.search(r"words-draft\.pdf +1 +\d+ kB", shown)
        assert (project / "out/words/words-draft.pdf").read_bytes().startswith(b"%PDF-")

    def test_each_folder_has_a_table(self, project):
        write_project(project / "other", "more")
        (project / "other/content/more").rename(project / "content/more")

        shown = brief(project, "build", "-t", "draft", "-f", "tree").stdout

        assert re.findall(r"^out/\w+/", shown, re.MULTILINE) == ["out/more/", "out/words/"]

    def test_a_finding_has_its_place_its_code_and_a_hint(self, project):
        article = project / "content/words/article.md"
        article.write_text(article.read_text("utf-8").replace("## ada", "## adda"), "utf-8")

        result = brief(project, "build", "-f", "tree")

        line = article.read_text("utf-8").splitlines().index("## adda") + 1
        assert result.stdout == ""
        assert result.stderr.startswith(
            f"content/words/article.md:{line}:1: error: `adda` is not one of the article's "
            "experts [unknown-expert]\n  hint: did you mean `ada`?\n"
        )
        assert re.search(r"\n\d errors, 1 warning\n\Z", result.stderr)
        assert "\nnot built: words-per-question\n" in result.stderr

    def test_errors_and_warnings_are_counted(self, project):
        (project / "content/words/summary.yaml").unlink()
        write_template(project, "wrong", "{{ nothing }}")

        result = brief(project, "build", "-f", "tree")

        assert "warning: `policymaker-summary` needs a summary" in result.stderr
        assert result.stderr.endswith("\n1 error, 1 warning\n")

    def test_of_very_many_briefs_only_some_are_told_with_the_pace(self, project, monkeypatch):
        monkeypatch.setattr(reports, "MOST_LINES", 1)

        result = brief(project, "build", "-t", "draft", "-f", "tree", "--split", "expert")

        assert re.fullmatch(
            r"\[2/2\] words-draft-(ada|bo) \(\d+\.\d/s, 0:00 left\)\n", result.stderr
        )


class TestReports:
    def test_json_tells_each_step_on_standard_error(self, project):
        arguments = ("-t", "draft", "-f", "tree", "--split", "expert", "--jobs", "1")
        result = brief(project, "build", "--report", "json", *arguments)

        steps = [json.loads(line) for line in result.stderr.splitlines()]
        assert [(step["brief"], step["done"], step["of"]) for step in steps] == [
            ("", 0, 2),
            ("words-draft-ada", 1, 2),
            ("words-draft-bo", 2, 2),
        ]

    def test_json_lists_what_was_kept(self, project):
        build_reported(project, "-t", "draft", "-f", "tree")
        _, report = build_reported(project, "-t", "draft", "-f", "tree")

        assert (report["outputs"], report["kept"]) == ([], ["out/words/words-draft.tree.json"])

    def test_json_lists_what_was_written(self, project):
        code, report = build_reported(project, "-t", "draft", "-f", "tree", "--split", "expert")

        assert code == 0
        assert report["diagnostics"] == []
        assert [output["file"] for output in report["outputs"]] == [
            "out/words/words-draft-ada.tree.json",
            "out/words/words-draft-bo.tree.json",
        ]
        ada = report["outputs"][0]
        assert (ada["article"], ada["template"], ada["part"]) == ("words", "draft", "ada")
        assert (ada["format"], ada["pages"]) == ("tree", None)
        assert ada["bytes"] == (project / ada["file"]).stat().st_size

    def test_json_lists_what_was_found(self, project):
        write_template(project, "draft", "<html>\n{{ nothing }}</html>")

        code, report = build_reported(project, "-t", "draft", "-f", "tree")

        (found,) = report["diagnostics"]
        assert code == 1
        assert report["outputs"] == []
        assert found["code"] == "undefined-name"
        assert found["severity"] == "error"
        assert (found["file"], found["line"]) == ("templates/draft/document.html.j2", 2)
        assert (found["column"], found["message"]) == (None, "`nothing` is not known here")

    def test_json_says_nothing_else_even_of_wrong_names(self, project):
        result = brief(project, "build", "nope", "--report", "json")

        (found,) = json.loads(result.stdout)["diagnostics"]
        assert (result.exit_code, result.stderr) == (2, "")
        assert (found["code"], found["file"]) == ("unknown-article", None)

    def test_github_annotates_the_line(self, project):
        write_template(project, "draft", "<html>\n{{ nothing }}</html>")

        result = brief(project, "build", "-t", "draft", "-f", "tree", "--report", "github")

        assert result.stdout.startswith(
            "::error title=undefined-name,file=templates/draft/document.html.j2,line=2,col=1"
            "::`nothing` is not known here (known: `article`, "
        )
        assert result.stdout.count("\n") == 1

    def test_github_gets_signs_of_its_own_escaped(self, project):
        result = brief(project, "build", "100%\n::x", "--report", "github")

        assert result.stdout == (
            "::error title=unknown-article::there is no article `100%25%0A::x` (known: `words`)\n"
        )

    def test_github_escapes_more_in_a_files_name(self, project):
        odd = project / "a,b:c%"
        odd.touch()

        result = brief(
            project, "build", "-t", "draft", "-f", "tree", "--out", odd.name, "--report", "github"
        )

        assert "title=unwritable,file=a%2Cb%3Ac%25/words,line=1,col=1::" in result.stdout

    def test_github_shows_the_table_too(self, project):
        result = brief(project, "build", "-t", "draft", "-f", "tree", "--report", "github")

        assert "words-draft.tree.json" in result.stdout


class Terminal:
    """A command on a terminal of its own, with what it shows there."""

    def __init__(self, project: Path, columns: int, *arguments: str, **environment: str) -> None:
        self.ours, its = pty.openpty()
        ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        of_others = {"NO_COLOR", "COLUMNS", "LINES"}  # of whatever the tests run in
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", *arguments],
            cwd=project,
            env={k: v for k, v in os.environ.items() if k not in of_others} | environment,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            # A shell that runs the tests in the background has them ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(its)
        self.shown = ""

    def read(self, until: str = "") -> str:
        """Read until a text is shown, or to the end."""
        while not until or until not in self.shown:
            try:
                self.shown += os.read(self.ours, 1000).decode()
            except OSError:  # the other end is closed
                break
        return self.shown

    def end(self) -> int:
        os.close(self.ours)
        return self.process.wait()


class TestTerminal:
    @pytest.mark.parametrize("columns", [30, 80])
    def test_a_bar_stays_on_one_line(self, project, columns):
        terminal = Terminal(
            project, columns, "build", "-t", "draft", "-f", "tree", "--split", "expert"
        )
        shown = re.sub(r"\x1b\[\??\d*[a-zA-Z]", "", terminal.read())

        assert terminal.end() == 0
        bars = [step for step in re.split("[\r\n]+", shown) if step.startswith("briefs")]
        assert [re.findall(r"\d/2", bar)[0] for bar in bars] == ["0/2", "1/2", "2/2"]
        paces = [bool(re.search(r"2 +\d+\.\d/s, 0:\d\d left", bar)) for bar in bars]
        assert paces == [False, columns > 60, columns > 60]
        assert max(map(len, bars)) <= columns
        assert shown.index("2/2") < shown.index("out/words/")

    @pytest.mark.parametrize(("environment", "colour"), [({}, "\x1b[31m"), ({"NO_COLOR": "1"}, "")])
    def test_errors_are_red_unless_colour_is_not_wanted(self, project, environment, colour):
        terminal = Terminal(project, 80, "build", "nope", **environment)
        shown = terminal.read()

        assert terminal.end() == 2
        assert shown.startswith(f"{colour}\x1b[1merror\x1b[0m: there" if colour else "error: there")

    @pytest.mark.slow
    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_ctrl_c_leaves_no_traceback_no_file_and_no_process(self, project, jobs):
        words = "<p>" + "Word after word. " * 50_000 + "</p></body>"
        write_template(project, "draft", DRAFT.replace("</body>", words), "splits: [expert]\n")
        terminal = Terminal(
            project, 80, "build", "-t", "draft", "--split", "expert", "--jobs", jobs
        )

        terminal.read(until="0/2")
        os.killpg(terminal.process.pid, signal.SIGINT)
        shown = terminal.read()

        assert terminal.end() == 130
        assert shown.endswith("stopped; the briefs that were finished before are in place\r\n")
        assert "Traceback" not in shown
        assert read_files(project / "out") == {}
        assert has_ended(terminal.process.pid)
