"""A project with pictures, and an editor who changes, moves and describes them."""

from __future__ import annotations

import copy
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.support.editor import Editor, R, w
from tests.support.read_outputs import W
from tests.support.review_project import ARTICLE, ARTICLE_FILE, SUMMARY, TEXTS, write_project

MAP = '![a map of words](images/map.png "Where words live")'
CHART = "![a chart](images/chart.png)"
PICTURED = ARTICLE.replace(
    "An introduction to the table.", f"An introduction to the table.\n\n{MAP}"
).replace("- Bread is old.", f"{CHART}\n\n- Bread is old.")
EMBED = f"{R}embed"


def write_pictured(project: Path, article: str = PICTURED) -> Path:
    write_project(project, {**TEXTS, ARTICLE_FILE: article, "content/talk/summary.yaml": SUMMARY})
    images = project / "content/talk/images"
    images.mkdir(exist_ok=True)
    for name, seed in (("map.png", 1), ("chart.png", 2)):
        (images / name).write_bytes(make_image(seed))
    return project


def make_image(seed: int, size: tuple[int, int] = (96, 64), kind: str = "PNG") -> bytes:
    """Return a picture with soft colours, another for each seed."""
    picture = Image.new("RGB", (96, 64))
    picture.putdata(
        [
            ((x * 2 + seed * 40) % 256, y * 3, (x + y * seed) % 256)
            for y in range(64)
            for x in range(96)
        ]
    )
    buffer = BytesIO()
    picture.resize(size, Image.Resampling.BICUBIC).save(buffer, kind)
    return buffer.getvalue()


def find_drawing(editor: Editor, number: int = 0):
    """Return the run of a picture, of those that no tracked change brought."""
    runs = [drawing.getparent() for drawing in editor.root.iter(f"{W}drawing")]
    return [run for run in runs if next(run.iterancestors(f"{W}ins"), None) is None][number]


def replace_image(editor: Editor, data: bytes, number: int = 0) -> None:
    """Put another image into a picture, as Word's Change Picture does."""
    name = f"media/other{len(editor.parts)}.png"
    editor.parts[f"word/{name}"] = data
    id = editor.relate("document", "image", name)
    for blip in find_drawing(editor, number).iter("{*}blip"):
        blip.set(EMBED, id)


def describe_picture(editor: Editor, alt: str, number: int = 0) -> None:
    for element in find_drawing(editor, number).iter("{*}docPr"):
        element.set("descr", alt)


def move_picture(editor: Editor, behind: str, number: int = 0) -> None:
    """Move a picture's paragraph behind another, its caption left where it is."""
    run = find_drawing(editor, number)
    paragraph = run.getparent()
    target = editor.paragraph(behind)
    if not editor.author:
        target.addnext(paragraph)
        return
    new = copy.deepcopy(paragraph)
    for mark in list(new.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)
    for tag, moved in (("moveTo", new), ("moveFrom", paragraph)):
        for own in list(moved.iter(f"{W}r")):
            wrapper = editor.change(tag)
            own.addprevious(wrapper)
            wrapper.append(own)
        editor.mark(moved, tag)
    target.addnext(new)


def write_below_picture(editor: Editor, words: str, number: int = 0) -> None:
    """Type a new paragraph of an answer below a picture."""
    like = "The second paragraph"
    editor.paragraph_after(like, words)
    find_drawing(editor, number).getparent().addnext(editor.paragraph(like).getnext())


def drop_picture(editor: Editor, number: int = 0) -> None:
    run = find_drawing(editor, number)
    if not editor.author:
        run.getparent().getparent().remove(run.getparent())
        return
    wrapper = editor.change("del")
    run.addprevious(wrapper)
    wrapper.append(run)


def add_picture(editor: Editor, behind: str) -> None:
    """Put a copy of a picture behind a paragraph, with no anchor of its own."""
    twin = copy.deepcopy(find_drawing(editor))
    run = editor.change("ins", twin) if editor.author else twin
    editor.paragraph(behind).addnext(w("p", w("pPr", w("pStyle", val="BodyText")), run))
