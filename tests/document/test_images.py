"""Images are shown only if they are whole, really images, and inside the article's folder."""

import errno
import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image as Picture

from pipeline.diagnostics import Location, Problems
from pipeline.document import images
from pipeline.document.tree import Address, Figure, Paragraph, Text
from pipeline.system.limits import DEFAULT_LIMITS, SourceLimits

AT = Location("content/mini/article.md", 22, 1)


def picture(kind="PNG", size=(4, 3), mode="RGB", **options):
    data = io.BytesIO()
    Picture.effect_noise(size, 60).convert(mode).save(data, kind, **options)
    return data.getvalue()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mini"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "map.png").write_bytes(picture())
    (tmp_path / "secret.png").write_bytes(picture())
    return folder


def catch_refusal(folder, reference, limits=DEFAULT_LIMITS.sources):
    with pytest.raises(Problems) as caught:
        images.read_image(folder, reference, AT, limits)
    (found,) = caught.value.diagnostics
    assert found.at == AT
    return found


@pytest.mark.parametrize(("kind", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_an_image_is_read_once_with_what_formats_need(folder, kind, media):
    data = picture(kind, (7, 5))
    (folder / "images" / "any.name").write_bytes(data)
    image = images.read_image(folder, "images/any.name", AT)
    assert (image.data, image.media_type) == (data, media)
    assert (image.width, image.height) == (7, 5)
    assert image.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "reference",
    ["../secret.png", "images/../../secret.png", "/etc/passwd", "https://x.example/a.png",
     "file:///etc/passwd", "data:image/png;base64,AAAA"],
)  # fmt: skip
def test_an_image_outside_the_folder_is_refused(folder, reference):
    found = catch_refusal(folder, reference)
    assert found.code == "image-outside"
    assert reference in found.message
    assert "copy it into the folder" in found.hint


def test_a_link_out_of_the_folder_is_refused(folder):
    (folder / "images" / "link.png").symlink_to(folder.parent / "secret.png")
    assert catch_refusal(folder, "images/link.png").code == "image-outside"


def test_a_link_within_the_folder_is_followed(folder):
    (folder / "link.png").symlink_to("images/map.png")
    assert images.read_image(folder, "link.png", AT).width == 4


def test_a_missing_image_says_where_it_was_looked_for(folder):
    found = catch_refusal(folder, "images/mpa.png")
    assert found.code == "image-missing"
    assert found.hint == "looked for mpa.png in images/"
    assert catch_refusal(folder, "images").code == "image-missing"


def test_what_is_no_file_name_is_a_missing_image(folder):
    (folder / "loop.png").symlink_to("loop.png")
    for reference in ("b" * 300 + ".png", "a\0b.png", "loop.png"):
        assert catch_refusal(folder, reference).code == "image-missing"


def test_an_image_that_may_not_be_read_says_so(folder, monkeypatch):
    def denied(path):  # no file is closed to root, so the reading itself is
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", denied)
    found = catch_refusal(folder, "images/map.png")
    assert found.code == "image-missing"
    assert found.message == "the image `images/map.png` cannot be read: Permission denied"


@pytest.mark.parametrize(
    "data",
    [b"", b"not an image", picture()[:40], picture("PNG", (60, 60))[:-200],
     picture("JPEG", (60, 60))[:300], picture("GIF"), b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ids=["empty", "text", "header", "truncated-png", "truncated-jpeg", "gif", "svg"],
)  # fmt: skip
def test_what_is_not_a_whole_image_is_refused(folder, data):
    (folder / "images" / "map.png").write_bytes(data)
    found = catch_refusal(folder, "images/map.png")
    assert found.code == "not-an-image"
    assert found.hint == "PNG and JPEG can be shown in every format"


def test_too_many_bytes_or_pixels_are_refused(folder, monkeypatch):
    few, enough = SourceLimits(image_pixels=11), SourceLimits(image_pixels=12)
    assert catch_refusal(folder, "images/map.png", few).code == "image-too-large"
    assert images.read_image(folder, "images/map.png", AT, enough).data
    small = SourceLimits(image_bytes=10)
    assert catch_refusal(folder, "images/map.png", small).code == "image-too-large"
    monkeypatch.setattr(Picture, "MAX_IMAGE_PIXELS", 2)  # Pillow's own limits come first
    assert catch_refusal(folder, "images/map.png").code == "image-too-large"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photo_that_lies_on_its_side_is_turned_upright(folder, kind):
    turned = Picture.Exif()
    turned[0x0112] = 6  # to be turned by a quarter, clockwise
    shot = Picture.new("RGB", (40, 20), "white")
    shot.paste("black", (0, 0, 20, 20))
    data = io.BytesIO()
    shot.save(data, kind, exif=turned, dpi=(300, 300))
    (folder / "images" / "map.png").write_bytes(data.getvalue())
    image = images.read_image(folder, "images/map.png", AT)
    assert (image.width, image.height) == (20, 40)
    assert image.sha256 == hashlib.sha256(data.getvalue()).hexdigest()
    with Picture.open(io.BytesIO(image.data)) as seen:
        assert (seen.format, seen.size) == (kind, (20, 40))
        assert seen.getexif().get(0x0112, 1) == 1
        assert round(seen.info["dpi"][0]) == 300
        above, below = (seen.crop((10, y, 11, y + 1)).convert("RGB").tobytes() for y in (5, 35))
        assert (sum(above) > 700, sum(below) > 700) == (False, True)


# --- in an article --------------------------------------------------------------------


def test_greys_of_16_bits_are_written_in_8(folder):
    deep = Picture.new("I;16", (2, 1))
    deep.putpixel((1, 0), 65535)
    data = io.BytesIO()
    deep.save(data, "PNG")

    image = images.decode_image(data.getvalue(), "x.png", AT)

    shown = Picture.open(io.BytesIO(image.data))
    assert (shown.mode, shown.getpixel((0, 0)), shown.getpixel((1, 0))) == ("L", 0, 255)


def test_an_image_in_an_answer_becomes_a_figure_with_caption_and_input(project, write):
    (project / "content" / "mini" / "a map é.png").write_bytes(picture())
    content = write(
        "article.md", "It depends.\n", '![A *map*\nof \\[cables\\]](<a map é.png> "A title")\n'
    )
    (figure,) = content.article.questions[0].answers[1].blocks
    assert figure == Figure(
        "mini/a map é.png", "A map of [cables]", (Text("A title", Address("article.md#q1.bob.1")),)
    )
    assert content.images["mini/a map é.png"].width == 4
    assert content.inputs["content/mini/a map é.png"] == content.images["mini/a map é.png"].sha256


@pytest.mark.parametrize(
    ("markdown", "code", "message"),
    [
        ("![](map.png)", "image-alt", "no alternative text"),
        ("![ ](map.png)", "image-alt", "no alternative text"),
        ("![a map](map.png)", "image-missing", "there is no image `map.png`"),
        ("![a map](../../house.yaml)", "image-outside", "not inside `mini/`"),
        ("![a map](article.md)", "not-an-image", "`article.md` is not an image"),
        ("![a map](https://x.example/map.png)", "image-outside", "https://x.example/map.png"),
        ("![a map](a%00b.png)", "image-missing", "cannot be read"),
        ("See ![a map](map.png) here.", "unsupported-markdown", "an image cannot stand here"),
        ("![a `map`](map.png)", "unsupported-markdown", "code cannot stand here"),
        ("![a map[^1]](map.png)\n\n[^1]: Lost.", "unsupported-markdown", "a footnote cannot"),
        ("![a&#x202e;](map.png)", "bad-character", "U+202E"),
        ('![a](map.png "t&#xe000;")', "bad-character", "U+E000"),
    ],
)
def test_a_bad_image_in_an_answer_is_told_at_its_line(diagnose, markdown, code, message):
    found = diagnose("article.md", "It depends.", markdown)[0]
    assert (found.code, str(found.at)) == (code, "content/mini/article.md:20:1")
    assert message in found.message


def test_an_image_in_front_matter_is_refused(diagnose):
    (found,) = diagnose("article.md", "experts:", 'about: "![a](map.png)"\nexperts:')
    assert (found.code, found.at.line, found.at.column) == ("unsupported-markdown", 5, 8)


def test_the_house_logo_is_read_from_the_content_folder(project, write, diagnose):
    logo = "name: A House\nlogo: {file: logo.png, alt: A house}\n"
    (found,) = diagnose("house.yaml", logo)
    assert (found.code, str(found.at)) == ("image-missing", "content/house.yaml:2:14")
    (project / "content" / "logo.png").write_bytes(picture())
    content = write("house.yaml", logo)
    assert content.images["logo.png"].height == 3
    assert "content/logo.png" in content.inputs


def test_a_paragraph_of_words_stays_one(write):
    content = write("article.md", "It depends.", "It \\!\\[depends\\](x).")
    assert content.article.questions[0].answers[1].blocks == (
        Paragraph((Text("It ![depends](x).", Address("article.md#q1.bob.1")),)),
    )


def test_the_house_and_an_article_may_have_images_of_the_same_name(project, write):
    (project / "content" / "logo.png").write_bytes(picture(size=(2, 2)))
    (project / "content" / "mini" / "logo.png").write_bytes(picture(size=(9, 9)))
    (project / "content" / "house.yaml").write_text(
        "name: A House\nlogo: {file: logo.png, alt: A house}\n"
    )
    content = write("article.md", "It depends.", "![another](logo.png)")
    (figure,) = content.article.questions[0].answers[1].blocks
    assert content.images[content.house.logo.file].width == 2
    assert content.images[figure.image].width == 9
