"""Edits of what a brief is made of, statements and lists, and what they make of the content."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.editor import Editor
from tests.support.read_outputs import W
from tests.support.review_project import ARTICLE_FILE, SHORT, TEXTS

_DIFFERENT = '{text: Bob rests., evidence: [{answer: q1.bob, quote: "It rests"}]}'
_LISTS = """\
agreements:
  # what they share
  - text: Both say that words matter.
    evidence:
      - {answer: q1.ann, quote: "norms do too"}

  - text: >-
      Both say that
      nobody knows.
    evidence: [{answer: q2.bob, quote: "Nobody knows"}]  # bob

  # the last
  - text: Both talk.
    evidence: [{answer: q2.ann, quote: "words will come"}]
differences: [{text: Ann doubts it., evidence: [{answer: q1.ann, quote: rule}]}, LAST]
options:
- text: "Talk more."
  evidence:
  - {answer: q2.ann, quote: "words will come"}
- evidence:
  - {answer: q1.bob, quote: "rain or shine"}
  text: 'Wait for rain.'
""".replace("LAST", _DIFFERENT)
_BODY = """\
Because words bind, and norms do too, as a rule.

- Bread is old.
- Salt is older.
  - Sea salt is oldest.
  - Rock salt too.
- Wine is young.

After the list.

3. Third thing.
4. Fourth thing.
5. Fifth thing.

* Loose one.

* Loose two.

Nobody doubts *this* much.

"""


def _make_texts() -> Mapping[str, str]:
    summary, article = TEXTS[SHORT["summary"]], TEXTS[ARTICLE_FILE]
    start, end = article.index("Because words"), article.index("## bob")
    article = article[:start] + _BODY + article[end:]
    opening = "An introduction to the table."
    return {
        **TEXTS,
        SHORT["summary"]: summary.replace("glossary:", f"{_LISTS}glossary:")
        + "  - term: Word\n    definition: What people say.\n",
        ARTICLE_FILE: article.replace(opening, f"{opening}\nIt is short.\n\nA second opening.\n"),
    }


STRUCTURE = _make_texts()


def cut(text: str, start: str, end: str = "") -> str:
    """Return the part of a text from some words on, up to others."""
    at = text.index(start)
    return text[at : text.index(end, at)] if end else text[at:]


def _drop(*starts: str):
    return lambda e: [e.drop(start) for start in starts]


def _move(behind: str, *starts: str):
    return lambda e: [e.move(start, behind) for start in reversed(starts)]


def _merge(start: str, end: str, *between: str):
    """Join a paragraph with the next one, without what stands between them."""
    return lambda e: (_drop(*between)(e), e.merge(start), e.insert(end, " "))


def _style(editor: Editor, start: str) -> str:
    return editor.paragraph(start).find(f"{W}pPr/{W}pStyle").get(f"{W}val")


_FIRST = '  - text: "Words do bind."\n    evidence: [{answer: q1.ann, quote: "norms do too"}]\n'
_SECOND = (
    "  - text: 'It isn''t always so.'\n    evidence: [{answer: q1.bob, quote: \"on the day\"}]\n"
)
_THIRD = '  - text: More will follow.\n    evidence: [{answer: q2.ann, quote: "words will come"}]\n'
_KNOWS = (
    "\n  - text: >-\n      Both say that\n      nobody knows.\n"
    '    evidence: [{answer: q2.bob, quote: "Nobody knows"}]  # bob\n'
)
_TALK = (
    "\n  # the last\n  - text: Both talk.\n"
    '    evidence: [{answer: q2.ann, quote: "words will come"}]\n'
)
MATTER = (
    "  - text: Both say that words matter.\n    evidence:\n"
    '      - {answer: q1.ann, quote: "norms do too"}\n'
)

STATEMENTS: Mapping[str, tuple] = {
    "a new takeaway": (
        lambda e: e.paragraph_after("do bind", "Talk binds."),
        [(_SECOND, f'  - text: "Talk binds."\n{_SECOND}')],
        ["missing-key"],
    ),
    "a new takeaway behind the last one's evidence": (
        lambda e: e.paragraph_after("words will come”", "Talk: it binds.", style="Lead"),
        [(_THIRD, f'{_THIRD}  - text: "Talk: it binds."\n')],
        ["missing-key"],
    ),
    "a takeaway gone": (_drop("do bind"), [(_FIRST, "")], ["evidence", "wrong-count"]),
    "a takeaway gone with its evidence": (
        _drop("do bind", "norms do too”"),
        [(_FIRST, "")],
        ["evidence", "wrong-count"],
    ),
    "a takeaway moved": (
        _move("words will come”", "do bind", "norms do too”"),
        [(_FIRST, ""), (_THIRD, _THIRD + _FIRST)],
        [],
    ),
    "a takeaway divided": (
        lambda e: e.split("always so"),
        [(_SECOND, _SECOND.replace(" always so.", "") + "  - text: 'always so.'\n")],
        ["missing-key"],
    ),
    "takeaways joined": (
        _merge("do bind", "do bind.", "norms do too”"),
        [
            (
                _FIRST + _SECOND,
                '  - text: "Words do bind. It isn\'t always so."\n'
                '    evidence: [{answer: q1.ann, quote: "norms do too"}, '
                '{answer: q1.bob, quote: "on the day"}]\n',
            )
        ],
        ["evidence", "wrong-count"],
    ),
    "a new point": (
        lambda e: e.paragraph_after("nobody knows", "Both smile."),
        [(_TALK, f"\n  - text: >-\n      Both smile.\n{_TALK}")],
        ["missing-key"],
    ),
    "a new point at the end": (
        lambda e: e.paragraph_after("Both talk", "Both smile. And laugh."),
        [(_TALK, f"{_TALK}\n  - text: Both smile. And laugh.\n")],
        ["missing-key"],
    ),
    "a new point in brackets": (
        lambda e: e.paragraph_after("Ann doubts", "Both smile, at times."),
        [(_DIFFERENT, f'{{text: "Both smile, at times."}}, {_DIFFERENT}')],
        ["missing-key"],
    ),
    "a new option": (
        lambda e: e.paragraph_after("Wait for rain", "Smile: a lot."),
        [("'Wait for rain.'\n", "'Wait for rain.'\n- text: 'Smile: a lot.'\n")],
        ["missing-key"],
    ),
    "a point gone": (_drop("nobody knows"), [(_KNOWS, "")], ["evidence"]),
    "the last point gone": (_drop("Both talk."), [(_TALK, "")], ["evidence"]),
    "a point in brackets gone": (_drop("Bob rests."), [(f", {_DIFFERENT}", "")], ["evidence"]),
    "all points gone": (
        _drop("Ann doubts", "Bob rests."),
        [(cut(_LISTS, "differences:", "options:"), "differences: []\n")],
        ["evidence", "evidence"],
    ),
    "a point moved down": (
        _move("Both talk.", "words matter."),
        [(MATTER + _KNOWS, _KNOWS[1:]), (_TALK, f"{_TALK}\n{MATTER}")],
        [],
    ),
    "a point moved up": (
        _move("words matter.", "Both talk."),
        [(_TALK, ""), (_KNOWS, f"{_TALK}{_KNOWS}")],
        [],
    ),
    "a point divided": (
        lambda e: e.split("nobody knows."),
        [
            ("that\n      nobody knows.", "that"),
            (_TALK, f"\n  - text: >-\n      nobody knows.\n{_TALK}"),
        ],
        ["missing-key"],
    ),
    "points joined": (
        _merge("words matter.", "words matter."),
        [
            ("words matter.\n", "words matter. Both say that nobody knows.\n"),
            (_KNOWS, '      - {answer: q2.bob, quote: "Nobody knows"}\n'),
        ],
        ["evidence"],
    ),
    "one gone and one changed": (
        lambda e: (e.drop("nobody knows"), e.replace("Both talk", "All talk")),
        [(_KNOWS, ""), ("Both talk", "All talk")],
        ["evidence"],
    ),
    "a position gone": (
        lambda e: e.delete("They bind"),
        [("    ann: {text: They bind, quote: norms do too}\n", "")],
        ["evidence"],
    ),
    "a position that was lacking": (
        lambda e: e.replace("—", "Words — they come."),
        [("agreements:", "  q2:\n    ann: {text: Words — they come.}\nagreements:")],
        ["missing-key"],
    ),
}  # fmt: skip
"""Of each edit what it makes of summary.yaml, and the codes of what the pull says."""

ENTRIES: Mapping[str, tuple] = {
    "a new entry": (
        lambda e: (
            e.paragraph_after("most people do", "What is done.", _style(e, "most people do")),
            e.paragraph_after("most people do", "Deed", _style(e, "Norm")),
        ),
        [("people do.\n", "people do.\n  - term: Deed\n    definition: What is done.\n")],
        [],
    ),
    "an entry gone": (
        _drop("Norm", "most people do"),
        [("  - term: Norm\n    definition: What most people do.\n", "")],
        [],
    ),
    "an entry moved": (
        _move("people say", "Norm", "most people do"),
        [
            ("  - term: Norm\n    definition: What most people do.\n", ""),
            (
                "people say.\n",
                "people say.\n  - term: Norm\n    definition: What most people do.\n",
            ),
        ],
        [],
    ),
}
"""The same, of the glossary."""

ANSWER: Mapping[str, tuple] = {
    "an item gone": (_drop("Salt is older"), [("- Salt is older.\n", "")]),
    "an inner item gone": (_drop("Sea salt"), [("  - Sea salt is oldest.\n", "")]),
    "the first of numbered items gone": (
        _drop("Third thing"),
        [("3. Third thing.\n4. Fourth", "3. Fourth")],
    ),
    "a loose item gone": (_drop("Loose two"), [("* Loose two.\n\n", "")]),
    "all items gone": (
        _drop("Bread is", "Salt is older", "Sea salt", "Rock salt", "Wine is"),
        [(cut(_BODY, "- Bread", "After"), "")],
    ),
    "an item moved": (
        _move("Wine is", "Bread is"),
        [("- Bread is old.\n", ""), ("young.\n", "young.\n- Bread is old.\n")],
    ),
    "an inner item moved": (
        _move("Rock salt", "Sea salt"),
        [("  - Sea salt is oldest.\n", ""), ("too.\n-", "too.\n  - Sea salt is oldest.\n-")],
    ),
    "a numbered item moved": (
        _move("Fifth thing", "Third thing"),
        [
            ("3. Third thing.\n4.", "3."),
            ("5. Fifth thing.\n", "5. Fifth thing.\n6. Third thing.\n"),
        ],
    ),
    "an item divided": (
        lambda e: e.split("is old."),
        [("- Bread is old.", "- Bread\n- is old.")],
    ),
    "an inner item divided": (
        lambda e: e.split("is oldest."),
        [("  - Sea salt is oldest.", "  - Sea salt\n  - is oldest.")],
    ),
    "items joined": (
        _merge("Bread is", "Bread is old."),
        [("old.\n- Salt is", "old.\n  Salt is")],
    ),
    "an item joined to the text above": (
        _merge("Because words", "as a rule."),
        [("as a rule.\n\n- Bread is old.\n", "as a rule.\nBread is old.\n\n")],
    ),
    "a new inner item": (
        lambda e: e.paragraph_after("Sea salt", "Lake salt."),
        [("oldest.\n", "oldest.\n  - Lake salt.\n")],
    ),
    "a new item further in": (
        lambda e: e.paragraph_after("Bread is", "Rye bread.", _style(e, "Sea salt")),
        [("is old.\n", "is old.\n  - Rye bread.\n")],
    ),
    "a new first item": (
        lambda e: e.paragraph_after("Because words", "Water is oldest.", _style(e, "Bread is")),
        [("- Bread", "- Water is oldest.\n- Bread")],
    ),
    "a new first numbered item": (
        lambda e: e.paragraph_after("After the", "Second thing.", _style(e, "Third thing")),
        [("3. Third", "3. Second thing.\n3. Third")],
    ),
    "a new loose item": (
        lambda e: e.paragraph_after("Loose one", "Loose, too."),
        [("Loose one.\n", "Loose one.\n* Loose, too.\n")],
    ),
    "an item set further in": (
        lambda e: e.restyle("Wine is", _style(e, "Sea salt")),
        [("- Wine", "  - Wine")],
    ),
    "an item set less far in": (
        lambda e: e.restyle("Rock salt", _style(e, "Bread is")),
        [("  - Rock", "- Rock")],
    ),
    "a new opening": (
        lambda e: e.paragraph_after("A second", "A third."),
        [("A second opening.\n", "A second opening.\n\nA third.\n")],
    ),
    "an opening gone": (_drop("A second"), [("A second opening.\n\n", "")]),
    "an opening divided": (lambda e: e.split("It is short"), [("\nIt is", "\n\nIt is")]),
    "openings joined": (
        _merge("An introduction", "It is short."),
        [("short.\n\nA second", "short.\nA second")],
    ),
    "an opening moved into an answer": (
        _move("After the list", "A second"),
        [("A second opening.\n\n", ""), ("the list.\n", "the list.\n\nA second opening.\n")],
    ),
}
"""Of edits of an answer or the introduction what they make of article.md."""


def replace_parts(file: str, changes) -> Mapping[str, str]:
    """Return the files with pieces of one of them replaced, each of which is there once."""
    text = STRUCTURE[SHORT[file]]
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return {**STRUCTURE, SHORT[file]: text}
