"""What `make` does with what is set up, and what CI runs of it."""

import os
import re
import shutil
import subprocess

import pytest

from tests.support.paths import ROOT


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make with the project's Makefile and one more target, `show`, for the environment."""
    return subprocess.run(
        ["make", "-s", "-f", "-", *arguments],
        input="include Makefile\nshow:\n\t@env\n",
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


class TestMakefile:
    def test_the_shells_settings_do_not_leak_but_where_packages_come_from_does_not_change(self):
        leaks = {
            "PIP_TARGET": "/x",
            "PIP_NO_BINARY": ":all:",
            "PYTHONHOME": "/x",
            "PYTHONPATH": "/x",
            "VIRTUAL_ENV": "/x",
        }
        kept = {"PIP_CERT": "/x", "PIP_INDEX_URL": "/x", "PIP_PROXY": "/x"}

        seen = make("show", **leaks, **kept).stdout.splitlines()

        assert [line for line in seen if line.split("=")[0] in leaks] == []
        assert {f"{name}={value}" for name, value in kept.items()} <= set(seen)

    @pytest.mark.parametrize("python", ["false", "/no/such/python"])
    def test_a_python_that_is_too_old_or_absent_stops_with_a_clear_message(self, python):
        result = make("setup", f"PYTHON={python}")

        assert result.returncode != 0
        assert "brief needs Python 3.11 or newer" in result.stderr

    def test_help_names_every_command(self):
        phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert phony

        named = re.findall(r"^make (\w+)\t\w", make("help").stdout, re.MULTILINE)

        assert named == phony[1].split()


def test_clean_leaves_what_git_keeps(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    kept = {
        "Makefile",
        "out/.gitignore",
        "out/README.md",
        "pipeline/a.py",
        "tests/b.py",
        ".ci/c.py",
    }
    generated = {"out/x/x.pdf", "out/x/README.md", ".venv/a", ".coverage", "dist/a"}
    generated |= {"pipeline/__pycache__/a.pyc"}
    for name in kept | generated:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    subprocess.run(["make", "-s", "clean"], cwd=tmp_path, check=True)

    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == kept


@pytest.mark.parametrize(
    ("fails", "expected"), [("", ["brief", "office", "test", "soak"]), ("brief", ["brief"])]
)
def test_ci_runs_its_commands_in_the_projects_folder_and_stops_at_a_failure(
    tmp_path, fails, expected
):
    log = tmp_path / "log"
    fake = tmp_path / "make"
    fake.write_text(f'#!/bin/sh\necho "$PWD $1" >> {log}\n[ "$1" != "{fails}" ]\n')
    fake.chmod(0o755)

    result = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        check=False,
    )

    assert log.read_text().splitlines() == [f"{ROOT} {command}" for command in expected]
    assert (result.returncode == 0) is (fails == "")
