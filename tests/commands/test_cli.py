"""The command as people and programs use it: options, exit codes, what is shown and loaded."""

import errno
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
from typing import get_args

import click
import pytest

from pipeline import __version__, cli
from pipeline.build import build_steps
from pipeline.commands import options, reports
from pipeline.look import theme
from pipeline.project import layout
from pipeline.render.contract import FORMATS, PROFILES
from pipeline.system import doctor
from pipeline.system.doctor import RequirementStatus
from tests.support.command import DRAFT, brief, brief_process, ended, held, reported
from tests.support.workbench import write_project, write_template

CONTEXT = click.Context(cli.main, **cli.main.context_settings)
COMMANDS = {name: cli.main.get_command(CONTEXT, name) for name in cli.main.list_commands(CONTEXT)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a template of its own, `draft`."""
    write_project(tmp_path)
    write_template(tmp_path, "draft", DRAFT, "splits: [question, expert]\n")
    return tmp_path


class TestHelp:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_says_what_each_command_and_option_is_for(self, project, name):
        command = COMMANDS[name]
        options = [p for p in command.params if isinstance(p, click.Option)]

        shown = brief(project, name, "-h")

        assert shown.exit_code == 0
        assert command.help
        assert all(option.help for option in options)
        assert {n for option in options for n in option.opts} <= set(
            re.findall(r"--?[a-z-]+", shown.output)
        )

    def test_shows_the_commands_and_the_exit_codes(self, project):
        shown = brief(project, "--help").output

        commands = "build check doctor extract import list pull redline status verify"
        assert set(COMMANDS) == set(commands.split())
        assert all(f"\n  {name} " in shown for name in COMMANDS)
        assert "0 done" in shown

    def test_the_version_is_the_packages(self, project):
        assert brief(project, "--version").output == f"brief, version {__version__}\n"

    def test_what_it_offers_is_what_there_is(self):
        assert list(options.FORMATS) == list(FORMATS)
        assert list(options.PAPERS) == list(theme.PAPER)
        assert list(options.PROFILES) == list(PROFILES)
        assert get_args(layout.Split) == options.SPLITS


class TestExitCodes:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["--template", "darft"],
            ["--format", "word"],
            ["--paper", "a6"],
            ["--split", "answer"],
            ["--question", "q9"],
            ["--expert", "zed"],
            ["--template", "briefing-pack", "--question", "q1"],
            ["--jobs", "0"],
            ["--jobs", "many"],
            ["--report", "xml"],
            ["--profile", "poster"],
            ["--creep", "1"],
            ["--profile", "print", "--creep", "1"],
            ["--profile", "booklet", "--creep", "-1"],
            ["--colour"],
            ["no-such-article"],
            ["--out", "content/words"],
            ["--out", "templates"],
            ["--cache", "content"],
        ],
    )
    def test_wrong_usage_is_2_and_writes_nothing(self, project, arguments):
        result = brief(project, "build", *arguments)

        assert result.exit_code == 2
        assert "rror: " in result.stderr
        assert result.stdout == ""
        assert not (project / "out").exists()

    def test_with_standard_error_closed_the_work_is_done(self, project):
        command = f"{sys.executable} -m pipeline.cli build -t draft -f tree 2>&-"

        result = subprocess.run(command, shell=True, cwd=project, capture_output=True, check=False)

        assert (result.returncode, b"1 file in" in result.stdout) == (0, True)

    @pytest.mark.parametrize("command", ["list", "doctor"])
    def test_what_cannot_be_printed_is_1(self, project, command, monkeypatch):
        def full(*_, err=False, **__):
            if not err:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(click, "echo", full)
        result = brief(project, command)

        assert (result.exit_code, type(result.exception)) == (1, SystemExit)

    def test_errors_in_the_content_are_1(self, project):
        (project / "content/words/summary.yaml").write_text("standfirst: [", "utf-8")

        assert brief(project, "build", "-f", "tree").exit_code == 1

    def test_a_warning_is_0_and_with_strict_1(self, project):
        (project / "content/words/summary.yaml").unlink()

        assert brief(project, "build", "-f", "tree").exit_code == 0
        assert brief(project, "build", "-f", "tree", "--strict").exit_code == 1

    def test_stopped_from_the_keyboard_is_130(self, project, monkeypatch):
        def stopped(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(build_steps, "run", stopped)

        result = brief(project, "build")

        assert result.exit_code == 130
        assert result.output == "stopped; the briefs that were finished before are in place\n"

    @pytest.mark.parametrize("report", ["text", "json"])
    def test_a_fault_of_brief_itself_is_1_and_no_traceback(self, project, monkeypatch, report):
        def faulty(*_):
            raise ZeroDivisionError("division by zero")

        monkeypatch.delenv("BRIEF_TRACEBACK", raising=False)
        monkeypatch.setattr(build_steps, "run", faulty)

        result = brief(project, "build", "--report", report)

        assert result.exit_code == 1
        assert "through a fault of brief itself: ZeroDivisionError" in result.output
        assert "Traceback" not in result.output

    @pytest.mark.parametrize("arguments", [["list"], ["build", "-t", "draft", "-f", "tree"]])
    def test_a_reader_that_goes_away_is_no_fault(self, project, arguments):
        gone, output = os.pipe()
        os.close(gone)
        with open(output, "wb") as pipe:
            result = subprocess.run(
                [sys.executable, "-m", "pipeline.cli", *arguments],
                cwd=project,
                stdout=pipe,
                stderr=subprocess.PIPE,
                check=False,
            )

        assert result.returncode == 1
        assert b"rror" not in result.stderr


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
        order = ("-t", "draft", "-f", "tree", "--split", "expert", "--jobs", "1")
        result = brief(project, "build", "--report", "json", *order)

        steps = [json.loads(line) for line in result.stderr.splitlines()]
        assert [(step["brief"], step["done"], step["of"]) for step in steps] == [
            ("", 0, 2),
            ("words-draft-ada", 1, 2),
            ("words-draft-bo", 2, 2),
        ]

    def test_json_lists_what_was_kept(self, project):
        reported(project, "-t", "draft", "-f", "tree")
        _, report = reported(project, "-t", "draft", "-f", "tree")

        assert (report["outputs"], report["kept"]) == ([], ["out/words/words-draft.tree.json"])

    def test_json_lists_what_was_written(self, project):
        code, report = reported(project, "-t", "draft", "-f", "tree", "--split", "expert")

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

        code, report = reported(project, "-t", "draft", "-f", "tree")

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


class TestList:
    def test_shows_what_there_is_to_build(self, project):
        result = brief(project, "list")

        assert (result.exit_code, result.stderr) == (0, "")
        groups = re.split(r"^(\w+):\n", result.stdout, flags=re.MULTILINE)[1:]
        assert groups[::2] == ["articles", "templates", "formats", "profiles"]
        articles, templates, formats, profiles = groups[1::2]
        assert articles.split(maxsplit=1) == ["words", "Words that matter\n"]
        assert (
            "  draft                A draft brief. Has parts by question and expert.\n" in templates
        )
        assert "  briefing-pack  " in templates
        assert [line.split()[0] for line in formats.splitlines()] == list(FORMATS)
        assert [line.split()[0] for line in profiles.splitlines()] == list(PROFILES)

    def test_goes_on_after_what_has_errors(self, project):
        (project / "content/words/article.md").write_text("nothing", "utf-8")
        (project / "templates/draft/template.yaml").write_text("nothing", "utf-8")

        result = brief(project, "list")

        assert result.exit_code == 1
        assert re.search(r"^  words +has errors$", result.stdout, re.MULTILINE)
        assert re.search(r"^  draft +has errors$", result.stdout, re.MULTILINE)
        assert "content/words/article.md:1:1: error: " in result.stderr
        assert "templates/draft/template.yaml" in result.stderr
        assert "per-expert" in result.stdout

    def test_without_content_shows_the_rest(self, tmp_path):
        result = brief(tmp_path, "list")

        assert result.exit_code == 1
        assert result.stdout.startswith("templates:\n")
        assert "error: there is no article here [no-content]" in result.stderr


@pytest.mark.parametrize(
    ("need", "ok", "code"),
    [
        ("required", True, 0),
        ("optional", False, 0),
        ("required", False, 1),
    ],
)
def test_doctor_fails_when_something_is_missing_that_must_be_there(
    project, monkeypatch, need, ok, code
):
    finding = RequirementStatus("Pango", ok, "1.50", need, "" if ok else "apt-get install pango")
    monkeypatch.setattr(doctor, "examine_machine", lambda: (finding,))

    result = brief(project, "doctor")

    assert result.exit_code == code
    assert result.output == doctor.format_requirements([finding]) + "\n"


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
        assert [re.search(r"\d/2", bar)[0] for bar in bars] == ["0/2", "1/2", "2/2"]
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
        assert held(project / "out") == {}
        assert ended(terminal.process.pid)


LIBRARIES = {"weasyprint", "docx", "lxml", "PIL", "fontTools"}
PROCESSES = {"multiprocessing", "concurrent", "asyncio"}
READING = {"jinja2", "markdown_it", "yaml", "tinycss2"}


def loaded(project: Path, *arguments: str) -> set[str]:
    """Name the packages that a command has imported by its end."""
    script = (
        "import sys, pipeline.cli\n"
        f"try: pipeline.cli.main({list(arguments)!r})\n"
        "finally: print('loaded:', *{name.partition('.')[0] for name in sys.modules})\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project,
        env={k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")},  # it loads much
        capture_output=True,
        text=True,
        check=False,
    )
    return set(result.stdout.rpartition("loaded:")[2].split())


class TestWhatIsLoaded:
    @pytest.mark.parametrize(
        "arguments",
        [["--help"], ["build", "--help"], ["list", "--help"], ["--version"], ["build", "-x"]],
    )
    def test_help_reads_nothing(self, project, arguments):
        modules = loaded(project, *arguments)

        assert "click" in modules
        assert not modules & (LIBRARIES | PROCESSES | READING)

    @pytest.mark.parametrize("arguments", [["build"], ["build", "nope"], ["list"]])
    def test_a_failing_command_sets_nothing(self, project, arguments):
        write_template(project, "wrong", "{{ nothing }}")
        (project / "templates/wrong/template.yaml").write_text("title: Wrong\n", "utf-8")

        modules = loaded(project, *arguments)

        assert "jinja2" in modules
        assert not modules & LIBRARIES

    def test_a_build_with_nothing_to_do_reads_prints_and_sets_nothing(self, project):
        order = ["build", "-t", "draft", "-f", "tree", "--marking", "TLP:RED"]
        brief(project, *order)

        modules = loaded(project, *order)

        assert "click" in modules
        assert not modules & (LIBRARIES | PROCESSES | READING)

    @pytest.mark.parametrize("jobs", [["--jobs", "1", "--split", "expert"], ["--jobs", "8"]])
    def test_one_brief_or_one_job_starts_no_processes(self, project, jobs):
        modules = loaded(project, "build", "-t", "draft", "-f", "tree", *jobs)

        assert not modules & (PROCESSES | LIBRARIES)


def test_run_as_a_module_it_is_the_same_command(project):
    result = brief_process(project, "--version")

    assert (result.returncode, result.stdout) == (0, f"brief, version {__version__}\n")


def test_a_terminal_that_lacks_a_character_stops_nothing(project):
    result = brief_process(
        project, "build", "-t", "draft", "-f", "tree", PYTHONIOENCODING="latin-1"
    )

    assert result.returncode == 0
    assert re.search(r"words-draft\.tree\.json +\?", result.stdout)
