"""What has the shape of a speaker's label, before anything says that it is one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pipeline.importers import dividing, names
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.furniture import furniture
from pipeline.importers.words import PARTICLES, any_of, listed


class Form(StrEnum):
    """How a label is set apart from the speech."""

    COLON = "colon"
    BOLD = "bold"
    ALONE = "alone"
    AFTER = "after"
    """Behind the speech: “— Jane Roe, Tide Institute”."""


@dataclass(frozen=True, slots=True)
class Label:
    """What may be a speaker's label."""

    block: int
    text: str
    """As printed, without its colon or dash."""
    end: int
    """Where the speech begins in the block's text."""
    form: Form
    alone: bool
    """Whether no speech follows in the same block."""


MOST_WORDS: Final = 60
"""A label with a long position behind the name; what is longer is prose."""
QUESTIONER: Final = listed("q question moderator host interviewer", "frage f")
"""Labels of somebody without a name who puts the questions."""
ANSWERER: Final = listed("a answer guest", "antwort")
"""Labels of somebody without a name who answers."""
NO_SPEAKER: Final = listed(
    "note notes editor editors question questions answer answers image photo picture photographs",
    "words source update correction tags topics disclosures correspondence",
    "example first second third one two three four five conclusion summary reason yes no",
    "result results advice tip tips today verdict background context with",
)
"""Words that stand before a colon and name nobody."""
CAST: Final = re.compile(
    any_of(
        "(?:the )?" + any_of("moderators?|hosts?|interviewers?|chairs?|presiders?|moderation"),
        "(?:on |in |meet )?(?:the |our )?"
        + any_of(
            "speakers?|panel(?:l?ists)?|participants?|contributors?|experts?|guests?|respondents?",
            "featuring|with|witnesses|present",
            "teilnehmer(?:innen)?|fachleute",
            "intervenants?",
            "participantes?|participan",
        ),
    )
    + r"\s?:?",
    re.IGNORECASE,
)
"""A heading over a list of those who speak."""
_CLOCK: Final = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?"
STAMP: Final = re.compile(rf"{_CLOCK}\s+")
"""The time at which something was said."""
_QUOTES: Final = '“"„«‘'
_NAME: Final = r"(?P<label>(?:[^:：?!“”\"«»„]|[“\"]\w{2,15}[”\"]){1,400}?)"
_COLON: Final = re.compile(
    rf"{_NAME}(?:\s(?:says|writes|responds|replies|answers))?\s?"
    rf"(?:[:：](?=\s|$|[{_QUOTES}\-–—\[])|;(?=\s?[{_QUOTES}]|$))"
)
_BRACKET: Final = re.compile(r"\[(?P<label>[^\[\],]{2,40})(?:,\s[^\[\]]{1,30})?\]\s*(?=\S)")
_TIMED: Final = re.compile(rf"(?P<label>[^:]{{2,60}}?)\s+{_CLOCK}$")
_SIGNS: Final = (
    re.compile(r"(?P<label>[^.:;–—]{2,60}?)\s?\.[-–—]+\s+(?=\S)"),
    re.compile(r"(?P<label>[^.:;–—]{2,60}?)\s[–—-]{1,2}\s+(?=\S)"),
    re.compile(r"(?P<label>[^.:;–—>]{2,60}?)\s?>\s+(?=\S)"),
    re.compile(r"(?P<label>(?:[A-Z][a-z]{1,10}\.?)\s(?:[^\W\d_][\w'’-]*\s?){1,3})\.\s+(?=\S)"),
)
"""Other signs behind a label; they count where they come again and again, and no colons do."""
_AFTER: Final = re.compile(r"\s*[—–―-]{1,2}\s*(?P<label>\S.*)")
NUMBERED: Final = re.compile(
    r"(?:speaker|sprecher|sprecherin|orateur|interlocutor|person) \d{1,2}", re.I
)
_SHORT: Final = re.compile(r"(?P<label>(?:[^\W\d_]+\s){0,2}[^\W\d_][\w'’‐‑-]+)\s?[:：;](?:\s|$)")
_ASKED: Final = re.compile(r"(?:Q|Question|Frage)\s?[:.]\s+\S")
_ANSWER: Final = re.compile(r"(?P<label>A|Answer|Antwort)\s?[:.]\s+(?=\S)")
_ENDS: Final = re.compile(r"(?:\b[A-Z]|Jr|Sr|Inc|Ltd|Corp|Co|LLC|Dr|Ph\.D|etc)\.$")


def candidates(blocks: Sequence[Block]) -> Iterator[Label]:
    """Give what has the shape of a label: at most one of a block."""
    short = [match["label"] for block in blocks if (match := _SHORT.match(block.text))]
    short += _before_quotations(blocks)
    short = [text for text in short if names.is_name(text, least=1) or _has_particle(text)]
    sign = _sign(blocks)
    is_asked = _is_asked(blocks)
    for index, block in enumerate(blocks):
        if block.kind in (Kind.ROW, Kind.NOTE, Kind.IMAGE) or block.goes_on or furniture(block):
            continue
        if CAST.fullmatch(block.text):
            continue
        label = (
            _bold_dash(index, block)
            or (_answer(index, block) if is_asked else None)
            or _before(index, block, _COLON, short)
            or _before(index, block, _BRACKET, ())
            or _before(index, block, _TIMED, ())
            or (_before(index, block, sign, ()) if sign else None)
            or _bold(index, block)
            or _before_quotation(index, block, short)
            or _alone(index, block, short)
        )
        if label:
            yield label


def _before_quotations(blocks: Sequence[Block]) -> list[str]:
    """Give the words that a quotation follows where a colon was lost, if a label begins so."""
    found = [
        match[1]
        for block in blocks
        if (match := re.match(rf"([^\W\d_][\w'’-]+)\s+[{_QUOTES}]", block.text))
    ]
    starts = "\n".join(" ".join(block.text.split()[:4]) for block in blocks)
    return [word for word in found if re.search(rf"\s{re.escape(word)}[a-z]", starts)]


def _is_asked(blocks: Sequence[Block]) -> bool:
    """Tell whether a source is an interview of questions and answers that begin with Q and A."""
    asked = sum(bool(_ASKED.match(block.text)) for block in blocks)
    return asked > 1 and sum(bool(_ANSWER.match(block.text)) for block in blocks) > 1


def _answer(index: int, block: Block) -> Label | None:
    match = _ANSWER.match(block.text)
    return Label(index, match["label"], match.end(), Form.COLON, False) if match else None


def _sign(blocks: Sequence[Block]) -> re.Pattern[str] | None:
    """Find another sign than the colon that labels end with: it recurs behind the same names."""
    colons = _recurring(blocks, _COLON)
    best: tuple[int, re.Pattern[str] | None] = (max(2, colons), None)
    for pattern in _SIGNS:
        number = _recurring(blocks, pattern)
        if number > best[0]:
            best = (number, pattern)
    return best[1]


def _recurring(blocks: Sequence[Block], pattern: re.Pattern[str]) -> int:
    """Count the labels of a shape whose name comes again, if there are two names or more."""
    found = Counter(
        names.key(dividing.split(match["label"]).head.split()[-1])
        for block in blocks
        if (match := pattern.match(block.text)) and could_name(match["label"].strip())
    )
    recurs = any(number > 1 for number in found.values())
    return sum(found.values()) if recurs and len(found) > 1 else 0


def _before(
    index: int, block: Block, pattern: re.Pattern[str], short: Sequence[str]
) -> Label | None:
    """Read a label at the beginning of a block; one that is written twice is one."""
    stamp = STAMP.match(block.text)
    at = stamp.end() if stamp else 0
    match = pattern.match(block.text, at)
    if not match:
        return None
    text = match["label"].strip()
    if not could_name(text) and not dividing.fused(dividing.split(text).head, short):
        return None
    if re.search(r"[a-z]{3}\.\s[^\W\d_a-z]", text):
        return None  # a sentence has ended before the sign
    end = match.end()
    while (again := pattern.match(block.text[end:].lstrip())) and again["label"].strip() == text:
        end += len(block.text[end:]) - len(block.text[end:].lstrip()) + again.end()
    return Label(index, text, end, Form.COLON, not block.text[end:].strip())


def _bold_dash(index: int, block: Block) -> Label | None:
    """Read a strong label that a dash follows, before a colon of the speech is taken for it."""
    label = _bold(index, block)
    return label if label and re.match(r"\s*[–—-]", block.text[len(label.text) :]) else None


def _bold(index: int, block: Block) -> Label | None:
    strong = ""
    for span in block.spans:
        if not span.strong and span.text.strip():
            break
        strong += span.text
    rest = block.text[len(strong) :].strip()
    text = strong.strip().rstrip(".:–—-,").strip()
    if not text or not rest or rest[0] in ",(|;" or not could_name(text):
        return None
    dash = re.match(r"[–—-]\s+", rest)
    if dash and len(rest.split()) <= 6 and not rest.endswith((".", "!", "?", ":")):
        return None  # a position behind the name
    if strong.rstrip()[-1:] == "," or names.THIRD_PERSON.match(rest):
        return None
    end = block.text.index(rest, len(strong)) + (dash.end() if dash else 0)
    return Label(index, text, end, Form.BOLD, alone=False)


def _before_quotation(index: int, block: Block, short: Sequence[str]) -> Label | None:
    """Read a label that has lost its colon: a name that is a label elsewhere, then a quotation."""
    match = re.match(rf"(?P<label>[^{_QUOTES}.,:;]{{2,40}}?)\s+(?=[{_QUOTES}])", block.text)
    if not match or match["label"] not in short:
        return None
    return Label(index, match["label"], match.end(), Form.COLON, alone=False)


def _alone(index: int, block: Block, short: Sequence[str]) -> Label | None:
    text = block.text.strip()
    if len(text.split()) > 40 or re.search(r"[?!:]$", text):
        return None
    form = Form.ALONE
    if match := _AFTER.fullmatch(text):
        text, form = match["label"], Form.AFTER
    split = dividing.split(text)
    if text.endswith(".") and not _ENDS.search(text):
        return None
    named = names.is_name(split.head) or names.has_honorific(split.head)
    if block.strong or block.kind is Kind.HEADING:
        named = named or names.is_name(split.head, least=1)
    if not named and not dividing.fused(split.head, short):
        parts = dividing.joint(text)
        if len(parts) < 2 or not all(names.is_name(part) for part in parts):
            return None
    what = split.descriptor
    if " " in what and re.search(r"[.!]$", what) and not _ENDS.search(what):
        return None
    return Label(index, text, len(block.text), form, alone=True)


def could_name(text: str) -> bool:
    """Tell whether the words before a sign may name somebody."""
    if len(text.split()) > MOST_WORDS or not text[:1].isalpha():
        return False
    head = dividing.split(text).head
    if names.is_name(head) or names.has_honorific(head) or dividing.fused(head, ()):
        return True
    if names.INITIALS.fullmatch(head) or NUMBERED.fullmatch(head):
        return True
    if re.fullmatch(r"[^\W\d_a-z]{2,4}", head) and head.isupper():
        return True  # initials without dots
    if re.fullmatch(r"(?:[^\W\d_]\.\s?){1,3}[^\W\d_]\S*", head):
        return True  # initials and a surname
    words = head.split()
    if len(words) == 1:
        return names.is_name(words[0], least=1) and words[0].lower().strip(".") not in NO_SPEAKER
    if _has_particle(head):
        return True
    parts = dividing.joint(text)
    return len(parts) > 1 and all(
        names.is_name(part, least=1) and part.lower() not in NO_SPEAKER for part in parts
    )


def _has_particle(text: str) -> bool:
    words = text.split()
    return 1 < len(words) <= 4 and words[0].lower() in PARTICLES and names.is_capital(words[-1])
