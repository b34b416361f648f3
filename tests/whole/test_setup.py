"""The project can be set up anywhere, from what is pinned, and asks no registry by name."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipeline.system.doctor import DISTRIBUTION
from tests.support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each of the project's own text files."""
    generated = {".git", ".venv", "out", "dist"}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in generated and not name.endswith("cache")
        ]
        folders[:] = [name for name in folders if name not in {"__pycache__", ".hypothesis"}]
        for name in names:
            path = Path(folder, name)
            content = path.read_bytes()
            if b"\0" not in content:
                yield str(path.relative_to(ROOT)), content.decode("utf-8", "replace")


# Each is written in two halves, so that this file can be searched as well.
REGISTRIES = re.compile(
    "|".join(
        first + second
        for first, second in [
            ("py", r"pi\.org"),
            ("python", "hosted"),
            ("--(extra-)?index", "-url"),
            ("--find", "-links"),
            ("--trusted", "-host"),
            ("deb", r"\.debian"),
            ("npm", r"js\.(org|com)"),
        ]
    ),
    re.IGNORECASE,
)


def test_no_file_names_a_registry():
    files = dict(texts())
    assert {"requirements.lock", "Makefile", ".ci/run", ".github/workflows/ci.yml"} <= files.keys()

    assert [name for name, text in files.items() if REGISTRIES.search(text)] == []


def test_the_search_for_registries_finds_one():
    assert REGISTRIES.search("\n--index" + "-url https://mirror.example/simple\n")


@pytest.fixture(scope="module")
def pins() -> dict[str, list[tuple[Requirement, list[str]]]]:
    """Each pinned package: its requirement (one per marker) and the hashes it may have."""
    lock = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    pins: dict[str, list[tuple[Requirement, list[str]]]] = {}
    for line in lock.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement, *hashes = line.split(" --hash=")
            pin = Requirement(requirement.strip())
            pins.setdefault(canonicalize_name(pin.name), []).append((pin, hashes))
    return pins


class TestLock:
    def test_pins_every_package_to_one_version_with_hashes(self, pins):
        for pin, hashes in (pin for entry in pins.values() for pin in entry):
            assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), pin
            assert hashes, pin
            assert all(re.fullmatch("sha256:[0-9a-f]{64}", value.strip()) for value in hashes), pin

    def test_covers_what_the_project_its_tests_and_its_build_ask_for(self, pins):
        project = PROJECT["project"]
        requested = [
            *project["dependencies"],
            *project["optional-dependencies"]["dev"],
            *PROJECT["build-system"]["requires"],
        ]
        for requirement in map(Requirement, requested):
            for pin, _ in pins[canonicalize_name(requirement.name)]:
                version = str(pin.specifier).removeprefix("==")
                assert requirement.specifier.contains(version), (requirement, version)

    def test_leaves_nothing_to_resolve(self, pins):
        """What is pinned asks for nothing else: it is installed without its dependencies."""
        waiting = [(Requirement(f"{DISTRIBUTION}[dev]"), "")]
        requested: dict[tuple[str, str], set[str]] = {}
        while waiting:
            requirement, by = waiting.pop()
            name = canonicalize_name(requirement.name)
            for extra in ("", *requirement.extras):
                if (name, extra) in requested:
                    continue
                requested[name, extra] = {by}
                further = [Requirement(text) for text in metadata.requires(name) or []]
                waiting += [
                    (r, name)
                    for r in further
                    if not r.marker or r.marker.evaluate({"extra": extra})
                ]

        assert len(requested) > len(PROJECT["project"]["dependencies"])
        assert {name for name, _ in requested} - pins.keys() == {DISTRIBUTION}

    def test_the_project_asks_in_the_form_that_doctor_reads(self):
        for requirement in PROJECT["project"]["dependencies"]:
            assert re.fullmatch(r"[\w.-]+(>=|==)[\d.]+(,<[\d.]+)?", requirement)


class TestPrepare:
    @pytest.fixture
    def prepare(self, tmp_path, monkeypatch) -> ModuleType:
        """The set-up script, for a small project and a machine that lacks nothing."""
        spec = importlib.util.spec_from_file_location("prepare", ROOT / ".ci" / "prepare.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name in ("requirements.lock", "pyproject.toml"):
            (tmp_path / name).touch()
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
        monkeypatch.setattr(module.doctor, "LIBRARIES", ())
        monkeypatch.setattr(module.doctor, "TEST_TOOLS", ())
        monkeypatch.setattr(module.EnsurePip, "locate", lambda self: "ensurepip")
        return module

    @pytest.fixture
    def commands(self, prepare, monkeypatch) -> list[list[str]]:
        """The commands that were run, all of which worked."""
        commands = []

        def run(command, *, quiet=False):
            commands.append(command)
            if "venv" in command:
                prepare.ENVIRONMENT.mkdir(exist_ok=True)
            return True

        monkeypatch.setattr(prepare, "run", run)
        return commands

    @pytest.fixture
    def missing(self, prepare, monkeypatch):
        """A library that is missing until it is installed."""

        class Thing:
            name = "Thing"
            packages = prepare.doctor.PackageNames("libthing0", "thing", "thing-brew")
            found: str | None = None

            def locate(self) -> str | None:
                return self.found

        thing = Thing()
        monkeypatch.setattr(prepare.doctor, "LIBRARIES", (thing,))
        return thing

    @staticmethod
    def machine(monkeypatch, prepare, *programs: str, user: int = 0, terminal: bool = False):
        monkeypatch.setattr(
            prepare.shutil, "which", lambda name: f"/bin/{name}" if name in programs else None
        )
        monkeypatch.setattr(prepare.os, "geteuid", lambda: user)
        monkeypatch.setattr(prepare.os, "isatty", lambda descriptor: terminal)

    def test_installs_only_pinned_wheels_then_the_project_without_fetching(
        self, prepare, commands, tmp_path
    ):
        prepare.main([])

        venv, pinned, project = commands
        assert venv[1:] == ["-m", "venv", "--clear", str(tmp_path / ".venv")]
        assert pinned[0] == project[0] == str(tmp_path / ".venv" / "bin" / "python")
        assert pinned[-6:] == [
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "-r",
            str(tmp_path / "requirements.lock"),
        ]
        assert project[-4:] == ["--no-deps", "--no-build-isolation", "-e", str(tmp_path)]

    def test_a_second_time_runs_nothing(self, prepare, commands, capsys):
        prepare.main([])
        commands.clear()
        capsys.readouterr()

        prepare.main(["--tests"])

        assert commands == []
        assert capsys.readouterr() == ("", "")

    @pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
    def test_a_changed_file_makes_the_environment_anew(self, prepare, commands, tmp_path, name):
        prepare.main([])
        commands.clear()
        (tmp_path / name).write_text("changed")

        prepare.main([])

        assert len(commands) == 3

    @pytest.mark.parametrize(
        ("fails", "message"),
        [
            ("venv", "could not be made"),
            ("--require-hashes", "is the network there?"),
            ("-e", "the project itself could not be installed"),
        ],
    )
    def test_a_failed_step_stops_with_a_reason_and_is_tried_again(
        self, prepare, commands, monkeypatch, fails, message
    ):
        monkeypatch.setattr(prepare, "run", lambda command, quiet=False: fails not in command)
        prepare.ENVIRONMENT.mkdir()

        with pytest.raises(SystemExit, match=re.escape(message)):
            prepare.main([])

        assert not (prepare.ENVIRONMENT / "prepared").exists()

    def test_root_installs_what_is_missing_through_apt(
        self, prepare, commands, missing, monkeypatch
    ):
        self.machine(monkeypatch, prepare, "apt-get")

        def run(command, *, quiet=False):
            commands.append(command)
            missing.found = "installed" if "install" in command else None
            return "update" not in command  # a failing update alone stops nothing

        monkeypatch.setattr(prepare, "run", run)
        prepare.provide([missing])

        update, install = commands
        assert (update[0], update[-1]) == ("apt-get", "update")
        assert install[0] == "apt-get"
        assert install[-2:] == ["install", "libthing0"]

    def test_nothing_missing_asks_for_no_rights_and_no_update(
        self, prepare, commands, missing, monkeypatch
    ):
        self.machine(monkeypatch, prepare, "apt-get")
        missing.found = "there"

        prepare.provide([missing])

        assert commands == []

    @pytest.mark.parametrize(
        ("terminal", "requested"), [(True, []), (False, [["sudo", "-n", "true"]])]
    )
    def test_another_user_installs_through_sudo(
        self, prepare, commands, monkeypatch, terminal, requested
    ):
        self.machine(monkeypatch, prepare, "apt-get", "sudo", user=1000, terminal=terminal)

        assert prepare.administrator("apt-get") == ["sudo", "apt-get"]
        assert commands == requested

    @pytest.mark.parametrize(
        ("programs", "user"), [(["apt-get", "sudo"], 1000), (["apt-get"], 1000), (["dnf"], 0)]
    )
    def test_without_the_right_every_command_is_printed_and_nothing_is_installed(
        self, prepare, missing, monkeypatch, programs, user
    ):
        self.machine(monkeypatch, prepare, *programs, user=user)
        monkeypatch.setattr(prepare, "run", lambda command, quiet=False: False)

        with pytest.raises(SystemExit) as stop:
            prepare.main([])

        assert str(stop.value).splitlines() == [
            "brief: this machine lacks Thing, which cannot be installed from here.",
            "Install what is missing with one of these, then run make again:",
            "    sudo apt-get update && sudo apt-get install libthing0",
            "    sudo dnf install thing",
            "    brew install thing-brew",
        ]

    def test_what_only_the_tests_need_is_asked_for_only_by_them(
        self, prepare, commands, missing, monkeypatch
    ):
        monkeypatch.setattr(prepare.doctor, "LIBRARIES", ())
        monkeypatch.setattr(prepare.doctor, "TEST_TOOLS", (missing,))
        self.machine(monkeypatch, prepare)

        prepare.main([])
        with pytest.raises(SystemExit, match="Thing"):
            prepare.main(["--tests"])

    def test_an_office_is_brought_where_it_can_be_had(
        self, prepare, commands, missing, capsys, monkeypatch
    ):
        monkeypatch.setattr(prepare.doctor, "USEFUL_TOOLS", (missing,))
        prepare.OFFICE, prepare.NPM = ROOT / ".ci" / "office", missing
        prepare.administrator = lambda name: None

        prepare.main(["--office"])
        assert commands == []
        assert "Thing is not there; the tests that need it are left out" in capsys.readouterr().out

        missing.found = "/bin/thing"
        prepare.main(["--office"])
        folder = prepare.ENVIRONMENT / "office"
        (command,) = commands
        assert command[:2] == ["npm", "install"]
        assert command[-2:] == ["--prefix", str(folder)]
        assert "--ignore-scripts" in command
        assert (folder / "package-lock.json").exists()

        prepare.run = lambda command: False
        prepare.main(["--office"])
        assert "could not be had" in capsys.readouterr().out

    def test_pythons_venv_support_may_be_missing(self, prepare, commands, monkeypatch):
        monkeypatch.setattr(prepare.EnsurePip, "locate", lambda self: None)
        self.machine(monkeypatch, prepare)
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"

        with pytest.raises(SystemExit, match=re.escape(package)):
            prepare.main([])

    def test_run_tells_whether_a_command_did_its_work(self, prepare, capfd):
        speak = "import sys; print('words'); sys.exit({})"

        assert prepare.run([sys.executable, "-c", speak.format(0)])
        assert capfd.readouterr().out == "words\n"
        assert not prepare.run([sys.executable, "-c", speak.format(1)], quiet=True)
        assert capfd.readouterr().out == ""

    @pytest.mark.slow
    def test_nothing_is_set_up_again_in_an_activated_shell_nor_after_it(
        self, prepare, commands, tmp_path, monkeypatch
    ):
        def run(command, *, quiet=False):
            if "venv" in command:
                venv.create(command[-1], with_pip=False, symlinks=True)
                brief = prepare.ENVIRONMENT / "bin" / "brief"
                brief.write_text("#!/bin/sh\necho built\n")
                brief.chmod(0o755)
            return True

        monkeypatch.setattr(prepare, "run", run)
        prepare.main([])
        by_hand = prepare.ENVIRONMENT / "lib" / "by_hand.py"
        by_hand.touch()
        (tmp_path / ".ci").mkdir()
        for name in ("Makefile", ".ci/prepare.py"):
            shutil.copy(ROOT / name, tmp_path / name)
        (tmp_path / "pipeline").symlink_to(ROOT / "pipeline")
        shell = os.pathsep.join(
            folder for folder in os.environ["PATH"].split(os.pathsep) if ".venv" not in folder
        )
        activated = f"{prepare.ENVIRONMENT / 'bin'}{os.pathsep}{shell}"

        for path, python in [
            (activated, ()),
            (shell, ()),
            (activated, ("PYTHON=python3",)),
            (shell, (f"PYTHON={Path(sys.executable).resolve()}",)),
        ]:
            made = subprocess.run(
                ["make", "-s", "brief", *python],
                cwd=tmp_path,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )

            assert (made.stdout, made.stderr, made.returncode) == ("built\n", "", 0)
        assert by_hand.exists()
