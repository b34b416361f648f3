"""What others' CI builds on: the action, its table of what changed, and the pre-commit hooks."""

import json
import runpy
import shlex
import subprocess
import sys

import yaml

from pipeline.cli import main
from pipeline.system import doctor
from tests.support.command import build_reported
from tests.support.paths import ROOT
from tests.support.workbench import DRAFT, write_project, write_template

ACTION = ROOT / ".github/actions/briefs"


def steps() -> str:
    action = yaml.safe_load((ACTION / "action.yml").read_text("utf-8"))
    assert action["runs"]["using"] == "composite"
    return "\n".join(step.get("run", "") for step in action["runs"]["steps"])


def test_the_action_installs_every_library_that_is_needed():
    installed = set(shlex.split(steps().replace("\\\n", " ")))

    needed = {library.packages.apt for library in doctor.LIBRARIES}
    assert needed - installed <= {"libglib2.0-0"}  # comes with Pango, under one name or another


def test_commands_and_hooks_use_options_that_there_are():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    lines = [line.strip() for line in steps().splitlines()] + [hook["entry"] for hook in hooks]
    commands = [shlex.split(line.split(">")[0])[1:] for line in lines if line.startswith("brief ")]

    assert len(commands) >= 6
    for name, *words in commands:
        options = {option for p in main.commands[name].params for option in p.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_the_table_lists_what_was_built_and_counts_the_rest(tmp_path):
    project = write_project(tmp_path)
    write_template(project, "draft", DRAFT, "splits: [question, expert]\n")
    _, report = build_reported(project, "-t", "draft", "-f", "tree", "--split", "question")
    file = tmp_path / "report.json"
    file.write_text(json.dumps(report), "utf-8")

    shown = subprocess.run(
        [sys.executable, ACTION / "changed.py", file], capture_output=True, text=True, check=True
    ).stdout

    assert shown.startswith("**Briefs:** 2 built, 0 as they were\n\n| file |")
    assert "| `out/words/words-draft-q2.tree.json` | – | " in shown


def test_a_very_long_table_is_cut_and_what_is_wrong_is_counted():
    format_changes = runpy.run_path(str(ACTION / "changed.py"))["told"]
    output = {"file": "out/a/b.pdf", "pages": 3, "bytes": 45_600}
    wrong = [{"severity": severity} for severity in ("error", "warning", "note")]
    report = {"outputs": [output] * 102, "kept": ["x"], "left": ["y"], "not_built": ["z"]}
    report |= {"diagnostics": wrong}

    shown = format_changes(report)

    assert shown.startswith(
        "**Briefs:** 102 built, 1 as they were, 1 left as they were edited, 1 not built; "
        "1 errors, 2 warnings and notes\n"
    )
    assert shown.count("| `out/a/b.pdf` | 3 | 46 kB |") == 100
    assert shown.endswith("\nand 2 more\n")


def test_a_name_of_a_stranger_stays_in_its_cell():
    format_changes = runpy.run_path(str(ACTION / "changed.py"))["told"]
    output = {"file": "out/a/`|@all\n<img>.pdf", "pages": 3, "bytes": 45_600}

    report: dict[str, list[object]] = {"outputs": [output], "kept": [], "left": []}
    report |= {"not_built": []}

    shown = format_changes({**report, "diagnostics": []})

    assert shown.splitlines()[-1] == "| `out/a/__@all_<img>.pdf` | 3 | 46 kB |"


def test_only_a_pull_request_that_may_be_written_to_is_commented():
    action = yaml.safe_load((ACTION / "action.yml").read_text("utf-8"))
    (step,) = [step for step in action["runs"]["steps"] if "gh pr" in step.get("run", "")]

    assert "pull_request.head.repo.full_name == github.repository" in step["if"]
    assert "steps.build.outcome != 'skipped'" in step["if"]
    assert [s["name"] for s in action["runs"]["steps"] if s.get("id") == "build"]
