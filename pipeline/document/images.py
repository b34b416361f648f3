"""Images as a brief may show them: inside the project, really images, read once."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.diagnostics import Location, Problems, make_problem
from pipeline.document.tree import Image
from pipeline.system.limits import DEFAULT_LIMITS, SourceLimits

if TYPE_CHECKING:
    import PIL.Image
    from PIL.ImageFile import ImageFile

_ORIENTATION: Final = 0x0112
"""The tag of which way is up (Exif 2.32 §4.6.4)."""
_CELL: Final = 4
"""How many pixels a side of what is compared as one has."""
_UNSEEN: Final = 16
"""How much two means may differ, of 255."""
_KEPT_INFO: Final = ("dpi", "icc_profile", "transparency")
"""What decides how a picture looks, as Pillow calls it."""


def read_image(
    folder: Path,
    reference: str,
    at: Location | None,
    limits: SourceLimits = DEFAULT_LIMITS.sources,
) -> Image:
    """Read the image that ``reference`` names inside ``folder``.

    Raises Problems: ``image-outside`` when the path leaves the folder,
    ``image-missing``, ``image-too-large`` or ``not-an-image``.
    """
    try:
        return _read_inside_folder(folder, reference, at, limits)
    except (OSError, RuntimeError, ValueError) as error:  # no name of a file, a loop of links …
        reason = getattr(error, "strerror", None) or str(error)
        raise make_problem(
            "image-missing", f"the image `{reference}` cannot be read: {reason}", at
        ) from None


def _read_inside_folder(
    folder: Path, reference: str, at: Location | None, limits: SourceLimits
) -> Image:
    path = (folder / reference).resolve()
    if ":" in reference or not path.is_relative_to(folder.resolve()):
        raise make_problem(
            "image-outside",
            f"the image `{reference}` is not inside `{folder.name}/`",
            at,
            "copy it into the folder and name it from there, such as images/map.png",
        )
    if not path.is_file():
        raise make_problem(
            "image-missing",
            f"there is no image `{reference}`",
            at,
            f"looked for {path.name} in {path.parent.name}/",
        )
    most = limits.image_bytes
    if path.stat().st_size > most:
        raise make_problem("image-too-large", f"`{reference}` is over {most // 1_000_000} MB", at)
    return decode_image(path.read_bytes(), reference, at, limits)


def decode_image(
    data: bytes,
    reference: str,
    at: Location | None,
    limits: SourceLimits = DEFAULT_LIMITS.sources,
) -> Image:
    """Look whether bytes are a whole PNG or JPEG, and make it one that all formats show alike.

    Raises Problems (``not-an-image``, ``image-too-large``).
    """
    import PIL.Image  # only briefs with images pay for it

    try:
        with (
            _decoding_strictly(),
            PIL.Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture,
        ):
            if picture.width * picture.height > limits.image_pixels:
                raise PIL.Image.DecompressionBombError
            picture.load()
            shown, (width, height) = _normalise_picture(data, picture)
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        most = limits.image_pixels // 1_000_000
        raise make_problem(
            "image-too-large", f"`{reference}` has over {most} million pixels", at
        ) from None
    except Exception:  # the decoder raises what it likes on damaged files
        raise make_problem(
            "not-an-image",
            f"`{reference}` is not an image that can be read",
            at,
            "PNG and JPEG can be shown in every format",
        ) from None
    return Image(
        data=shown,
        media_type="image/png" if picture.format == "PNG" else "image/jpeg",
        width=width,
        height=height,
        sha256=hashlib.sha256(data).hexdigest(),
    )


@contextmanager
def _decoding_strictly() -> Iterator[None]:
    """Make what Pillow would let pass an error: truncated files and its warnings."""
    from PIL import ImageFile

    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it, for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def strip_metadata(image: Image) -> Image:
    """Return an image with its pixels and colours, and nothing that a camera or a person noted."""
    import PIL.Image

    with PIL.Image.open(io.BytesIO(image.data)) as picture:
        data = _encode_picture(picture, picture.format, quality="keep")
    return replace(image, data=data, sha256=hashlib.sha256(data).hexdigest())


def _normalise_picture(data: bytes, picture: ImageFile) -> tuple[bytes, tuple[int, int]]:
    """Turn a photo that a camera stored on its side, and write greys of 16 bits in 8.

    Not every reader heeds the note on the one, and WeasyPrint makes noise of the other.
    """
    is_upright = picture.getexif().get(_ORIENTATION, 1) == 1
    is_deep = picture.mode.startswith("I")
    if is_upright and not is_deep:
        return data, picture.size
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(picture)
    if is_deep:
        turned = turned.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
    turned.info = picture.info
    return _encode_picture(turned, picture.format, quality=95, subsampling=0), turned.size


def _encode_picture(picture: PIL.Image.Image, kind: str | None, **options: Any) -> bytes:
    """Write a picture with those of its notes that decide how it looks, and no other."""
    buffer = io.BytesIO()
    looks: dict[str, Any] = {
        name: picture.info[name] for name in _KEPT_INFO if name in picture.info
    }
    picture.info.clear()
    picture.save(buffer, kind, **looks, **options)
    return buffer.getvalue()


def is_same_picture(one: bytes, other: bytes) -> bool:
    """Return whether two images look the same, however they are packed.

    A program that saves a file may write an image anew, and smaller. The smaller size is what
    they are compared in, a few pixels together: what compressing does to them evens out there.
    False where one of them cannot be read.
    """
    import PIL.Image
    from PIL import ImageChops

    try:
        shown = [decode_image(data, "", None).data for data in (one, other)]
    except Problems:
        return False
    with (
        PIL.Image.open(io.BytesIO(shown[0])) as first,
        PIL.Image.open(io.BytesIO(shown[1])) as second,
    ):
        if abs(first.width * second.height - second.width * first.height) > max(
            first.width, second.width, first.height, second.height
        ):
            return False
        size, mean = min(first.size, second.size), PIL.Image.Resampling.BOX
        pair = [picture.convert("RGBA").resize(size, mean) for picture in (first, second)]
        difference = ImageChops.difference(*pair).convert("RGB")
        cells = max(1, size[0] // _CELL), max(1, size[1] // _CELL)
        pixels = difference.resize(cells, mean).tobytes()
    return max(pixels) <= _UNSEEN
