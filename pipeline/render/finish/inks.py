"""Colours as amounts of ink: DeviceCMYK of the printing condition (ISO 32000-1 §8.6.4.4).

Colours of a brief are sRGB. They are taken through the profile of the printing condition,
relative to its paper and with black point compensation (ISO 18619). Only
black and the greys of type and rules, which four inks could not print sharp, are black
ink alone: what is neutral and darker than a ground.
"""

from __future__ import annotations

import functools
from typing import Final, TypeAlias

import PIL.Image
from PIL import ImageCms

from pipeline.render.finish.output_intent import COATED

Ink: TypeAlias = tuple[float, float, float, float]
"""Cyan, magenta, yellow and black, from 0 to 1."""

NEUTRAL: Final = 8.0
"""The chroma (CIELAB C*) up to which a colour counts as grey: the theme's greys are bluish."""
GROUND: Final = 85.0
"""The lightness (CIELAB L*) from which a grey is a ground, printed in all inks."""

_RELATIVE: Final = ImageCms.Intent.RELATIVE_COLORIMETRIC
_BLACK_POINT: Final = ImageCms.Flags.BLACKPOINTCOMPENSATION


class InkConverter:
    """Takes colours and pictures to the printing condition, and back to a screen."""

    def __init__(self) -> None:
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        press = ImageCms.getOpenProfile(str(COATED.profile))
        build = functools.partial(ImageCms.buildTransform, renderingIntent=_RELATIVE)
        self._to_press = build(srgb, press, "RGB", "CMYK", flags=_BLACK_POINT)
        self._to_screen = build(press, srgb, "CMYK", "RGB", flags=_BLACK_POINT)
        self._seen = build(srgb, lab, "RGB", "LAB")
        self._printed = build(press, lab, "CMYK", "LAB")

    @functools.cached_property
    def _greys(self) -> list[float]:
        """The lightness of each tint of black ink, from paper to full ink."""
        ramp = PIL.Image.new("CMYK", (256, 1))
        ramp.putdata([(0, 0, 0, tint) for tint in range(256)])
        return [_decode_lab(pixel)[0] for pixel in _read_pixels(ramp, self._printed)]

    def convert_colour(self, red: float, green: float, blue: float) -> Ink:
        """Return the inks of an sRGB colour; all values from 0 to 1."""
        rgb = tuple(round(255 * part) for part in (red, green, blue))
        swatch = PIL.Image.new("RGB", (1, 1), rgb)
        lightness, a, b = _decode_lab(_read_pixels(swatch, self._seen)[0])
        if lightness < GROUND and (a * a + b * b) ** 0.5 <= NEUTRAL:
            tint = min(range(256), key=lambda tint: abs(self._greys[tint] - lightness))
            return 0.0, 0.0, 0.0, tint / 255
        cyan, magenta, yellow, black = _read_pixels(swatch, self._to_press)[0]
        return cyan / 255, magenta / 255, yellow / 255, black / 255

    def convert_to_inks(self, picture: PIL.Image.Image) -> PIL.Image.Image:
        """Return an RGB picture in inks; one of greys alone in black, as one stored in grey is."""
        picture = picture.convert("RGB")
        red, green, blue = picture.split()
        if red == green == blue:
            return red
        return _apply_transform(picture, self._to_press)

    def convert_to_srgb(self, picture: PIL.Image.Image) -> PIL.Image.Image:
        """Return a CMYK picture in sRGB; its inks are taken for those of the printing condition."""
        return _apply_transform(picture, self._to_screen)


def _apply_transform(
    picture: PIL.Image.Image, transform: ImageCms.ImageCmsTransform
) -> PIL.Image.Image:
    converted = ImageCms.applyTransform(picture, transform)
    assert converted
    return converted


def _read_pixels(
    picture: PIL.Image.Image, transform: ImageCms.ImageCmsTransform
) -> list[tuple[int, ...]]:
    data = _apply_transform(picture, transform).tobytes()
    width = len(data) // picture.width
    return [tuple(data[at : at + width]) for at in range(0, len(data), width)]


def _decode_lab(pixel: tuple[int, ...]) -> tuple[float, float, float]:
    """Read CIELAB as Pillow packs it into bytes: L* from 0 to 255, a* and b* with a sign."""
    lightness, a, b = pixel
    return lightness / 2.55, (a + 128) % 256 - 128, (b + 128) % 256 - 128
