"""Images as a brief may show them: inside the project, really images, read once."""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import Final

from pipeline.diagnostics import Location, problem
from pipeline.document import Image

MOST_BYTES: Final = 40_000_000
MOST_PIXELS: Final = 100_000_000


def read(folder: Path, reference: str, at: Location | None) -> Image:
    """Read the image that ``reference`` names inside ``folder``.

    Raises Problems: ``image-outside`` when the path leaves the folder,
    ``image-missing``, ``image-too-large`` or ``not-an-image``.
    """
    try:
        return _read(folder, reference, at)
    except (OSError, RuntimeError, ValueError) as error:  # no name of a file, a loop of links …
        reason = getattr(error, "strerror", None) or str(error)
        raise problem(
            "image-missing", f"the image `{reference}` cannot be read: {reason}", at
        ) from None


def _read(folder: Path, reference: str, at: Location | None) -> Image:
    path = (folder / reference).resolve()
    if ":" in reference or not path.is_relative_to(folder.resolve()):
        raise problem(
            "image-outside",
            f"the image `{reference}` is not inside `{folder.name}/`",
            at,
            "copy it into the folder and name it from there, such as images/map.png",
        )
    if not path.is_file():
        raise problem(
            "image-missing",
            f"there is no image `{reference}`",
            at,
            f"looked for {path.name} in {path.parent.name}/",
        )
    if path.stat().st_size > MOST_BYTES:
        raise problem("image-too-large", f"`{reference}` is over {MOST_BYTES // 1_000_000} MB", at)
    return check(path.read_bytes(), reference, at)


def check(data: bytes, reference: str, at: Location | None) -> Image:
    """Look whether bytes are a whole PNG or JPEG; raises Problems (``not-an-image``)."""
    # Only briefs with images pay for these.
    from PIL import Image as Picture
    from PIL import ImageFile

    hint = "PNG and JPEG can be shown in every format"
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it, for the whole process
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Picture.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
                width, height, kind = picture.width, picture.height, picture.format
                if width * height > MOST_PIXELS:
                    raise ValueError("too many pixels")
                picture.load()
    except Exception as error:  # the decoder raises what it likes on damaged files
        raise problem(
            "not-an-image", f"`{reference}` is not an image that can be read ({error})", at, hint
        ) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return Image(
        data=data,
        media_type="image/png" if kind == "PNG" else "image/jpeg",
        width=width,
        height=height,
        sha256=hashlib.sha256(data).hexdigest(),
    )
