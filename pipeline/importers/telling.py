"""What an import found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.diagnostics import Diagnostic
from pipeline.importers.draft import Asked, Turn
from pipeline.importers.importing import Result
from pipeline.importers.people import Person


def text(result: Result) -> str:
    """Write what was found: who answered what, under which labels, and where every line went."""
    return "\n".join([*_matrix(result), "", *_labels(result), "", *_totals(result), *_end(result)])


def _matrix(result: Result) -> Iterator[str]:
    draft = result.draft
    yield draft.title
    if draft.authors:
        yield f"by {', '.join(person.name for person in draft.authors)}"
    yield ""
    people = [*draft.experts, *(p for p in draft.moderators if _turns(result, p))]
    width = max(len(person.name) for person in people)
    heads = [f"q{number}" for number in range(1, len(draft.questions) + 1)]
    columns = [max(5, len(head)) for head in heads]
    yield "words".ljust(width) + "".join(f"  {h:>{c}}" for h, c in zip(heads, columns, strict=True))
    for person in people:
        cells = [_cell(question, person) for question in draft.questions]
        row = "".join(f"  {cell:>{c}}" for cell, c in zip(cells, columns, strict=True))
        yield person.name.ljust(width) + row
    yield ""
    for number, question in enumerate(draft.questions, 1):
        yield f"q{number}  {'(implied) ' if question.implied else ''}{question.text or draft.title}"


def _turns(result: Result, person: Person) -> list[Turn]:
    return [turn for turn in result.draft.turns if person in turn.people]


def _cell(question: Asked, person: Person) -> str:
    words = sum(turn.words for turn in question.turns if person in turn.people)
    if any(person in people for people in question.missing):
        return "lost"
    return str(words) if words else "–"


def _labels(result: Result) -> Iterator[str]:
    yield "labels"
    draft = result.draft
    for person in [*draft.experts, *draft.moderators]:
        used = ", ".join(
            f"{label[:60]}{'…' if len(label) > 60 else ''} × {count}"
            for label, count in person.labels.items()
        )
        yield f"  {person.name}: {used or 'no word'}"


def _totals(result: Result) -> Iterator[str]:
    account = result.account
    lines = ", ".join(f"{number} {what}" for what, number in account.lines.items())
    words = ", ".join(f"{number} {_WORDS[what]}" for what, number in account.words.items())
    yield f"lines: {account.all_lines} = {lines}"
    yield f"words: {account.all_words} = {words}"
    yield f"spaces made plain: {account.no_break} no-break, {account.double} double"
    for left in result.draft.skipped:
        shown = left.text if len(left.text) <= 60 else f"{left.text[:57]}…"
        yield f"skipped {left.line}: {shown} ({left.reason})"
    for proposal in result.draft.proposals:
        yield f"proposed: {proposal}"


_WORDS = {"content": "content", "metadata": "metadata", "mark": "marks", "skipped": "skipped"}


def _end(result: Result) -> Iterator[str]:
    yield ""
    if result.difference:
        yield result.difference
        article = f"content/{result.slug}/article.md"
        yield f"{article} is there and differs: --update merges what is new into it"
    elif result.decisions.open:
        answers = result.written[0]
        yield f"nothing imported yet: answer in {answers}, or take the proposals with --yes"
    else:
        yield from (f"wrote {name}" for name in result.written)
        if result.conflicts:
            yield "the article waits for you: where the lines below stand, both texts are kept"


def record(result: Result) -> dict[str, Any]:
    """Give what was found as one record for programs."""
    draft, ids = result.draft, result.ids
    return {
        "article": result.slug,
        "title": draft.title,
        "short_title": draft.short_title or None,
        "series": draft.series or None,
        "date": draft.date or None,
        "authors": [person.name for person in draft.authors],
        "moderators": [person.name for person in draft.moderators],
        "experts": [
            {
                "id": ids[id(person)],
                "name": person.name,
                "descriptor": person.descriptor or None,
                "roles": list(person.roles),
                "affiliation": person.affiliation or None,
                "labels": dict(person.labels),
            }
            for person in draft.experts
        ],
        "introduction": [block.text for block in draft.introduction],
        "questions": [
            {
                "id": f"q{number}",
                "text": question.text or None,
                "implied": question.implied,
                "answers": [_turn(turn, ids) for turn in question.turns],
                "missing": [[ids[id(p)] for p in people] for people in question.missing],
            }
            for number, question in enumerate(draft.questions, 1)
        ],
        "topics": draft.topics,
        "about": [block.text for block in draft.about],
        "related": draft.related,
        "credits": draft.credits,
        "footnotes": {note.label: note.text for note in draft.notes},
        "proposals": draft.proposals,
        "skipped": [
            {"line": left.line, "text": left.text, "reason": left.reason} for left in draft.skipped
        ],
        "account": {
            "lines": {**result.account.lines, "all": result.account.all_lines},
            "words": {**result.account.words, "all": result.account.all_words},
            "no_break_spaces": result.account.no_break,
            "double_spaces": result.account.double,
        },
        "asked": [
            {
                "id": query.id,
                "question": query.text,
                "choices": list(query.choices),
                "proposal": query.proposal,
                "answer": result.decisions.known.get(query.id),
            }
            for query in result.decisions.queries
        ],
        "diagnostics": [_diagnostic(found) for found in result.diagnostics],
        "conflicts": [_diagnostic(found) for found in result.conflicts],
        "written": list(result.written),
        "difference": result.difference or None,
    }


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "line": found.at.line if found.at else None,
        "hint": found.hint,
    }


def _turn(turn: Turn, ids: Any) -> dict[str, Any]:
    return {
        "experts": [ids[id(person)] for person in turn.people],
        "names": [person.name for person in turn.people],
        "quotes": turn.quotes,
        "paragraphs": [block.text for block in turn.blocks],
    }
