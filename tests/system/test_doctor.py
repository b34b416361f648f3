"""`doctor` tells the truth about a machine, and how to mend it."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipeline.system import doctor
from pipeline.system.doctor import Library, PackageNames, RequirementStatus, Tool
from tests.support.paths import ROOT

PACKAGES = PackageNames(apt="libthing0", dnf="thing", brew="thing-brew")


def find(name: str) -> RequirementStatus:
    (finding,) = [finding for finding in doctor.examine_machine() if finding.name == name]
    return finding


def install(
    site: Path, name: str, version: str = "1.0", *, metadata: str = "", files: tuple[str, ...] = ()
) -> None:
    """Lay an installed distribution into a folder, as pip would record it."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{metadata}"
    )
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose distributions are found before those of the environment."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH; empty."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def provide(folder: Path, program: str) -> Path:
    path = folder / program
    path.touch(mode=0o755)
    return path


def test_the_environment_of_the_tests_has_everything_that_is_required():
    assert [f for f in doctor.examine_machine() if f.need == "required" and not f.ok] == []


def test_everything_the_project_asks_for_is_examined_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    dependencies = [re.split("[<>=]", entry)[0] for entry in project["dependencies"]]
    fonts = [f"font files of {name}" for name in dependencies if name.startswith("fontpkg-")]
    parts: list[doctor.Library | doctor.Tool] = [
        *doctor.LIBRARIES,
        *doctor.TEST_TOOLS,
        *doctor.USEFUL_TOOLS,
    ]

    names = [finding.name for finding in doctor.examine_machine()]

    assert len(fonts) == 2
    assert sorted(names) == sorted(["Python", *dependencies, *fonts, *(p.name for p in parts)])


def test_the_libraries_are_those_that_weasyprint_loads():
    spec = importlib.util.find_spec("weasyprint")
    assert spec
    assert spec.origin
    source = (Path(spec.origin).parent / "text" / "ffi.py").read_text()
    loaded = set(re.findall(r"'(lib[\w.-]+\.so\.\d+|lib[\w.-]+\.dylib)'", source))
    drawing_only = {name for name in loaded if "harfbuzz-vector" in name}  # used if there

    listed = {name for library in doctor.LIBRARIES for name in library.filenames}

    assert listed == loaded - drawing_only


def test_it_runs_by_itself_under_a_python_that_has_nothing_installed():
    bare = [sys.executable, "-I", "-S", str(ROOT / "pipeline" / "system" / "doctor.py")]

    result = subprocess.run(bare, capture_output=True, text=True, check=False)

    assert result.stderr == ""
    assert result.returncode == 1
    assert "MISSING  briefpack: not installed" in result.stdout
    assert "`make setup`" in result.stdout
    assert re.search(r"^ok       Pango: \d+\.\d+\.\d+ \(libpango", result.stdout, re.MULTILINE)


def test_a_library_that_loads_is_found_under_the_first_name_that_works():
    present = doctor.LIBRARIES[0].filenames[0 if sys.platform == "linux" else 1]

    assert Library("x", ("libnone.so.9", present), PACKAGES).locate() == present
    assert Library("x", ("libnone.so.9",), PACKAGES).locate() is None


@pytest.mark.parametrize(
    ("manager", "remedy"),
    [
        ("apt-get", "sudo apt-get update && sudo apt-get install libthing0"),
        ("dnf", "sudo dnf install thing"),
        ("brew", "brew install thing-brew"),
    ],
)
def test_a_missing_library_comes_with_this_machines_command(monkeypatch, programs, manager, remedy):
    monkeypatch.setattr(doctor, "LIBRARIES", (Library("Thing", ("libnone.so.9",), PACKAGES),))
    monkeypatch.setattr(sys, "platform", "linux")
    provide(programs, manager)

    assert find("Thing") == RequirementStatus("Thing", False, "not found", "required", remedy)


def test_where_no_package_manager_is_known_every_command_is_given(monkeypatch, programs):
    monkeypatch.setattr(doctor, "LIBRARIES", (Library("Thing", ("libnone.so.9",), PACKAGES),))

    remedy = find("Thing").remedy

    assert all(command in remedy for command in doctor.list_install_commands([PACKAGES]).values())


def test_on_macos_the_remedy_also_covers_a_library_that_the_loader_does_not_see(
    monkeypatch, programs
):
    monkeypatch.setattr(doctor, "LIBRARIES", (Library("Thing", ("libnone.so.9",), PACKAGES),))
    monkeypatch.setattr(sys, "platform", "darwin")

    assert "DYLD_FALLBACK_LIBRARY_PATH" in find("Thing").remedy


def test_a_package_that_holds_two_libraries_is_named_once():
    commands = doctor.list_install_commands(
        [PACKAGES, PackageNames("other", "thing", "thing-brew")]
    )

    assert commands == {
        "apt-get": "sudo apt-get update && sudo apt-get install libthing0 other",
        "dnf": "sudo dnf install thing",
        "brew": "brew install thing-brew",
    }


def test_a_tool_is_optional_and_found_by_its_path(monkeypatch, programs):
    monkeypatch.setattr(doctor, "TEST_TOOLS", (Tool("mangle", "mangles", PACKAGES),))

    missing = find("mangle (mangles)")
    path = provide(programs, "mangle")
    present = find("mangle (mangles)")

    assert (missing.ok, missing.found, missing.need) == (False, "not found", "optional")
    assert present == RequirementStatus("mangle (mangles)", True, str(path), "optional")


def test_an_old_python_is_reported(monkeypatch):
    monkeypatch.setattr(doctor, "MINIMUM_PYTHON", (4, 2))

    finding = find("Python")

    assert not finding.ok
    assert finding.remedy == "install Python 4.2 or newer"


def test_the_minimum_python_is_the_projects():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["requires-python"] == ">=" + ".".join(map(str, doctor.MINIMUM_PYTHON))


@pytest.mark.parametrize(
    ("version", "requirement", "ok"),
    [
        ("1.2", "thing>=1.2,<2", True),
        ("1.2", "thing <2, >=1.2.0", True),
        ("1.10", "thing>=1.9", True),
        ("1.9", "thing>=1.10", False),
        ("2.0", "thing>=1.2,<2", False),
        ("2.005", "thing==2.5", True),
        ("2.5.1", "thing==2.5", False),
        ("3", "thing", True),
    ],
)
def test_an_installed_version_is_held_against_what_is_needed(site, version, requirement, ok):
    install(site, "briefpack", metadata=f"Requires-Dist: {requirement}\n")
    install(site, "thing", version)

    assert find("thing").ok is ok


def test_a_package_of_the_wrong_version_is_named_with_the_command_that_mends_it(site):
    install(site, "briefpack", metadata="Requires-Dist: thing>=2,<3\n")
    install(site, "thing", "1.5")

    finding = find("thing")

    assert (finding.need, finding.found) == ("required", "1.5, but >=2,<3 is needed")
    assert finding.remedy == f"{sys.executable} -m pip install 'thing>=2,<3'"


def test_a_package_that_is_not_installed_is_reported_and_an_extras_is_not_asked_for(site):
    install(
        site,
        "briefpack",
        metadata="Requires-Dist: no-thing>=2\nRequires-Dist: spare; extra == 'dev'\n",
    )

    assert find("no-thing").found == "not installed"
    assert "spare" not in {finding.name for finding in doctor.examine_machine()}


def test_the_project_itself_may_be_the_one_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(doctor, "DISTRIBUTION", "no-such-distribution")

    finding = find("no-such-distribution")

    assert (finding.ok, finding.need) == (False, "required")
    assert "make setup" in finding.remedy


@pytest.mark.parametrize(
    ("licence", "files", "found"),
    [
        ("OFL-1.1", ("A.ttf", "B.otf", "LICENSE"), "2 files, OFL-1.1"),
        ("OFL-1.1", ("A.ttf", "gone.ttf"), "missing: gone.ttf"),
        ("OFL-1.1", ("LICENSE",), "missing: all"),
        ("Proprietary", ("A.ttf",), "Proprietary, but OFL-1.1 is needed"),
        ("", ("A.ttf",), "no licence, but OFL-1.1 is needed"),
    ],
)
def test_a_font_package_must_hold_its_files_under_the_open_font_licence(
    site, licence, files, found
):
    for present in ("A.ttf", "B.otf", "LICENSE"):
        (site / present).touch()
    install(site, "briefpack", metadata="Requires-Dist: fontpkg-thing\n")
    expression = f"License-Expression: {licence}\n" if licence else ""
    install(site, "fontpkg-thing", metadata=expression, files=files)

    finding = find("font files of fontpkg-thing")

    assert finding.found == found
    assert finding.ok is (found == "2 files, OFL-1.1")
    assert finding.ok or "--force-reinstall fontpkg-thing" in finding.remedy


def test_the_fonts_of_a_package_that_is_not_installed_are_missing(site):
    install(site, "briefpack", metadata="Requires-Dist: fontpkg-none\n")

    assert find("font files of fontpkg-none").found == "not installed"


def test_the_report_puts_each_remedy_under_what_it_mends():
    findings = (
        RequirementStatus("Pango", True, "1.50", "required"),
        RequirementStatus("HarfBuzz", False, "not found", "required", "get it"),
        RequirementStatus("soffice", False, "not found", "optional", "have it"),
    )

    assert doctor.format_requirements(findings).splitlines() == [
        "ok       Pango: 1.50",
        "MISSING  HarfBuzz: not found",
        "           to get it: get it",
        "-        soffice: not found",
        "           to get it: have it",
    ]
