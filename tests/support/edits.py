"""Real edits of a brief's DOCX, and what they make of the content."""

from __future__ import annotations

from tests.support.editor import Editor, accept_changes
from tests.support.word_ways import (
    embolden_in_ink,
    insert_emoji,
    link_by_field,
    move_by_marks,
    type_over,
    unlink_field,
    write_ink_out,
)

EDITS = {
    "nothing": (lambda e: None, ()),
    "insert": (
        lambda e: e.insert("Because words", " always"),
        [("article", "Because words bind", "Because words always bind")],
    ),
    "delete": (
        lambda e: e.delete(", as a rule"),
        [("article", "do too, as a rule.", "do too.")],
    ),
    "replace": (
        lambda e: e.replace("Nobody", "No one"),
        [("article", "Nobody doubts", "No one doubts")],
    ),
    "a new sentence": (
        lambda e: e.insert("shine, on the day.", " Every day is new."),
        [("article", "on the day.", "on the day.\nEvery day is new.")],
    ),
    "split": (
        lambda e: e.split("Nobody doubts"),
        [("article", "rule.\nNobody", "rule.\n\nNobody")],
    ),
    "merge": (
        lambda e: (e.merge("Nobody doubts"), e.insert("much.", " ")),
        [("article", "much.\n\nThe second", "much.\nThe second")],
    ),
    "move": (
        lambda e: e.move("The second paragraph", "Last words"),
        [
            (
                "article",
                "The second paragraph has a [link to it](https://example.org/a)"
                " and **strong words** in it.\n\n",
                "",
            ),
            (
                "article",
                "Last words of Ann.[^1]\n",
                "Last words of Ann.[^1]\n\nThe second paragraph has a"
                " [link to it](https://example.org/a) and **strong words** in it.\n",
            ),
        ],
    ),
    "copy": (
        lambda e: e.copy("It rests with", "It rests with"),
        [
            (
                "article",
                "on the day.",
                "on the day.\n\nIt rests with the weather, rain or shine, on the day.",
            )
        ],
    ),
    "retype": (
        lambda e: e.retype("It rests with", "“All is well, rain or shine, on the day.”"),
        [("article", "It rests with the weather", "All is well")],
    ),
    "retype without quotation marks": (
        lambda e: e.retype("It rests with", "All is well, rain or shine, on the day."),
        [("article", "It rests with the weather", "All is well")],
    ),
    "new paragraph": (
        lambda e: e.paragraph_after("The second", "Quite new."),
        [("article", "in it.\n", "in it.\n\nQuite new.\n")],
    ),
    "new last paragraph": (
        lambda e: e.paragraph_after("It rests with", "Quite new."),
        [("article", "on the day.\n", "on the day.\n\nQuite new.\n")],
    ),
    "paragraph gone": (
        lambda e: e.drop("The second"),
        [
            (
                "article",
                "The second paragraph has a [link to it](https://example.org/a)"
                " and **strong words** in it.\n\n",
                "",
            )
        ],
    ),
    "bold": (
        lambda e: e.set("rain or shine", "b"),
        [("article", "rain or shine", "**rain or shine**")],
    ),
    "italic": (lambda e: e.set("weather", "i"), [("article", "weather", "*weather*")]),
    "not italic": (
        lambda e: e.set("this", "i", val=0),
        [("article", "*this*", "this")],
    ),
    "link added": (
        lambda e: e.link("weather", "https://example.org/new"),
        [("article", "weather", "[weather](https://example.org/new)")],
    ),
    "link removed": (
        lambda e: e.unlink("link to it"),
        [("article", "[link to it](https://example.org/a)", "link to it")],
    ),
    "in a link": (
        lambda e: e.replace("link", "bridge"),
        [("article", "[link to it]", "[bridge to it]")],
    ),
    "footnote": (
        lambda e: e.footnote("rain or shine", "Which day?"),
        [
            (
                "article",
                "rain or shine, on the day.\n",
                "rain or shine[^2], on the day.\n\n[^2]: Which day?\n",
            )
        ],
    ),
    "list item": (
        lambda e: e.paragraph_after("Bread is", "Wine is young."),
        [("article", "- Bread is old.\n", "- Bread is old.\n- Wine is young.\n")],
    ),
    "last list item gone": (
        lambda e: e.drop("Salt is"),
        [("article", "- Salt is older.\n", "")],
    ),
    "nested": (
        lambda e: (e.insert("Because words", " often"), e.delete("often")),
        [],
    ),
    "link added as a field": (
        lambda e: link_by_field(e, "weather", "https://example.org/new"),
        [("article", "weather", "[weather](https://example.org/new)")],
    ),
    "link removed as a field": (
        lambda e: unlink_field(e, "link to it"),
        [("article", "[link to it](https://example.org/a)", "link to it")],
    ),
    "emoji": (
        lambda e: insert_emoji(e, "the weather"),
        [("article", "the weather", "the weather 😀")],
    ),
    "bold in the ink of the text": (
        lambda e: embolden_in_ink(e, "rain or shine"),
        [("article", "rain or shine", "**rain or shine**")],
    ),
    "ink on every run": (write_ink_out, []),
    "answer typed over": (
        lambda e: type_over(e, "It rests with", "Ask somebody else on the day."),
        [
            (
                "article",
                "It rests with the weather, rain or shine, on the day.",
                "Ask somebody else on the day.",
            )
        ],
    ),
    "question typed over": (
        lambda e: type_over(e, "Why do words matter?", "Whose are all these sentences?"),
        [("article", "Why do words matter?", "Whose are all these sentences?")],
    ),
    "move on marks only": (
        lambda e: move_by_marks(e, "The second paragraph", "Last words"),
        [
            (
                "article",
                "The second paragraph has a [link to it](https://example.org/a)"
                " and **strong words** in it.\n\n",
                "",
            ),
            (
                "article",
                "Last words of Ann.[^1]\n",
                "Last words of Ann.[^1]\n\nThe second paragraph has a"
                " [link to it](https://example.org/a) and **strong words** in it.\n",
            ),
        ],
    ),
    "quotation mark moved along": (
        lambda e: (
            e.delete("shine, on the day.”"),
            e.insert("weather, rain or ", "shine, on the day. Or not.”"),
        ),
        [("article", "on the day.", "on the day.\nOr not.")],
    ),
}
VALUES = {
    "takeaway": (
        lambda e: e.replace("do bind", "surely bind"),
        [("summary", '"Words do bind."', '"Words surely bind."')],
    ),
    "single quotes": (
        lambda e: e.replace("always so", "ever so"),
        [("summary", "'It isn''t always so.'", "'It isn''t ever so.'")],
    ),
    "folded": (
        lambda e: e.replace("a little", "much"),
        [("summary", "and disagree a little.", "and disagree much.")],
    ),
    "plain, with a comment": (
        lambda e: e.replace("bind people", "hold people"),
        [("summary", "Words bind people.   # for", "Words hold people.   # for")],
    ),
    "table cell": (
        lambda e: e.replace("They bind", "They hold"),
        [("summary", "{text: They bind,", "{text: They hold,")],
    ),
    "table cell typed over": (
        lambda e: type_over(e, "It depends", "Never mind."),
        [("summary", "{text: It depends,", "{text: Never mind.,")],
    ),
    "name": (
        lambda e: e.replace("Archer", "Bowman"),
        [("article", "name: Ann Archer", "name: Ann Bowman")],
    ),
    "title": (
        lambda e: e.replace("Small talk", "Small words"),
        [("article", "short_title: Small talk", "short_title: Small words")],
    ),
    "a value that wants quotes": (
        lambda e: e.insert("More will follow", ": much"),
        [("summary", "text: More will follow.", 'text: "More will follow: much."')],
    ),
}


def edit_docx(data: bytes, edit, mode: str) -> bytes:
    """Let an editor edit; ``two`` is another editor's change besides."""
    editor = Editor(data, "" if mode == "untracked" else "Ann Editor")
    edit(editor)
    saved = editor.save()
    if mode == "two":
        other = Editor(saved, "Bob Editor")
        other.replace("Small talk", "Small words")
        saved = other.save()
    return accept_changes(saved) if mode == "accepted" else saved
