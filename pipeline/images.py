"""Images as a brief may show them: inside the project, really images, read once."""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.diagnostics import Location, problem
from pipeline.document import Image

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MOST_BYTES: Final = 40_000_000
MOST_PIXELS: Final = 100_000_000
_ORIENTATION: Final = 0x0112
"""The tag that says which way is up (Exif 2.32 §4.6.4)."""


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
    """Look whether bytes are a whole PNG or JPEG, and turn it upright if it says how.

    Raises Problems (``not-an-image``, ``image-too-large``).
    """
    # Only briefs with images pay for these.
    from PIL import Image as Picture
    from PIL import ImageFile as reader

    hint = "PNG and JPEG can be shown in every format"
    lenient = reader.LOAD_TRUNCATED_IMAGES
    try:
        reader.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it, for the whole process
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Picture.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Picture.DecompressionBombError
                picture.load()
                upright, (width, height) = _upright(data, picture)
    except (Picture.DecompressionBombError, Picture.DecompressionBombWarning):
        most = MOST_PIXELS // 1_000_000
        raise problem(
            "image-too-large", f"`{reference}` has over {most} million pixels", at
        ) from None
    except Exception:  # the decoder raises what it likes on damaged files
        raise problem(
            "not-an-image", f"`{reference}` is not an image that can be read", at, hint
        ) from None
    finally:
        reader.LOAD_TRUNCATED_IMAGES = lenient
    return Image(
        data=upright,
        media_type="image/png" if picture.format == "PNG" else "image/jpeg",
        width=width,
        height=height,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _upright(data: bytes, picture: ImageFile) -> tuple[bytes, tuple[int, int]]:
    """Turn a photo that a camera stored on its side: not every reader heeds the note on it."""
    if picture.getexif().get(_ORIENTATION, 1) == 1:
        return data, picture.size
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(picture)
    made = io.BytesIO()
    kept = {name: picture.info[name] for name in ("dpi", "icc_profile") if name in picture.info}
    turned.save(made, picture.format, quality=95, subsampling=0, **kept)
    return made.getvalue(), turned.size
