"""An article under the Chatham House Rule: what was said, without who said it.

A step from the model to the model, before any template sees it: experts become Expert A, B, C,
in the article's order and under the ids a, b, c; what stands behind their names is left out, and
so is what leads to the published text. Where running words still hold a name or an institution,
they are withheld, in answers and in quotes of them alike, and each place is reported to the editor.
Pictures keep nothing but what is seen: cameras and agencies note names in them.

The publisher's own name is no secret, nor are the authors': they asked, and answer for the text.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from pipeline.content.model import Answer, Article, Content, Expert, House, QuotedEvidence, Turn
from pipeline.content.name_index import (
    LEAST_INSIDE,
    LEAST_LETTERS,
    REDACTED_INSTITUTION,
    REDACTED_NAME,
    NameIndex,
    find_institutions,
    map_expert_names,
    normalise_name,
)
from pipeline.content.quotes import QuoteLedger
from pipeline.diagnostics import Findings, Location, make_problem
from pipeline.document import images
from pipeline.document.tree import (
    Address,
    Document,
    Figure,
    Image,
    Link,
    Text,
    to_full_text,
    to_json,
    walk,
)
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.records import SourcedText

_FIXED: Final = re.compile(r"content/|house\.yaml|article\.md|summary\.yaml")
"""What files are called whoever speaks."""
_ADDRESS: Final = re.compile(r"[\w.+/:~-]*(?:@|://|\bwww\.)[\w./@~?=&%#-]*\w")
"""A web or mail address, or a handle, in running words."""


def redact_content(content: Content) -> Content:
    """Return an article without the names of those who answer.

    What was withheld in running words is among the warnings. Raises Problems:
    ``name-in-id`` where the article's or a question's id holds a name, ``quote-not-verbatim``
    where a quote begins or ends within a name.
    """
    return _Redactor(content, plan_redaction(content)).redact()


def check_redaction(
    document: Document, ledger: bytes, files: Iterable[str], content: Content
) -> None:
    """Raise Problems (``name-left``) when what is withheld still stands somewhere.

    Looks through a brief's words and ids, its quote ledger, and the names of ``files``.
    """
    withheld = NameIndex(dict.fromkeys(content.redacted_words, ""))
    texts = (to_json(document), to_full_text(document.children), ledger.decode())
    found = [match for text in texts for match in withheld.find_names(_remove_joiners(text))]
    nodes = list(walk(document))
    hrefs = [node.href for node in nodes if isinstance(node, Link)]
    found += [href for href in hrefs if withheld.is_name_inside(href, LEAST_LETTERS)]
    ids = [getattr(node, name, "") for node in nodes for name in ("id", "target", "image")]
    ids += [_FIXED.sub("", file) for file in files]
    found += [name for name in ids if withheld.is_name_inside(name, LEAST_INSIDE)]
    if found:
        raise make_problem(
            "name-left",
            f"“{found[0]}” tells who spoke, and still stands in this brief",
            None,
            "look for it in the template, in emphasis within a name, or in the name of a file",
        )


def _remove_joiners(text: str) -> str:
    """Take out what nobody sees: joiners within words."""
    return re.sub("[\u200c\u200d\u2060]", "", text)


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """What becomes of those who answer in one article, and which words are withheld."""

    letters: Mapping[str, str]
    """The letter of each expert, by id."""
    experts: Mapping[str, Expert]
    """What is shown of each expert, by id."""
    id_pattern: re.Pattern[str]
    """An expert's id in an address."""
    names: NameIndex
    full_names: frozenset[str]
    """The experts' names, as they are looked up."""
    redacted_words: tuple[str, ...]


def plan_redaction(content: Content) -> RedactionPlan:
    """Return what is to be withheld in an article, and what stands there instead."""
    experts = content.article.experts
    # A moderator's turn is addressed by an author's id, which no expert's letter may be.
    authors = {author.id for author in content.article.authors}
    free = (letter for letter in map(_count_in_letters, count()) if letter not in authors)
    letters = {expert.id: letter for expert, letter in zip(experts, free, strict=False)}
    shown = {expert.id: _make_expert(letters[expert.id]) for expert in experts}
    own = {normalise_name(name) for name in (content.house.name, content.house.unit)}
    institutions = sorted({name for expert in experts for name in find_institutions(expert)})
    instead = {
        name: REDACTED_INSTITUTION for name in institutions if normalise_name(name) not in own
    } | map_expert_names((expert, shown[expert.id].name) for expert in experts)
    either_id = "|".join(map(re.escape, sorted(letters, key=len, reverse=True)))
    return RedactionPlan(
        letters=letters,
        experts=shown,
        id_pattern=re.compile(rf"(?<=[.+#])(?:{either_id})(?=[.+]|$)"),
        names=NameIndex(instead),
        full_names=frozenset(normalise_name(e.name) for e in experts if " " in e.name),
        redacted_words=tuple(sorted(instead)),
    )


def _make_expert(letter: str) -> Expert:
    address = f"article.md#experts.{letter}.name"
    return Expert(id=letter, name=SourcedText.from_text(f"Expert {letter.upper()}", address))


@dataclass(frozen=True, slots=True)
class _Redactor:
    """One article on its way to an article without names."""

    content: Content
    plan: RedactionPlan
    findings: Findings = field(default_factory=Findings)

    def redact(self) -> Content:
        content = self.content
        self._check_ids(content.article)
        article = self._redact_article(content.article)
        house: House = self.redact_value(content.house)
        summary = self.redact_value(content.summary)
        places = {self.redact_address(address): at for address, at in content.places.items()}
        ledger = QuoteLedger(article, content.lines, places, self.findings)
        quotations = ledger.check_summary(summary) if summary else ()
        self.findings.stop_on_errors()
        return replace(
            content,
            article=article,
            house=house,
            summary=summary,
            images={name: images.strip_metadata(image) for name, image in content.images.items()},
            quotations=quotations,
            places=places,
            warnings=(*content.warnings, *self.findings),
            redacted_words=self.plan.redacted_words,
        )

    def _check_ids(self, article: Article) -> None:
        for what, name in (
            ("article", article.slug),
            *(("question", question.id) for question in article.questions),
        ):
            if self.plan.names.is_name_inside(name, LEAST_INSIDE):
                self.findings.add_error(
                    "name-in-id",
                    f"the {what}'s id `{name}` holds a name that is to be withheld",
                    Location(f"content/{article.slug}/article.md"),
                    "files and links are called by it: give it another",
                )
        self.findings.stop_on_errors()

    def _redact_article(self, article: Article) -> Article:
        shown = replace(article, experts=(), related=(), credits=(), notes=(), source=None)
        changed: Article = self._redact_fields(shown)
        return replace(
            changed,
            slug=f"{article.slug}-{CHATHAM_HOUSE}",
            experts=tuple(self.plan.experts[expert.id] for expert in article.experts),
        )

    # --- values -----------------------------------------------------------------------------

    def redact_value(self, value: Any) -> Any:
        """Return a value of the model, or a node, without names.

        Raises TypeError for what is not known to hold none.
        """
        match value:
            case SourcedText():
                return SourcedText.from_text(
                    self.redact_words(value, value.address), self.redact_address(value.address)
                )
            case tuple():
                return tuple(kept for part in value for kept in self._redact_part(part))
            case Mapping():
                return {
                    self.plan.letters.get(key, key): self.redact_value(item)
                    for key, item in value.items()
                }
            case None | str() | int() | datetime.date() | Image():
                return value  # a plain string is a key, a role or a choice; words have an address
            case _ if dataclasses.is_dataclass(value):
                return self._redact_record(value)
            case _:
                raise TypeError(f"it is not known whether a {type(value).__name__} holds names")

    def _redact_record(self, record: Any) -> Any:
        match record:
            case Text(text, source):
                return Text(self.redact_words(text, source), source and self.redact_address(source))
            case Figure():
                return self._redact_figure(record)
            case Expert() if record.id in self.plan.experts:
                return self.plan.experts[record.id]
            case Answer(address=address) | Turn(address=address):
                return replace(self._redact_fields(record), address=self.redact_address(address))
            case QuotedEvidence(answer=answer, quote=quote):
                return QuotedEvidence(
                    answer=self._redact_cited(answer), quote=self.redact_value(quote)
                )
            case _:
                return self._redact_fields(record)

    def _redact_fields(self, record: Any) -> Any:
        names = [item.name for item in dataclasses.fields(record)]
        return type(record)(**{name: self.redact_value(getattr(record, name)) for name in names})

    def _redact_part(self, part: Any) -> tuple[Any, ...]:
        """Return what becomes of a part: of a link that shows a name, its words."""
        match part:
            case Link(href, children) if self.plan.names.is_name_inside(href, LEAST_LETTERS):
                self._report_redaction(href, "an address is left out", None)
                return tuple(self.redact_value(children))
            case Figure(image, alt, caption) if self.plan.names.is_name_inside(
                image, LEAST_INSIDE
            ) or self.plan.names.find_names(f"{alt} {to_full_text(caption)}"):
                self._report_redaction(image, "a picture is left out", None)
                return ()
            case _:
                return (self.redact_value(part),)

    def _redact_figure(self, figure: Figure) -> Figure:
        self._report_redaction(
            figure.image, "a picture is shown, and what it shows cannot be read", None
        )
        return replace(figure, caption=self.redact_value(figure.caption))

    def redact_words(self, text: str, address: str | None) -> str:
        """Return words with names withheld; report each but an expert's own."""

        def replace_name(match: re.Match[str]) -> str:
            word = self.plan.names.find_replacement(match.group())
            is_article = (address or "").startswith("article.md#")
            is_full = normalise_name(match.group()) in self.plan.full_names
            if word in (REDACTED_NAME, REDACTED_INSTITUTION) or (is_article and not is_full):
                self._report_redaction(match.group(), f"“{word}” stands here instead", address)
            return word

        def replace_address(match: re.Match[str]) -> str:
            if not self.plan.names.is_name_inside(match.group(), LEAST_LETTERS):
                return match.group()
            self._report_redaction(match.group(), f"“{REDACTED_NAME}” stands here instead", address)
            return REDACTED_NAME

        text = self.plan.names.pattern.sub(replace_name, _ADDRESS.sub(replace_address, text))
        for word in self.plan.names.find_compounds(text):
            self._report_redaction(word, "this word holds a name, and is left as it is", address)
        return text

    def redact_address(self, address: str) -> Address:
        """Return an address, or an answer's, with letters for experts' ids."""
        return Address(
            self.plan.id_pattern.sub(lambda match: self.plan.letters[match.group()], address)
        )

    def _redact_cited(self, answer: str) -> str:
        """Return the answer that is cited, at the place where it is."""
        cited = self.redact_address(answer)
        if not isinstance(answer, SourcedText):
            return cited
        return SourcedText.from_text(cited, self.redact_address(answer.address))

    def _report_redaction(self, found: str, what: str, address: str | None) -> None:
        self.findings.add_warning(
            "withheld",
            f"“{found}”: {what}",
            self.content.places.get(Address(address or "")),
            "look whether the words still tell who spoke, and whether they can be read",
        )


def _count_in_letters(number: int) -> str:
    """Count in letters: a to z, then aa, ab and so on."""
    before, last = divmod(number, 26)
    return (_count_in_letters(before - 1) if before else "") + chr(ord("a") + last)
