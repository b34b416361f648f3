"""The house's logo stands on the cover or the first page of every brief, once."""

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.support import house_file
from tests.support.command import brief
from tests.support.docx_file import WordFile
from tests.support.pdf_file import find_elements
from tests.support.workbench import write_project

ALT = "The House: a red disc"
TEMPLATES = ("briefing-pack", "per-expert", "per-question", "policymaker-summary")
WIDEST, TALLEST = 45.1, 14.0
"""In mm."""


def write_logo(project: Path, width: int, height: int) -> Path:
    """Give a project's house a logo of so many pixels."""
    picture = io.BytesIO()
    Image.new("RGB", (width, height), "#b41e1e").save(picture, "PNG")
    (project / "content" / "logo.png").write_bytes(picture.getvalue())
    house = project / "content" / "house.yaml"
    house.write_text(f'{house.read_text("utf-8")}logo: {{file: logo.png, alt: "{ALT}"}}\n', "utf-8")
    return project


def list_pictures(docx: Path) -> list[tuple[str, float, float]]:
    """Return the alternative text, width and height, in mm, of each picture in the text."""
    found = WordFile(docx.read_bytes()).body.iter("{*}inline")
    return [
        (
            each.find("{*}docPr").get("descr"),
            int(each.find("{*}extent").get("cx")) / 36000,
            int(each.find("{*}extent").get("cy")) / 36000,
        )
        for each in found
    ]


def measure_figure(figure, file) -> tuple[float, float]:
    """Return the width and height of a figure that stands on the first page, in mm."""
    assert figure.Pg.objgen == file.pages[0].objgen
    left, top, right, bottom = map(float, figure.A.BBox)
    return abs(right - left) * 25.4 / 96, abs(bottom - top) * 25.4 / 96


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["a4", "letter", "a5"])
@pytest.mark.parametrize("size", [(1800, 300), (300, 900)])
def test_it_stands_on_the_first_page_in_its_proportions(tmp_path, paper, size):
    project = write_logo(write_project(tmp_path), *size)
    built = brief(project, "build", "-f", "pdf", "-f", "docx", "--paper", paper)
    assert built.exit_code == 0, built.output
    for template in TEMPLATES:
        stem = f"words-{template}" if paper == "a4" else f"words-{template}.{paper}"
        folder = project / "out" / "words"
        with pikepdf.open(folder / f"{stem}.pdf") as file:
            (figure,) = find_elements(file, "/Figure")
            shown = [(str(figure.Alt), *measure_figure(figure, file))]
        pictures = list_pictures(folder / f"{stem}.docx")
        for alt, width, height in [*shown, *pictures]:
            assert alt == ALT
            assert width <= WIDEST
            assert height <= TALLEST
            assert width / height == pytest.approx(size[0] / size[1], rel=0.02)
        assert len(pictures) == 1


@pytest.mark.slow
def test_a_marking_and_the_chatham_house_rule_leave_it_there(tmp_path):
    project = write_logo(write_project(tmp_path), 900, 300)
    options = ("--chatham-house", "--marking", "TLP:AMBER")
    built = brief(project, "build", "-f", "pdf", "-f", "html", *options)
    assert built.exit_code == 0, built.output
    for page in (project / "out" / "words").glob("*.html"):
        assert page.read_text("utf-8").count(f'alt="{ALT}"') == 1


@pytest.mark.parametrize(
    ("parts", "shown"), [({}, 0), ({"header": "<w:p/>", "header_links": ()}, 1)]
)
def test_a_letterhead_with_a_picture_stands_for_it(tmp_path, parts, shown):
    project = write_logo(write_project(tmp_path), 900, 300)
    house_file.write_house_file(project / "house.dotx", house_file.make_parts(**parts))
    options = ("-t", "per-question", "--reference-docx", "house.dotx")
    built = brief(project, "build", "-f", "docx", *options)
    assert built.exit_code == 0, built.output
    (docx,) = (project / "out" / "words").glob("*.docx")
    assert len(list_pictures(docx)) == shown
