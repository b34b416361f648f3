"""What an editor changed of a brief's pictures: which are shown, where they stand, their words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from pipeline.document.images import is_same_picture
from pipeline.review.edited_docx.pictures import ShownPicture
from pipeline.review.edited_docx.revisions import REMOVING_KINDS, Line
from pipeline.review.match.paragraph_match import ParagraphGroup
from pipeline.review.match.sent_brief import SentPicture
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.outcomes import Verdict
from pipeline.review.pull.picture_lines import PicturePlace, find_pictures, read_alt
from pipeline.review.pull.value_edits import AssignedEdits
from pipeline.review.words.diff3 import find_longest_rising
from pipeline.review.words.tokens import format_tokens

PictureChangeKind: TypeAlias = Literal[
    "picture added", "picture removed", "picture replaced", "picture cropped", "picture moved",
    "alternative text changed",
]  # fmt: skip
_REASONS: Final[Mapping[PictureChangeKind, str]] = {
    "picture added": "put it into the article's images/ and show it in article.md",
    "picture removed": "take it out of article.md",
    "picture replaced": "put the new one into its place",
    "picture cropped": "cut the image itself",
    "picture moved": "move it in article.md",
    "alternative text changed": "change it in article.md",
}
_OF_LOGO: Final = "the logo is the house's: change it under logo in house.yaml"


@dataclass(frozen=True, slots=True)
class PictureChange:
    """One change of a picture."""

    kind: PictureChangeKind
    image: str = ""
    """The image's path from content/, where it is known."""
    old_alt: str = ""
    new_alt: str = ""
    place: PicturePlace = field(default_factory=PicturePlace)
    """Where one stands in the editor's file that was moved."""
    is_beside: bool = False
    """Whether it stayed, and words were placed beside it: they must not change sides."""
    caption: int = -1
    """Its caption's place among the paragraphs of the brief; -1 without one."""
    is_logo: bool = False
    """Whether it is the house's, and not the article's."""
    is_apart: bool = False
    """Whether its caption stands elsewhere in the editor's file."""
    paragraph: int = 0
    revisions: tuple[int, ...] = ()
    verdict: Verdict = ("refused", "")

    @property
    def words(self) -> str:
        """What was changed, for a person."""
        if self.kind == "alternative text changed":
            return f"{self.old_alt} → {self.new_alt}"
        return " ".join(filter(None, [self.image, self.new_alt or self.old_alt]))

    def refuse(self, why: str = "") -> PictureChange:
        """Return the change as one that is left to a person."""
        way = _OF_LOGO if self.is_logo else _REASONS[self.kind]
        reason = "; ".join(filter(None, [why, way]))
        return replace(self, verdict=("refused", reason))


@dataclass(frozen=True, slots=True)
class _Place:
    """A picture in an editor's file."""

    line: int
    shown: ShownPicture


def find_picture_changes(edits: FileEdits, current: CurrentContent) -> list[PictureChange]:
    """Compare the pictures of a file with those of the brief; all are left to a person yet."""
    return [change.refuse() for change in _PictureMatcher(edits, current).find_changes()]


def release_captions(edits: FileEdits, changes: Iterable[PictureChange]) -> FileEdits:
    """Return what was changed in a file, without the moves of captions with their pictures."""
    captions = {change.caption for change in changes if change.kind == "picture moved"}
    return replace(
        edits,
        assigned=_forget_groups(edits.assigned, captions),
        untracked=_forget_groups(edits.untracked, captions),
    )


def _forget_groups(assigned: AssignedEdits, captions: Container[int]) -> AssignedEdits:
    moved = {
        group.lines
        for group in assigned.groups
        if group.relation == "moved" and all(block in captions for block in group.blocks)
    }
    kept = [refusal for refusal in assigned.refusals if refusal.lines not in moved]
    return replace(assigned, refusals=kept)


class _PictureMatcher:
    def __init__(self, edits: FileEdits, current: CurrentContent) -> None:
        self.edits = edits
        self.content = current.content
        self.text = current.texts["article.md"]
        self.lines = edits.view.list_lines(edits.edited.paragraphs)
        groups = edits.assigned.map_lines()
        self.groups: dict[int, ParagraphGroup] = {
            line.numbers[0]: groups[index] for index, line in enumerate(edits.lines)
        }
        self.places = list(_list_places(self.lines))
        self.sent = [self._complete(picture) for picture in edits.sent.pictures]

    def find_changes(self) -> Iterator[PictureChange]:
        pairs = self._pair_pictures()
        moved = self._find_moved(pairs)
        for number, picture in enumerate(self.sent):
            place = pairs.get(number)
            if place is None:
                yield self._report_removed(picture)
                continue
            yield from self._compare(picture, place, is_moved=number in moved)
            is_free = number not in moved and not picture.is_logo
            if is_free and self._has_new_words_beside(picture, place):
                yield self._report_beside(picture, place)
        for place in self.places:
            if place not in pairs.values():
                yield PictureChange(
                    "picture added",
                    new_alt=place.shown.alt,
                    paragraph=self.lines[place.line].numbers[0],
                    revisions=place.shown.revisions,
                )

    def _complete(self, picture: SentPicture) -> SentPicture:
        """Add what the content tells of a picture, where an older manifest does not say it."""
        if picture.sha256:
            return picture
        own = [p.shown for p in self.places if picture.anchor in self.lines[p.line].anchors]
        for name, image in self.content.images.items():
            if any(shown.sha256 == image.sha256 for shown in own):
                return replace(picture, image=name, sha256=image.sha256, alt=self._find_alt(name))
        return picture

    def _find_alt(self, image: str) -> str | None:
        """Return the words that stood for an image; None where they may have been others."""
        name = f"content/{self.edits.sent.article}/article.md"
        if self.content.inputs.get(name) != self.edits.sent.files.get(name):
            return None
        found = find_pictures(self.text, image.removeprefix(f"{self.edits.sent.article}/"))
        alts = {read_alt(at) for at in found}
        return alts.pop() if len(alts) == 1 else None

    def _pair_pictures(self) -> dict[int, _Place]:
        """Return where each picture of the brief stands: by its anchor, else by its image."""
        pairs: dict[int, _Place] = {}
        for is_it in (_has_anchor_and_image, _has_anchor, _has_words_and_image, _has_image):
            for number, picture in enumerate(self.sent):
                free = [place for place in self.places if place not in pairs.values()]
                found = next((p for p in free if is_it(picture, p.shown, self.lines[p.line])), None)
                if number not in pairs and found is not None:
                    pairs[number] = found
        return pairs

    def _find_moved(self, pairs: Mapping[int, _Place]) -> set[int]:
        """Return the pictures that stand between other paragraphs, or in another order."""
        moved = set()
        for number, place in pairs.items():
            picture = self.sent[number]
            above = self._list_blocks(reversed(self.lines[: place.line]), picture)
            below = self._list_blocks(self.lines[place.line + 1 :], picture)
            before, behind = next(above, None), next(below, None)
            if (before is not None and before[-1] >= picture.block) or (
                behind is not None and behind[0] < picture.block
            ):
                moved.add(number)
        stay = [(n, place.line) for n, place in sorted(pairs.items()) if n not in moved]
        in_order = {number for number, _ in find_longest_rising(stay)}
        return moved | {number for number, _ in stay if number not in in_order}

    def _list_blocks(
        self, lines: Iterable[Line], picture: SentPicture
    ) -> Iterator[tuple[int, ...]]:
        """Return the blocks of lines that stand where they stood, the picture's caption aside."""
        for line in lines:
            group = self.groups.get(line.numbers[0])
            if group and group.relation != "moved" and set(group.blocks) - {picture.caption}:
                yield group.blocks

    def _compare(
        self, picture: SentPicture, place: _Place, *, is_moved: bool
    ) -> Iterator[PictureChange]:
        shown, line = place.shown, self.lines[place.line]
        change = PictureChange(
            "picture replaced",
            picture.image,
            picture.alt or "",
            shown.alt,
            caption=picture.caption,
            is_logo=picture.is_logo,
            paragraph=line.numbers[0],
            revisions=shown.revisions,
        )
        if not self._is_same_image(picture, shown):
            yield change
        if shown.is_cropped:
            yield replace(change, kind="picture cropped")
        if picture.alt is not None and " ".join(shown.alt.split()) != " ".join(picture.alt.split()):
            yield replace(change, kind="alternative text changed")
        if is_moved:
            yield replace(
                change,
                kind="picture moved",
                place=self._describe_place(picture, place),
                is_apart=self._stands_apart(picture, place),
                revisions=(*shown.revisions, *self._find_removal(picture)),
            )

    def _stands_apart(self, picture: SentPicture, place: _Place) -> bool:
        """Return whether words stand between a picture and its caption."""
        for number, line in enumerate(self.lines):
            group = self.groups.get(line.numbers[0])
            if group and group.blocks == (picture.caption,):
                first, last = sorted((place.line, number))
                return any(format_tokens(own.words) for own in self.lines[first + 1 : last])
        return False

    def _report_beside(self, picture: SentPicture, place: _Place) -> PictureChange:
        return PictureChange(
            "picture moved",
            picture.image,
            picture.alt or "",
            place.shown.alt,
            place=self._describe_place(picture, place),
            is_beside=True,
            paragraph=self.lines[place.line].numbers[0],
        )

    def _describe_place(self, picture: SentPicture, place: _Place) -> PicturePlace:
        above, passed = self._find_beside(reversed(self.lines[: place.line]), picture)
        below, awaited = self._find_beside(self.lines[place.line + 1 :], picture)
        return PicturePlace(
            format_tokens(above.words) if above else "",
            format_tokens(below.words) if below else "",
            pictures_above=passed,
            pictures_below=awaited,
        )

    def _has_new_words_beside(self, picture: SentPicture, place: _Place) -> bool:
        sides = reversed(self.lines[: place.line]), self.lines[place.line + 1 :]
        beside = [self._find_beside(side, picture)[0] for side in sides]
        return any(line and self.groups[line.numbers[0]].is_placed_anew for line in beside)

    def _find_beside(self, lines: Iterable[Line], picture: SentPicture) -> tuple[Line | None, int]:
        """Return the first of some lines with words that are not a picture's caption's.

        And the count of pictures before it.
        """
        passed = 0
        for line in lines:
            group = self.groups.get(line.numbers[0])
            if group and group.blocks != (picture.caption,):
                return line, passed
            passed += len(line.pictures)
        return None, passed

    def _is_same_image(self, picture: SentPicture, shown: ShownPicture) -> bool:
        """Return whether it shows the image that it showed: programs may pack it anew."""
        files = self.edits.sent.files
        if shown.sha256 in ((picture.sha256,) if picture.sha256 else files.values()):
            return True
        return any(
            is_same_picture(image.data, shown.data)
            for name, image in self.content.images.items()
            if picture.image in ("", name)
            and image.sha256 in (picture.sha256, files.get(f"content/{name}"))
        )

    def _report_removed(self, picture: SentPicture) -> PictureChange:
        return PictureChange(
            "picture removed",
            picture.image,
            picture.alt or "",
            is_logo=picture.is_logo,
            revisions=self._find_removal(picture),
        )

    def _find_removal(self, picture: SentPicture) -> tuple[int, ...]:
        """Return the tracked changes that took a picture away from where it stood."""
        removing = {r.number for r in self.edits.edited.revisions if r.kind in REMOVING_KINDS}
        before = self.edits.edited.rejected.list_lines(self.edits.edited.paragraphs)
        return tuple(
            number
            for line in before
            if picture.anchor in line.anchors
            for shown in line.pictures
            for number in shown.revisions
            if number in removing
        )


def _list_places(lines: Sequence[Line]) -> Iterator[_Place]:
    for index, line in enumerate(lines):
        for shown in line.pictures:
            yield _Place(index, shown)


def _has_anchor(picture: SentPicture, shown: ShownPicture, line: Line) -> bool:
    return picture.anchor in line.anchors


def _has_image(picture: SentPicture, shown: ShownPicture, line: Line) -> bool:
    return bool(picture.sha256) and picture.sha256 == shown.sha256


def _has_anchor_and_image(picture: SentPicture, shown: ShownPicture, line: Line) -> bool:
    return _has_anchor(picture, shown, line) and _has_image(picture, shown, line)


def _has_words_and_image(picture: SentPicture, shown: ShownPicture, line: Line) -> bool:
    return _has_image(picture, shown, line) and picture.alt == shown.alt
