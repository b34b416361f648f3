"""Two editors of one brief, in memory: what each makes of its paragraphs, merged as a pull does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from pipeline.review.edited_docx.revisions import Line
from pipeline.review.match.sent_brief import Owner, SentParagraph
from pipeline.review.pull.assign import assign_edits
from pipeline.review.pull.merged_value import MergedFile, merge_assigned
from pipeline.review.words.tokens import PARAGRAPH, BlockStart, StyledText, Token, split_words

COMMON = (
    "the norms of states and the rules they agree on in the talks They set limits and "
    "expectations for all This is why a state"
).split()
ANSWERS = tuple(Owner("body", f"article.md#q{n}.ann") for n in (1, 2))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as an editor sees it; a name is its anchor."""

    name: str
    words: tuple[str, ...]
    answer: int
    is_copy: bool = False


@dataclass
class Typist:
    """Somebody whose new words are nobody else's."""

    name: str
    random: Random
    typed: list[str] = field(default_factory=list)

    def type_words(self) -> list[str]:
        """Return words as they stand everywhere, with one among them that is only here."""
        self.typed.append(f"{self.name}{len(self.typed)}")
        words = self.random.choices(COMMON, k=self.random.randint(0, 4))
        return [*words[:2], self.typed[-1], *words[2:]]


def write_brief(random: Random) -> list[Paragraph]:
    """Write a brief of two answers; each sentence has a word that stands once."""
    paragraphs: list[Paragraph] = []
    for number in range(random.randint(3, 6)):
        words: list[str] = []
        for sentence in range(random.randint(1, 3)):
            own = random.choices(COMMON, k=random.randint(2, 6))
            own.insert(random.randrange(3), f"b{number}x{sentence}")
            words += [*own, "."]
        paragraphs.append(Paragraph(f"p{number}", tuple(words), number // 3))
    return paragraphs


def edit_brief(paragraphs: list[Paragraph], typist: Typist, most: int) -> list[Paragraph]:
    """Make some edits of a brief."""
    for _ in range(typist.random.randint(1, most)):
        kind = typist.random.choices(
            ("insert", "sentence", "replace", "delete", "new", "drop", "move", "copy"),
            (4, 4, 4, 3, 2, 1, 2, 1),
        )[0]
        paragraphs = _edit_once(list(paragraphs), typist, kind)
    return paragraphs


def _edit_once(paragraphs: list[Paragraph], typist: Typist, kind: str) -> list[Paragraph]:
    random = typist.random
    at = random.randrange(len(paragraphs))
    own = paragraphs[at]
    words = list(own.words)
    place = random.randrange(len(words))
    ends = [n + 1 for n, word in enumerate(words) if word == "."]
    if kind == "new":
        new = Paragraph("", (*typist.type_words(), "."), own.answer)
        return [*paragraphs[: at + 1], new, *paragraphs[at + 1 :]]
    if kind in ("drop", "move"):
        rest = [*paragraphs[:at], *paragraphs[at + 1 :]]
        if not any(p.answer == own.answer for p in rest):
            return paragraphs
        if kind == "drop":
            return rest
        to = random.choice([n for n, p in enumerate(rest) if p.answer == own.answer])
        return [*rest[: to + 1], own, *rest[to + 1 :]]
    if kind == "copy":
        twin = Paragraph(own.name, own.words, own.answer, is_copy=True)
        return [*paragraphs[: at + 1], twin, *paragraphs[at + 1 :]]
    if kind == "insert":
        words[place:place] = typist.type_words()
    elif kind == "sentence":
        place = random.choice([0, *ends])
        words[place:place] = [*typist.type_words(), "."]
    elif kind == "replace":
        words[place : place + random.randint(1, 3)] = typist.type_words()
    elif len(words) > 4:
        del words[place : place + random.randint(1, 3)]
    paragraphs[at] = Paragraph(own.name, tuple(words), own.answer, own.is_copy)
    return paragraphs


def make_tokens(words: tuple[str, ...]) -> list[Token]:
    return [BlockStart(), *split_words([StyledText(" ".join(words))])]


def make_content(paragraphs: list[Paragraph]) -> dict[str, list[Token]]:
    """Return the answers as the content would hold them."""
    return {
        owner.address: [t for p in paragraphs if p.answer == n for t in make_tokens(p.words)]
        for n, owner in enumerate(ANSWERS)
    }


@dataclass
class Desk:
    """The content, into which the files of editors are pulled."""

    brief: list[Paragraph]
    content: dict[str, list[Token]]

    def pull(self, edited: list[Paragraph]) -> MergedFile:
        """Pull a file: what is clean goes into the content."""
        sent = [_send(paragraph) for paragraph in self.brief]
        merged = merge_assigned(
            lambda owner: list(self.content[owner.address]),
            assign_edits(sent, _list_lines(edited)),
        )
        self.content |= {address: value.ours for address, value in merged.values.items()}
        return merged


def _send(paragraph: Paragraph) -> SentParagraph:
    tokens = tuple(make_tokens(paragraph.words))
    owner = ANSWERS[paragraph.answer]
    return SentParagraph(paragraph.name, "bodytext", tokens, (owner,) * len(tokens))


def _list_lines(paragraphs: list[Paragraph]) -> list[Line]:
    return [
        Line(
            words=split_words([StyledText(" ".join(p.words))]),
            form=PARAGRAPH,
            style="bodytext",
            numbers=(number,),
            anchors=frozenset([p.name] if p.name and not p.is_copy else []),
            copies=frozenset([p.name] if p.is_copy else []),
            comments=frozenset(),
            cell=0,
            revisions=(),
        )
        for number, p in enumerate(paragraphs, start=1)
    ]


def is_clean(merged: MergedFile) -> bool:
    return not any(value.is_in_conflict for value in merged.values.values())


def count_words(*contents: dict[str, list[Token]]) -> Counter[str]:
    return Counter(
        token.text
        for content in contents
        for tokens in content.values()
        for token in tokens
        if not isinstance(token, BlockStart)
    )


def count_typed(paragraphs: list[Paragraph]) -> Counter[str]:
    return Counter(word for paragraph in paragraphs for word in paragraph.words)
