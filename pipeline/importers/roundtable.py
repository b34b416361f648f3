"""The structural reader: from blocks of any source to a roundtable's parts, step by step."""

from __future__ import annotations

from pipeline.diagnostics import Findings
from pipeline.importers import (
    cast,
    checks,
    doubts,
    labels,
    moderators,
    opening,
    questions,
    refusals,
    turns,
)
from pipeline.importers.asking import Decisions
from pipeline.importers.blocks import Reading
from pipeline.importers.draft import Draft
from pipeline.importers.questions import Questions
from pipeline.importers.scene import Scene


def read(reading: Reading, decisions: Decisions, findings: Findings, file: str) -> Draft:
    """Find the roundtable in a source.

    ``file`` is the source's name for messages. Raises Problems (``not-a-roundtable``) with the
    evidence where there is none; doubts go to ``findings``, what only a person can tell to
    ``decisions``.
    """
    scene, asked = _read_opening(reading, decisions, findings, file)
    turns.read(scene, asked)
    checks.check(scene)
    return scene.made


def read_title(reading: Reading, file: str) -> str:
    """Give the short title or the title of a source; nothing below its opening is read."""
    scene, _ = _read_opening(reading, Decisions(), Findings(), file)
    return scene.made.short_title or scene.made.title


def _read_opening(
    reading: Reading, decisions: Decisions, findings: Findings, file: str
) -> tuple[Scene, Questions]:
    scene = Scene(reading, decisions, findings, file)
    refusals.refuse_columns(scene)
    for block in scene.all:
        if block.outside:
            scene.made.skip(block, block.outside)
    find_speakers(scene)
    asked = find_questions(scene)
    scene.first = begins(scene, asked)
    opening.read(scene)
    return scene, asked


def find_speakers(scene: Scene) -> None:
    """Find who speaks, and settle what is open; raises Problems where nobody does."""
    authors = ", ".join(value for name, value in scene.reading.meta if name == "author")
    scene.speakers = labels.speakers(scene.blocks, authors, cast.told(scene))
    cast.settle(scene)
    cast.name_answerer(scene)
    if not scene.speakers.at:
        raise refusals.nobody_speaks(scene)


def find_questions(scene: Scene) -> Questions:
    """Find the questions; a moderator's turns are some only where nothing else is."""
    asked = questions.find(scene.blocks, scene.speakers, (), scene.is_furniture)
    scene.made.moderators = moderators.find(scene, asked)
    moderators.read_presented(scene)
    if scene.made.moderators:
        asked = questions.find(
            scene.blocks, scene.speakers, scene.made.moderators, scene.is_furniture
        )
    return doubts.confirm_sections(scene, asked)


def begins(scene: Scene, asked: Questions) -> int:
    """Give the block at which the first question or the first speech begins."""
    first = min([*(mark.block for mark in asked.marks), *scene.speakers.at])
    if scene.is_after() and not asked.marks:
        return max(0, first - 1)  # the speech stands above the name
    return first
