"""The command as people use it: its help, what it offers, its exit codes."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import click
import pytest

from pipeline import __version__, cli
from pipeline.build import build_steps
from pipeline.commands import options
from pipeline.look import theme
from pipeline.project import choices
from pipeline.render.contract import FORMATS, PROFILES
from tests.support.command import brief, start_brief
from tests.support.workbench import write_draft_project

CONTEXT = click.Context(cli.main, **cli.main.context_settings)
COMMANDS = {name: cli.main.get_command(CONTEXT, name) for name in cli.main.list_commands(CONTEXT)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a template of its own, `draft`."""
    return write_draft_project(tmp_path)


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

    @pytest.mark.parametrize("name", COMMANDS)
    def test_no_option_is_taken_that_is_empty(self, project, name):
        command = COMMANDS[name]
        options = [p for p in command.params if isinstance(p, click.Option) and not p.is_flag]

        for option in (option for each in options for option in each.opts):
            shown = brief(project, name, option, "")
            assert (shown.exit_code, "is given, and empty" in shown.stderr) == (2, True), option
        assert not (project / "out").exists()

    def test_shows_the_commands_and_the_exit_codes(self, project):
        shown = brief(project, "--help").output

        commands = "build check doctor extract import list pull redline status verify"
        assert set(COMMANDS) == set(commands.split())
        assert all(f"\n  {name} " in shown for name in COMMANDS)
        assert "0 done" in shown
        assert "130 stopped" in " ".join(shown.split())

    @pytest.mark.parametrize(
        ("format", "option"),
        [
            ("tree", ("--with-notes",)),
            ("tree", ("--for-review",)),
            ("html", ("--profile", "print")),
        ],
    )
    def test_an_option_that_no_format_takes_is_told(self, project, format, option):
        for _ in range(2):
            result = brief(project, "build", "-t", "draft", "-f", format, *option)
            assert result.exit_code == 0
            assert f"warning: `{' '.join(option)}` is for " in result.stderr

    def test_the_version_is_the_packages(self, project):
        assert brief(project, "--version").output == f"brief, version {__version__}\n"

    def test_what_it_offers_is_what_there_is(self):
        assert list(options.FORMATS) == list(FORMATS)
        assert list(options.PAPERS) == list(theme.PAPER)
        assert list(options.PROFILES) == list(PROFILES)
        assert get_args(choices.Split) == options.SPLITS


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


def test_run_as_a_module_it_is_the_same_command(project):
    result = start_brief(project, "--version")

    assert (result.returncode, result.stdout) == (0, f"brief, version {__version__}\n")


def test_a_terminal_that_lacks_a_character_stops_nothing(project):
    result = start_brief(project, "build", "-t", "draft", "-f", "tree", PYTHONIOENCODING="latin-1")

    assert result.returncode == 0
    assert re.search(r"words-draft\.tree\.json +\?", result.stdout)
