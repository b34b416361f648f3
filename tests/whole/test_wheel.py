"""What is installed from the wheel builds briefs in any folder, with templates of its own."""

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.workbench import write_project, write_template

pytestmark = pytest.mark.slow


def build(target: str, source: Path, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
    )


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def sdist(tmp_path_factory) -> Path:
    """The unpacked source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    build("sdist", ROOT, folder)
    (archive,) = folder.glob("briefpack-*.tar.gz")
    with tarfile.open(archive) as tar:
        # Debian's 3.11.2 has no `filter` argument, and 3.12 warns where none is chosen.
        tar.extraction_filter = lambda member, path: member
        tar.extractall(folder)
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def archive(sdist, tmp_path_factory) -> Path:
    """The wheel's file, built from the source distribution."""
    folder = tmp_path_factory.mktemp("wheel")
    build("wheel", sdist, folder)
    (archive,) = folder.glob("briefpack-*-py3-none-any.whl")
    return archive


@pytest.fixture
def wheel(archive) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(archive) as file:
        yield file


@pytest.fixture(scope="module")
def installed(archive, tmp_path_factory) -> Path:
    """A folder that the wheel was installed into; its dependencies are the environment's."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--no-index", "--no-deps", "--target", str(folder), str(archive)], check=True
    )
    return folder


@pytest.fixture
def run(installed, tmp_path) -> Callable[..., str]:
    """Runs the installed command in a project far from ours; returns what it printed."""
    write_project(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import pipeline; print(pipeline.__file__, end='')"]
    found = subprocess.run(
        where, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    assert Path(found.stdout).is_relative_to(installed), "the checkout's own was taken"

    def run(*arguments: str) -> str:
        return subprocess.run(
            [str(installed / "bin" / "brief"), *arguments],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    return run


class TestDistribution:
    def test_the_source_is_complete(self, sdist):
        for top in ("pipeline", "templates", "content", "tests"):
            assert files(ROOT / top) == files(sdist / top)
        assert {"Makefile", "LICENSE", "requirements.lock", ".ci/run"} <= files(sdist)

    def test_the_wheel_holds_the_package_and_the_templates_and_nothing_else(self, wheel):
        package = {f"pipeline/{name}" for name in files(ROOT / "pipeline")}
        templates = {f"pipeline/_templates/{name}" for name in files(ROOT / "templates")}
        assert "pipeline/schema/article.schema.json" in package
        assert "pipeline/render/docx/base/[Content_Types].xml" in package
        assert "pipeline/_templates/briefing-pack/document.html.j2" in templates

        listed = {name for name in wheel.namelist() if ".dist-info/" not in name}

        assert listed == package | templates

    def test_the_wheel_brings_the_command_and_the_licence(self, wheel):
        information = {
            name.split("/", 1)[1]: wheel.read(name).decode()
            for name in wheel.namelist()
            if ".dist-info/" in name
        }

        assert "brief = pipeline.cli:main" in information["entry_points.txt"]
        assert "MIT License" in information["licenses/LICENSE"]
        assert "zlib" in information["licenses/pipeline/render/finish/icc/README.md"]
        assert "\nLicense-Expression: MIT AND Zlib\n" in information["METADATA"]


class TestInstalled:
    def test_it_builds_every_shipped_template_as_pdf_and_docx(self, run, tmp_path):
        table = run("build")

        names = {path.name for path in (tmp_path / "out/words").glob("*.pdf")}
        names |= {path.name for path in (tmp_path / "out/words").glob("*.docx")}
        templates = [path.parent.name for path in ROOT.glob("templates/*/template.yaml")]
        assert len(templates) == 4
        assert names == {f"words-{name}.{kind}" for name in templates for kind in ("pdf", "docx")}
        assert "8 files in" in table

    def test_a_template_of_ones_own_builds_on_a_shipped_one(self, run, tmp_path):
        heir = write_template(tmp_path, "seminar", spec="extends: per-question\n")
        (heir / "theme.yaml").write_text("styles:\n  body: {size: 12, leading: 16}\n", "utf-8")
        write_template(
            tmp_path,
            "per-expert",
            '{% extends "shipped/per-expert/document.html.j2" %}',
            "extends: shipped/per-expert\n",
        )

        run("build", "-t", "seminar", "-t", "per-question", "-t", "per-expert", "-f", "html")

        html = {
            name: (tmp_path / f"out/words/words-{name}.html").read_text("utf-8")
            for name in ("seminar", "per-question", "per-expert")
        }
        assert "--body-size: 12pt" in html["seminar"]
        assert "--body-size: 12pt" not in html["per-question"]
        words = [name.partition("<body")[2] for name in (html["seminar"], html["per-question"])]
        assert words[0] == words[1]
        assert "First words of Ada." in html["per-expert"]
        assert "  seminar " in run("list")
