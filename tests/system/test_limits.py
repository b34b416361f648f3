"""A limit that a Project is given holds wherever it is enforced."""

import dataclasses
from pathlib import Path

import pytest

from pipeline.api import Project
from pipeline.diagnostics import Problems
from pipeline.request import Request
from pipeline.review.redline.block_writer import Signature
from pipeline.system.limits import (
    DEFAULT_LIMITS,
    ArchiveLimits,
    CheckLimits,
    Limits,
    PackageLimits,
    SourceLimits,
    TemplateLimits,
    TypesetLimits,
)
from tests.support import house_file
from tests.support.workbench import DRAFT, write_project, write_template

FEW_PARTS = Limits(packages=PackageLimits(parts=1))
SHORT_TEXTS = Limits(sources=SourceLimits(text_bytes=40))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_project(tmp_path / "project")
    write_template(folder, "draft", DRAFT)
    house_file.write_house_file(folder / "house.dotx")
    return folder


def find_codes(project: Project, **options) -> set[str]:
    """Build, and give the codes of what was found."""
    try:
        found = project.build(templates=("draft",), **options).diagnostics
    except Problems as problems:
        found = problems.diagnostics
    return {d.code for d in found}


@pytest.mark.parametrize(
    ("limits", "options", "code"),
    [
        (SHORT_TEXTS, {}, "too-large"),
        (Limits(templates=TemplateLimits(characters=40)), {}, "template-too-large"),
        (Limits(templates=TemplateLimits(nodes=3)), {}, "too-large"),
        (Limits(templates=TemplateLimits(depth=1)), {}, "too-deep"),
        (Limits(typesetting=TypesetLimits(seconds=1e-4)), {"formats": ("pdf",)}, "too-slow"),
        (
            Limits(typesetting=TypesetLimits(seconds=1e-4)),
            {"formats": ("pdf", "docx"), "jobs": 2},
            "too-slow",
        ),
        (Limits(typesetting=TypesetLimits(layouts=0)), {"formats": ("pdf",)}, "page-numbers"),
        (
            Limits(archives=ArchiveLimits(files=1)),
            {"formats": ("pdf",), "profile": "archive"},
            "too-large",
        ),
        (FEW_PARTS, {"formats": ("docx",), "reference_docx": Path("house.dotx")}, "too-large"),
    ],
)
def test_of_a_project_reaches_the_place_in_a_build(folder, monkeypatch, limits, options, code):
    monkeypatch.chdir(folder)
    options = {"formats": ("tree",), **options}

    assert code in find_codes(Project(folder, limits), **options)
    assert code in find_codes(Project(folder), limits=limits, **options)


def test_reaches_what_is_checked(folder):
    assert not Project(folder).build(templates=("draft",), formats=("pdf", "docx")).failed
    pdf, docx = "out/words/words-draft.pdf", "out/words/words-draft.docx"

    def check(limits: Limits, *names: str) -> set[str]:
        return {d.code for d in Project(folder, limits).check(names).diagnostics}

    assert check(SHORT_TEXTS, "words") == {"too-large"}
    assert check(Limits(checks=CheckLimits(file_bytes=10)), pdf) == {"boundless-file"}
    assert check(FEW_PARTS, docx) == {"boundless-file"}
    assert "too-slow" in check(Limits(checks=CheckLimits(seconds=0.0)), "words")


def test_reaches_what_comes_back(folder):
    docx = folder / "out/words/words-draft.docx"
    Project(folder).build(templates=("draft",), formats=("docx",))
    project = Project(folder, FEW_PARTS)

    with pytest.raises(Problems, match="has over 1 parts"):
        project.pull([docx])
    with pytest.raises(Problems, match="has over 1 parts"):
        project.redline(str(docx), str(docx), folder / "x.docx", Signature("Ed", "2024-01-01"))
    with pytest.raises(Problems, match="the file is over"):
        Project(folder, SHORT_TEXTS).pull([docx])


def test_shapes_no_file(folder):
    request = Request(project=folder, out=folder / "out")
    other = dataclasses.replace(request, limits=SHORT_TEXTS)

    assert request.limits is DEFAULT_LIMITS
    assert other.list_options("docx") == request.list_options("docx")
