"""An article under the Chatham House Rule: what was said, without who said it.

A step from the model to the model, before any template sees it: experts become Expert A, B, C,
in the article's order and under the ids a, b, c; what stands behind their names is left out, and
so is what leads to the published text. Where running words still hold a name or an institution,
they are withheld, in answers and in quotes of them alike, and each place is told to the editor.
Pictures keep nothing but what is seen: cameras and agencies note names in them.

Names are found as words that begin with a capital. The publisher's own name is no secret, nor
are the authors': they asked, and answer for the text.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pipeline.content.model import Answer, Article, Content, Expert, House, QuotedEvidence
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

REDACTED_NAME: Final = "[name withheld]"
REDACTED_INSTITUTION: Final = "[institution withheld]"
LEAST_LETTERS: Final = 4
"""Of a name that is looked for inside addresses, such as https://example.org/aciglic, and with an
s at its end, as in German: Ciglics."""
LEAST_INSIDE: Final = 6
"""Of one that is looked for inside ids, names of files and words: shorter ones stand in others."""

_TITLES: Final = frozenset(
    {"amb", "ambassador", "dame", "dr", "jr", "lord", "mr", "mrs", "ms", "prof", "professor"}
    | {"sir", "sr"}
)
_ROLES: Final = frozenset(
    {"adviser", "advisor", "affiliate", "ambassador", "analyst", "associate", "chair", "counsel"}
    | {"coordinator", "dean", "deputy", "director", "editor", "executive", "expert", "fellow"}
    | {"former", "founder", "head", "lecturer", "manager", "member", "minister", "officer"}
    | {"partner", "president", "principal", "professor", "researcher", "scholar", "secretary"}
    | {"senior", "senator", "the", "vice", "visiting"}
)
"""Words that a position begins with, and that name no institution by themselves."""
_KINDS: Final = frozenset(
    {"corporation", "foundation", "gmbh", "inc", "institute", "llc", "ltd", "university"}
)
"""Words that end an institution's name, and are left out when it is spoken of."""
_FIXED: Final = re.compile(r"content/|house\.yaml|article\.md|summary\.yaml")
"""What files are called whoever speaks."""
_ADDRESS: Final = re.compile(r"[\w.+/:~-]*(?:@|://|\bwww\.)[\w./@~?=&%#-]*\w")
"""A web or mail address, or a handle, in running words."""
_CAPITALISED: Final = r"[A-ZÀ-ÖØ-Þ][\w’'.&-]*"
_RUN: Final = re.compile(
    rf"{_CAPITALISED}(?: (?:(?:of|the|for|and|on|in|de|la|du|des|&) )*(?:{_CAPITALISED}|\d+))*"
)
"""A name in a position: words with capitals, and small words between them."""


def redact_content(content: Content) -> Content:
    """Give an article without the names of those who answer.

    What was withheld in running words is among the warnings. Raises Problems:
    ``name-in-id`` where the article's or a question's id holds a name, ``quote-not-verbatim``
    where a quote begins or ends within a name.
    """
    return _Redactor(content).redact()


def check_redaction(
    document: Document, ledger: bytes, files: Iterable[str], content: Content
) -> None:
    """Raise Problems (``name-left``) when what is withheld still stands somewhere.

    Looks through a brief's words and ids, its quote ledger, and the names of ``files``.
    """
    withheld = _NameIndex(dict.fromkeys(content.redacted_words, ""))
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


# --- what is looked for -------------------------------------------------------------------


class _NameIndex:
    """Words to withhold, each with what stands in its place."""

    def __init__(self, instead: Mapping[str, str]) -> None:
        self.replacements = {_normalise_name(name): word for name, word in instead.items()}
        longest_first = sorted(instead, key=len, reverse=True)
        either = "|".join(map(_write_name_pattern, longest_first)) or "(?!)"
        self.pattern = re.compile(rf"(?<![\w\u0300-\u036f])(?:{either})(?![\w\u0300-\u036f])")
        self.bare_names = frozenset(filter(None, (_squeeze_name(name) for name in instead)))

    def find_names(self, text: str) -> list[str]:
        return [match.group() for match in self.pattern.finditer(text)]

    def find_replacement(self, found: str) -> str:
        """Give what stands instead of a name that was found."""
        name = _normalise_name(found)
        return self.replacements[name if name in self.replacements else name.removesuffix("s")]

    def find_compounds(self, text: str) -> list[str]:
        """Give the words that hold a name and more, such as a hashtag."""
        long = [each for each in self.bare_names if len(each) >= LEAST_INSIDE]
        return [
            word
            for word in re.findall(r"[\w\u0300-\u036f]{6,}", text)
            if any(each in _squeeze_name(word) != each for each in long)
        ]

    def is_name_inside(self, name: str, least: int) -> bool:
        """Tell whether an id, an address or a file's name holds one, in any case.

        One of ``least`` letters is found inside other words as well.
        """
        parts = {_squeeze_name(part) for part in re.split(r"[\W_]+", name)}
        whole = _squeeze_name(name)
        return any(
            each in parts or (len(each) >= least and each in whole) for each in self.bare_names
        )


def _write_name_pattern(name: str) -> str:
    """Write a pattern for a name: in capitals or not, with its accents or without."""
    spelled = r"[\s‐‑-]+".join(
        "(?:"
        + "|".join(sorted(map(_escape_spelling, _list_name_spellings(word)), reverse=True))
        + ")"
        for word in re.split(r"[\s‐‑-]+", name)
    )
    return f"{spelled}[sS]?" if len(name) >= LEAST_LETTERS else spelled


def _escape_spelling(spelling: str) -> str:
    return re.escape(spelling).replace("'", "['’ʼ]").replace("’", "['’ʼ]")


def _list_name_spellings(word: str) -> set[str]:
    forms = {unicodedata.normalize(form, word) for form in ("NFC", "NFD")} | {_remove_accents(word)}
    return {*forms, *(form.upper() for form in forms)}


def _remove_accents(text: str) -> str:
    """Write letters without their accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _normalise_name(name: str) -> str:
    """Write a name as it is looked up: whatever its case, accents, spaces and hyphens."""
    return re.sub(
        r"[\s‐‑-]+", " ", _remove_accents(name).replace("’", "'").replace("ʼ", "'")
    ).casefold()


def _squeeze_name(name: str) -> str:
    return "".join(filter(str.isalnum, _remove_accents(name).casefold()))


def _map_expert_names(experts: Iterable[tuple[Expert, str]]) -> dict[str, str]:
    """Give what experts are called, with what stands instead.

    A full name and a surname become the expert's letter; a given name by itself, or what two
    share, is withheld.
    """
    instead: dict[str, str] = {}
    for expert, called in experts:
        name = expert.name.split(",")[0].split()
        tokens = [token for token in name if not _is_title(token)] or name
        ends = {tokens[0], tokens[-1]}
        proper = [token for token in tokens if token in ends or not token.islower()]
        parts = [part for token in proper for part in re.split("[‐‑-]", token)]
        family = " ".join(tokens[1:])  # with what stands before a surname, such as van der
        own = {
            " ".join(tokens),
            f"{tokens[0]} {tokens[-1]}",
            f"{tokens[0][0]}. {tokens[-1]}",
            family,
            family[:1].upper() + family[1:],
        }
        own.add(tokens[-1])
        found = dict.fromkeys(parts, REDACTED_NAME) | dict.fromkeys(own, called)
        for each, word in found.items():
            if _is_usable_name(each):
                instead[each] = word if instead.get(each, word) == word else REDACTED_NAME
    return instead


def _is_title(token: str) -> bool:
    return token.rstrip(".").lower() in _TITLES


def _is_usable_name(part: str) -> bool:
    return len(part) > 1 and not part.endswith(".")


def _find_institutions(expert: Expert) -> Iterator[str]:
    """Give the institutions that an expert's position names, as they may be spoken of."""
    for written in (expert.affiliation, expert.descriptor, *expert.roles):
        for segment in re.split(r"[;,()/|]", written):
            for run in _RUN.findall(segment.strip()):
                yield from _list_short_names(run)


def _list_short_names(institution: str) -> Iterator[str]:
    """Give an institution's name without its article, and without its kind."""
    parts = institution.removeprefix("The ").split()
    if len(parts) > 1 or _is_distinctive(parts[0]):
        yield " ".join(parts)
    *rest, kind = parts
    is_known_by_it = len(rest) > 1 or kind == "University" or "".join(rest).isupper()
    if rest and kind.lower().rstrip(".") in _KINDS and is_known_by_it:
        yield " ".join(rest)


def _is_distinctive(word: str) -> bool:
    return len(word) > 2 and word.lower() not in _ROLES


# --- the step -----------------------------------------------------------------------------


class _Redactor:
    """One article on its way to an article without names."""

    def __init__(self, content: Content) -> None:
        self.before = content
        self.findings = Findings()
        experts = content.article.experts
        self.ids = {expert.id: _count_in_letters(number) for number, expert in enumerate(experts)}
        self.experts = {e.id: self._make_expert(e) for e in experts}
        own = {_normalise_name(name) for name in (content.house.name, content.house.unit)}
        found = {name for expert in experts for name in _find_institutions(expert)}
        names = _map_expert_names((expert, self.experts[expert.id].name) for expert in experts)
        self.full = {_normalise_name(expert.name) for expert in experts if " " in expert.name}
        instead = {
            name: REDACTED_INSTITUTION for name in sorted(found) if _normalise_name(name) not in own
        } | names
        self.names = _NameIndex(instead)
        self.redacted_words = tuple(sorted(instead))
        either = "|".join(map(re.escape, sorted(self.ids, key=len, reverse=True)))
        self._keys = re.compile(rf"(?<=[.+#])(?:{either})(?=[.+]|$)")

    def _make_expert(self, expert: Expert) -> Expert:
        letter = self.ids[expert.id]
        return Expert(
            id=letter,
            name=SourcedText.from_text(
                f"Expert {letter.upper()}", f"article.md#experts.{letter}.name"
            ),
        )

    def redact(self) -> Content:
        content = self.before
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
            redacted_words=self.redacted_words,
        )

    def _check_ids(self, article: Article) -> None:
        for what, name in (
            ("article", article.slug),
            *(("question", question.id) for question in article.questions),
        ):
            if self.names.is_name_inside(name, LEAST_INSIDE):
                self.findings.add_error(
                    "name-in-id",
                    f"the {what}'s id `{name}` holds a name that is to be withheld",
                    Location(f"content/{article.slug}/article.md"),
                    "files and links are called by it: give it another",
                )
        self.findings.stop_on_errors()

    def _redact_article(self, article: Article) -> Article:
        shown = replace(article, experts=(), related=(), credits=(), notes=(), source=None)
        changed: Article = self._redact_record(shown)
        return replace(
            changed,
            slug=f"{article.slug}-{CHATHAM_HOUSE}",
            experts=tuple(self.experts[expert.id] for expert in article.experts),
        )

    # --- values -----------------------------------------------------------------------------

    def redact_value(self, value: Any) -> Any:
        """Give a value of the model, or a node, without names."""
        match value:
            case SourcedText():
                return SourcedText.from_text(
                    self.redact_words(value, value.address), self.redact_address(value.address)
                )
            case Text(text, source):
                return Text(self.redact_words(text, source), source and self.redact_address(source))
            case Figure():
                return self._redact_figure(value)
            case Expert() if value.id in self.experts:
                return self.experts[value.id]
            case Answer(address=address):
                return replace(self._redact_record(value), address=self.redact_address(address))
            case QuotedEvidence(answer=answer, quote=quote):
                return QuotedEvidence(
                    answer=self.redact_address(answer), quote=self.redact_value(quote)
                )
            case tuple():
                return tuple(made for part in value for made in self._redact_part(part))
            case Mapping():
                return {
                    self.ids.get(key, key): self.redact_value(held) for key, held in value.items()
                }
            case _ if dataclasses.is_dataclass(value) and not isinstance(value, Image):
                return self._redact_record(value)
            case _:
                return value

    def _redact_record(self, record: Any) -> Any:
        made = {
            f.name: self.redact_value(getattr(record, f.name)) for f in dataclasses.fields(record)
        }
        return type(record)(**made)

    def _redact_part(self, part: Any) -> tuple[Any, ...]:
        """Give what becomes of a part: of a link that tells a name, its words."""
        match part:
            case Link(href, children) if self.names.is_name_inside(href, LEAST_LETTERS):
                self._report_redaction(href, "an address is left out", None)
                return tuple(self.redact_value(children))
            case Figure(image, alt, caption) if self.names.is_name_inside(
                image, LEAST_INSIDE
            ) or self.names.find_names(f"{alt} {to_full_text(caption)}"):
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
        """Give words with names withheld; tell of each but an expert's own."""

        def withheld(match: re.Match[str]) -> str:
            word = self.names.find_replacement(match.group())
            is_article = (address or "").startswith("article.md#")
            is_full = _normalise_name(match.group()) in self.full
            if word in (REDACTED_NAME, REDACTED_INSTITUTION) or (is_article and not is_full):
                self._report_redaction(match.group(), f"“{word}” stands here instead", address)
            return word

        def without(match: re.Match[str]) -> str:
            if not self.names.is_name_inside(match.group(), LEAST_LETTERS):
                return match.group()
            self._report_redaction(match.group(), f"“{REDACTED_NAME}” stands here instead", address)
            return REDACTED_NAME

        text = self.names.pattern.sub(withheld, _ADDRESS.sub(without, text))
        for word in self.names.find_compounds(text):
            self._report_redaction(word, "this word holds a name, and is left as it is", address)
        return text

    def redact_address(self, address: str) -> Address:
        """Give an address, or an answer's, with letters for experts' ids."""
        return Address(self._keys.sub(lambda match: self.ids[match.group()], address))

    def _report_redaction(self, found: str, what: str, address: str | None) -> None:
        self.findings.add_warning(
            "withheld",
            f"“{found}”: {what}",
            self.before.places.get(Address(address or "")),
            "look whether the words still tell who spoke, and whether they can be read",
        )


def _count_in_letters(number: int) -> str:
    """Count in letters: a to z, then aa, ab and so on."""
    before, last = divmod(number, 26)
    return (_count_in_letters(before - 1) if before else "") + chr(ord("a") + last)
