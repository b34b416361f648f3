"""Short examples of Markdown, one for each construct of CommonMark and of GitHub's, in many places.

They are our own: the examples of the two specifications are not under a licence that fits this
project. Blocks follow the sections of the specifications; what may stand in a line is put into
each place in which a line may stand.
"""

from __future__ import annotations

from collections.abc import Iterator

BLOCKS = {
    "tabs": ("\ta", "-\ta", "a\tb", ">\ta", "- a\n\n\tb", "#\ta"),
    "rules": (
        "***",
        "---",
        "___",
        "+++",
        "* * *",
        "--",
        "- - -",
        "a\n***\nb",
        "-- -",
        "*-*",
        " ***",
    ),
    "headings": (
        "# a",
        "###### a",
        "#a",
        "##a",
        "####### a",
        "\\# a",
        "# a #",
        "#",
        "  ## a",
        "a #b",
    ),
    "underlined": (
        "a\n===",
        "a\n---",
        "a\n= =",
        "===",
        "a\\\n---",
        "> a\n---",
        "- a\n---",
        "a\nb\n===",
    ),
    "indented code": ("    a", "a\n    b", "- a\n\n      b", "    a\n\n    b"),
    "fences": (
        "```\na\n```",
        "~~~\na\n~~~",
        "```\na",
        "``\na\n``",
        "> ```\n> a\nb",
        "```a```",
        "~~~~a",
    ),
    "HTML": (
        "<p>a</p>",
        "<!-- a -->",
        "<?a?>",
        "<!A>",
        "</p>",
        "<p\na",
        "a\n<p>",
        '<a href="b">',
        "<br/>",
    ),
    "definitions": (
        "[a]\n\n[a]: https://x.org",
        "[a]: https://x.org",
        "[a]: b c d",
        "[a]:",
        "[A]\n\n[a]: <https://x.org>",
        "[a]\n\n[a]: https://x.org 'b'",
        "[a]\n\n[a]: https://x.org 'b",
        "b\n[a]: https://x.org",
        "[a]\n\n[a]: https://x.org\n[a]: https://y.org",
        "[]: https://x.org",
        "[a] \n\n[a]: /b",
        "[a b]\n\n[A  B]: https://x.org",
        "[a\\]]\n\n[a\\]]: https://x.org",
    ),
    "paragraphs": ("a\n\nb", "a\nb", "a\n\n\nb", "  a\n b", "a  ", "a   \nb", "   a", "a\n      b"),
    "tables": (
        "| a | b |\n|---|---|\n| c | d |",
        "a | b\n---|---\nc | d",
        "| a |\n|---|",
        "| a |\n| b |",
        "| a | b |\n|---|\n| c | d |",
        "| a | b |\n|---|---|\n| c |",
        "| a |\n|---|\n| b | c |",
        "| a |\n|:-:|\n| b |\n\nc",
        "| a |\n|---|\nb\n\nc",
        "| a |\n|---|\n> b",
        "| a\\|b |\n|---|\n| c |",
        "|a|b|\n|-|-|\n|**c**|[d](https://x.org)|",
        "a\n| b |\n|---|\n| c |",
        "||\n|-|\n|a|",
        "| --- |",
        "- | a |\n  |---|\n  | b |",
        "> | a |\n> |---|\n> | b |",
        "| `a|b` |\n|---|\n| c |",
        "|",
        "||",
        "a | b",
    ),
    "quotations": (
        "> a",
        ">a",
        "> a\nb",
        "> a\n\n> b",
        ">",
        "> > a",
        ">>> a\nb",
        "> - a",
        "> a\n> - b",
        "> # a",
        ">\n> a\n> ",
        "a\n> b",
        "> a\n***",
        "\\> a",
        ">     a",
    ),
    "items": (
        "- a",
        "* a",
        "+ a",
        "1. a",
        "1) a",
        "0. a",
        "123456789. a",
        "1234567890. a",
        "-a",
        "1.a",
        "-",
        "- a\n\n  b",
        "- a\n\n b",
        "-     a",
        "1. a\n\n   > b",
        "- - a",
        "1. - 2. a",
        "a\n- b",
        "a\n1. b",
        "a\n2. b",
        "- a\n-\n- b",
        "-\n  a",
        "-\n\n  a",
        "\\- a",
        "1\\. a",
        "-1. a",
        "- # a",
        "- a\nb",
        "-- a",
    ),
    "tasks": (
        "- [ ] a",
        "- [x] a",
        "1. [X] a",
        "- [a] b",
        "- [ ]a",
        "[ ] a",
        "- a\n  - [ ] b",
        "- \\[ ] a",
    ),
    "lists": (
        "- a\n- b",
        "- a\n+ b",
        "1. a\n2) b",
        "- a\n\n- b",
        "- a\n  - b",
        "- a\n - b\n  - c",
        "- a\n\n\n- b",
        "- a\n  1. b\n- c",
        "* a\n*\n\n* b",
        "1. a\n1. b",
        "3. a\n4. b",
        "- a\n\nb\n- c",
        "- a\n> b",
    ),
    "notes": (
        "a[^1]\n\n[^1]: b",
        "a[^1]",
        "[^1]: b",
        "a^[b]",
        "a[^b c]",
        "a[^1] b[^1]\n\n[^1]: c",
        "a\\[^1]",
        "a[^1]\n\n[^1]: b\n\n    c",
        "a^b",
        "a[^1]\n\n[^1]:\n    - b",
    ),
    "comments": ("a %%b%% c", "%%b%%", "a %%b", "5%% of", "a\\%%b"),
}
"""What a block is, by the sections of the specifications."""

LINES = (
    # escapes and characters
    "\\*a\\*", "\\a", "\\\\", "\\", "\\[a\\](b)", "\\`a`", "\\<b>", "\\&amp;", "\\~~a~~", "\\|",
    "&amp;", "&copy;", "&#35;", "&#x22;", "&nosuch;", "&amp", "&#;", "&", "&#42;a*", "R&D;",
    # code
    "`a`", "``a`b``", "`a", "a`b", "` a `", "`*a`*", "[a`](b)`",
    # stress
    "*a*", "_a_", "**a**", "__a__", "***a***", "*a", "a*", "**a", "a**", "**a*", "*a**", "_a",
    "a_", "a*b*c", "a_b_c", "a**b**c", "a__b__", "* a *", "*a *", "** a**", "*(*a)", "*a**b**c*",
    "*a _b* c_", "_(a)_", "a*\"b\"*c", "*", "**", "***", "_", "____", "5*3", "2**8", "*a*b",
    "**a**b", "*a\\*", "**(**a)",
    # struck
    "~~a~~", "~a~", "~a", "a~", "~~a", "a~~b", "~5", "a~b~c", "~~~a~~~", "~~ a ~~",
    # links
    "[a](https://x.org)", "[a](<https://x.org/b c>)", "[a](https://x.org/b c)", "[a](/b)",
    "[a]()", "[a](#b)", "[a](mailto:b@x.org)", "[a](https://x.org \"b\")", "[](https://x.org)",
    "[a] (https://x.org)", "[a]", "[a][]", "[a][b]", "[*a*](https://x.org)",
    "*[a*](https://x.org)", "[a [b] c](https://x.org)", "[a](b", "[a](https://x.org/(b))",
    "[a](https://x.org/b\\)c)", "[a](https://x.org/b%20c)", "[a](<b)", "a](b)",
    "[a[b](https://x.org)", "[[a]]", "[a](https://x.org)[b]", "[sic]", "[…]", "[a](javascript:b)",
    "[^]",
    # images
    "![a](b.png)", "![a](b c.png)", "![a]", "![a][b]", "!", "![", "!a", "![*a*](<b c.png>)",
    # addresses
    "<https://x.org>", "<b@x.org>", "<https://x.org/b c>", "<b>", "<>", "< b >", "<b.c>",
    "<made-up:b>", "https://x.org", "www.x.org", "https://x.org/a_b_c", "https://x.org/_a_",
    "https://x.org/*a*", "b@x.org", "(https://x.org)", "ftp://x.org",
    # HTML
    "<br>", "</b>", "<b c=\"d\">", "<b c=d e>", "<!-- b -->", "<b", "a<b", "a < b > c", "<3",
    "<b c*d>", "<?b?>", "<![CDATA[b]]>",
    # breaks and the rest
    "a\\", "b {c}", "#1", "$b$", ":b:", "a--b", "\"b\"", "==b==", "b^2^", "{+b+}", "(b)", "@b",
    "©",
)  # fmt: skip
"""What may stand in a line."""

PLACES = {
    "alone": "{}",
    "behind a word": "word {}",
    "before a word": "{} word",
    "against words": "pre{}post",
    "in brackets": "({})",
    "behind a line": "one\n{}\nthree",
    "in an item": "- {}",
    "in a quotation": "> {}",
    "in stress": "*so {} so*",
    "in a cell": "| head |\n|---|\n| {} |",
    "in a head": "| {} |\n|---|\n| cell |",
}
"""Where a line may stand."""


def iterate_examples() -> Iterator[tuple[str, str]]:
    """Yield examples, each with what it is one of."""
    for name, texts in BLOCKS.items():
        for text in texts:
            yield name, text
    for text in LINES:
        for name, place in PLACES.items():
            yield f"`{text}` {name}", place.format(text)
