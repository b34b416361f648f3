"""Under the Chatham House Rule nothing that is made tells who spoke."""

import base64
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from pipeline.content import chatham_house, loader
from pipeline.diagnostics import Problems
from pipeline.document.tree import to_full_text, to_plain_text
from tests.support.command import brief
from tests.support.paths import ROOT
from tests.support.small_project import MINI, find_path
from tests.support.workbench import PAGE, write_template

RULE = ("--chatham-house",)


def written(project, **changed):
    """Write files of the small project anew: `article=[(old, new), …]` and `summary=[…]`."""
    for file, pairs in changed.items():
        name = f"{file}.{'md' if file == 'article' else 'yaml'}"
        text = MINI[name]
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        find_path(project, name).write_text(text, "utf-8")
    return chatham_house.redact_content(loader.load_content(project, "mini"))


def list_withheld(content) -> list[str]:
    return [d.message for d in content.warnings if d.code == "withheld"]


def answer(content) -> str:
    return to_full_text(content.article.questions[0].answers[0].blocks)


def withhold_in_sentence(
    project, sentence, name="Ann Archer", rest="affiliation: Arch"
) -> tuple[str, list[str]]:
    """Return what becomes of a sentence in an answer, and what is found in it."""
    front = ("{name: Ann Archer, affiliation: Arch}", f"{{name: {json.dumps(name)}, {rest}}}")
    content = written(
        project,
        article=[front, ("Because words bind", f"{sentence}\n\nBecause words bind")],
    )
    return answer(content).partition(" Because words bind")[0], list_withheld(content)


# --- the model --------------------------------------------------------------------------------


def test_experts_are_letters_in_the_article_s_order_and_nothing_stands_behind_them(project):
    content = written(
        project,
        article=[
            (
                "date:",
                "related: [Ann Archer]\ncredits: [Ann]\nsource: {address: 'https://x.io'}\ndate:",
            )
        ],
    )

    first, second = content.article.experts
    assert (first.id, first.name, second.id, second.name) == ("a", "Expert A", "b", "Expert B")
    assert (first.descriptor, first.roles, first.affiliation, first.bio) == ("", (), "", ())
    assert (content.article.related, content.article.credits, content.article.source) == (
        (),
        (),
        None,
    )
    assert [a.address for a in content.article.questions[0].answers] == ["q1.a", "q1.b"]
    assert content.article.questions[0].answers[0].experts == (first,)
    assert content.summary.takeaways[0].evidence[0].answer == "q1.a"
    assert list(content.summary.positions["q1"]) == ["a"]
    assert {(q.answer, q.expert) for q in content.quotations} == {("q1.a", "Expert A")}
    assert "article.md#q1.a.1" in content.places
    assert content.article.slug == "mini-chatham-house"


@pytest.mark.parametrize(
    ("sentence", "becomes", "warned"),
    [
        ("As Ann Archer says.", "As Expert A says.", 0),
        ("As ANN ARCHER says.", "As Expert A says.", 0),
        ("As Ann\nArcher says.", "As Expert A says.", 0),
        ("Archer’s view.", "Expert A’s view.", 1),
        ("Ann and Baker.", "[name withheld] and Expert B.", 2),
        ("An archer and the Annals.", "An archer and the Annals.", 0),
        ("At Arch we do.", "At [institution withheld] we do.", 1),
        ("Ask ann.archer@arch.org or @AnnArcher.", "Ask [name withheld] or [name withheld].", 2),
        ("See https://arch.org/people.", "See [name withheld].", 1),
        ("See [her page](https://x.io/aarcher).", "See her page.", 1),
        ("See #AnnArcher, Archeresque.", "See #AnnArcher, Archeresque.", 2),
        ("See [a page](https://x.io).", "See a page.", 0),
    ],
)
def test_names_in_running_words_are_withheld_and_told(project, sentence, becomes, warned):
    text, messages = withhold_in_sentence(project, sentence)

    assert text == becomes
    assert len(messages) == warned, messages


@pytest.mark.parametrize(
    ("name", "sentence", "becomes"),
    [
        ("Aude Géry", "Géry, Gery, GÉRY, Ge\u0301ry.", "Expert A, Expert A, Expert A, Expert A."),
        ("Dr. Jean-Luc O’Neil, PhD", "O'Neil and Luc.", "Expert A and [name withheld]."),
        ("Eva van der Berg", "Van der Berg, Berg.", "Expert A, Expert A."),
        ("Ana Ruiz Soto", "Ruiz Soto, Ruiz, Ana Soto.", "Expert A, [name withheld], Expert A."),
        ("danah boyd", "danah boyd, boyd.", "Expert A, Expert A."),
        ("Plato", "Plato holds.", "Expert A holds."),
        ("Kaja Ciglic", "Ciglics Wort, K. Ciglic, CIGLICS.", "Expert A Wort, Expert A, Expert A."),
        ("Al Wood", "Als Wort.", "Als Wort."),  # too short for a genitive
        ("J. Doe", "J. Doe and J. R.", "Expert A and J. R."),
        ("Dr. Sir", "Dr. Sir.", "Expert A."),
        ("Ann Baker", "Baker asks.", "[name withheld] asks."),
    ],
)
def test_a_name_is_found_however_it_is_written(project, name, sentence, becomes):
    assert withhold_in_sentence(project, sentence, name)[0] == becomes


@pytest.mark.parametrize(
    ("position", "sentence", "becomes"),
    [
        ("The Global Forum on Trade Foundation", "The Global Forum on Trade acts", "The * acts"),
        ("Stanford University", "Stanford and a university", "* and a university"),
        ("GFCE Foundation", "the GFCE", "the *"),
        ("Policy Institute", "Policy at the Policy Institute", "Policy at the *"),
        ("senior director, policy, Acme", "Acme", "*"),
        ("President", "the President", "the President"),
        ("The", "The law", "The law"),
        ("fellow at Stanford University", "Stanford University", "*"),
        ("Datasphere (GEODE), University of Paris 8", "GEODE, University of Paris 8", "*, *"),
        ("US", "the US", "the US"),
        ("A House", "A House", "A House"),  # the publisher
    ],
)
def test_an_institution_is_found_as_it_is_spoken_of(project, position, sentence, becomes):
    rest = f"descriptor: {json.dumps(position)}"

    text, _ = withhold_in_sentence(project, f"Yes: {sentence}.", rest=rest)

    assert text == f"Yes: {becomes.replace('*', '[institution withheld]')}."


def test_a_quote_stays_verbatim(project):
    content = written(
        project,
        article=[("Because words bind", "Because Arch and Ann Archer hold that words bind")],
        summary=[
            ('quote: "words bind"', 'quote: "Because Arch and Ann Archer […] words bind"'),
            ("They bind, quote: words bind", "They bind, quote: that words bind"),
        ],
    )

    assert content.summary.takeaways[0].evidence[0].quote == (
        "Because [institution withheld] and Expert A […] words bind"
    )


def test_a_quote_that_begins_within_a_name_is_an_error_at_its_place(project):
    with pytest.raises(Problems) as caught:
        written(
            project,
            article=[
                ("affiliation: Arch", "affiliation: House of Arches"),
                ("Because words bind", "Because House of Arches and words bind"),
            ],
            summary=[('quote: "words bind"', 'quote: "Arches and words bind"')],
        )
    (error,) = [d for d in caught.value.diagnostics if d.is_error]
    assert error.code == "quote-not-verbatim"
    assert error.at.file == "content/mini/summary.yaml"


def test_an_id_that_holds_a_name_is_refused(project):
    find_path(project, "summary.yaml").unlink()
    with pytest.raises(Problems) as caught:
        written(project, article=[("{#q1}", "{#q1-archer}")])
    assert [d.code for d in caught.value.diagnostics if d.is_error] == ["name-in-id"]


def test_a_picture_of_somebody_is_left_out_and_others_are_told_of(project):
    picture = BytesIO()
    Picture.new("RGB", (60, 30)).save(picture, "PNG")
    for name in ("map.png", "ann-archer.png"):
        (project / "content/mini" / name).write_bytes(picture.getvalue())
    shown = "![A map](map.png)\n\n![She](ann-archer.png)\n\n![Ann](map.png)\n\nAn introduction."

    content = written(project, article=[("An introduction.", shown)])

    assert [getattr(block, "alt", "") for block in content.article.introduction] == ["A map", ""]
    assert len(list_withheld(content)) == 3


def test_pictures_keep_no_notes(project):
    exif = Picture.Exif()
    exif[0x013B] = "Ann Archer"  # the artist
    notes = PngInfo()
    notes.add_text("Author", "Ann Archer")
    for name, options in (
        ("a.jpg", {"exif": exif, "comment": b"Archer"}),
        ("a.png", {"pnginfo": notes}),
    ):
        Picture.new("RGB", (60, 30), "white").save(project / "content/mini" / name, **options)
    shown = "![A map](a.jpg)\n\n![A map](a.png)\n\nAn introduction."

    content = written(project, article=[("An introduction.", shown)])

    for image in content.images.values():
        assert b"Archer" not in image.data
        assert Picture.open(BytesIO(image.data)).convert("RGB").getpixel((9, 9)) == (255, 255, 255)
    assert len(content.images) == 2


def test_many_experts_have_letters_enough():
    assert [chatham_house._count_in_letters(number) for number in (0, 25, 26, 51, 52)] == [
        "a", "z", "aa", "az", "ba",
    ]  # fmt: skip


def test_a_question_keeps_its_words_but_for_names(project):
    content = written(project, article=[("Why do words", "Why do (say, Arch’s) words")])

    assert to_plain_text(content.article.questions[0].text) == (
        "Why do (say, [institution withheld]’s) words matter?"
    )


# --- the command --------------------------------------------------------------------------------


def test_it_has_files_of_its_own_and_parts_by_letter(project):
    result = brief(project, "build", "-t", "per-expert", "-f", "tree", "--split", "expert", *RULE)

    assert result.exit_code == 0, result.output
    folder = project / "out/mini-chatham-house"
    name = "mini-chatham-house-per-expert"
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        *(f"{name}-{letter}.{end}" for letter in "ab" for end in ("tree.json", "quotes.json")),
    }


def test_an_archive_would_tell_and_is_refused(project):
    result = brief(project, "build", "--profile", "archive", *RULE)

    assert result.exit_code == 2
    assert "[chatham-archive]" in result.output


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("<p>Nobody.</p>", True),
        ("<p>Ann <em>Arc</em>her.</p>", True),  # no name as a template may write it, word by word
        ("<p>Ar<em>cher</em>.</p>", False),
        ("<p>Ar\u2060cher.</p>", False),
        ('<p id="archer">Nobody.</p>', False),
        ('<p><a href="https://x.io/archer">Nobody.</a></p>', False),
    ],
)
def test_what_a_template_tells_is_found(project, body, passes):
    write_template(project, "own", PAGE.replace("{body}", body))

    result = brief(project, "build", "-t", "own", "-f", "tree", *RULE)

    assert ("[name-left]" not in result.output) == (passes and "Ann" not in body)


def test_a_file_that_is_called_like_somebody_is_refused(project):
    (project / "content/mini/archer.txt").write_text("x")
    text = MINI["article.md"].replace("date:", "source: {file: archer.txt}\ndate:", 1)
    find_path(project, "article.md").write_text(text)

    assert "[name-left]" in brief(project, "build", "-t", "per-question", *RULE).output


# --- everything that is made of the real article ------------------------------------------------


NAMES = (
    *("kaja", "ciglic", "aude", "géry", "gery", "klara", "jordan", "elaine", "korzak"),
    *("christopher", "painter", "microsoft", "geode", "university of paris", "scowcroft"),
    *("cyber peace institute", "stanford", "gfce", "global forum", "state department"),
    "datasphere",
)
"""In small letters, to be looked up in text made small: an expression that heeds no case takes ten
times as long.
"""


PROFILES = {path.read_bytes() for path in (ROOT / "pipeline/render/finish/icc").glob("*.icc")}
STANDARD = re.compile(rb"http://schemas\.microsoft\.com/[\w/.]+")


WIDE = ("utf-16-be", "utf-16-le")


STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def pieces(name: str, data: bytes):
    """Yield all bytes of a file, and those that are packed in it, but what is in every file."""
    for piece in packed(name, data):
        if piece not in PROFILES:
            yield STANDARD.sub(b"", piece)


def packed(name: str, data: bytes):
    """Yield all bytes of a file, and those that are packed in it."""
    yield name.encode()
    # A font in base64 may spell anything, and so may what is compressed: that is unpacked below.
    yield re.sub(rb"data:[^)\"']*", b"", STREAM.sub(b"", data))
    if name.endswith(".docx"):
        with zipfile.ZipFile(BytesIO(data)) as package:
            for part in package.namelist():
                yield part.encode()
                yield package.read(part)
    if name.endswith(".pdf"):
        shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
        yield shown.stdout  # the streams hold the numbers of glyphs
        with pikepdf.open(BytesIO(data)) as pdf:
            for item in pdf.objects:
                if isinstance(item, pikepdf.Stream):
                    yield item.read_bytes()
                yield (
                    str(item).encode() if isinstance(item, pikepdf.String) else repr(item).encode()
                )
        for stream in STREAM.findall(data):
            try:
                yield zlib.decompress(stream)
            except zlib.error:
                yield stream


def spoken(data: bytes) -> set[str]:
    """Return the names in some bytes, in whatever way text is written in them."""
    texts = {data.decode(coding, "ignore") for coding in ("utf-8", "latin-1", *WIDE)}
    for digits in re.findall(rb"<([0-9a-fA-F]{8,})>", data):
        if len(digits) % 2 == 0:
            texts.add(base64.b16decode(digits.upper()).decode("utf-16-be", "ignore"))
    texts |= {unicodedata.normalize("NFKC", text) for text in texts}
    return {name for text in map(str.lower, texts) for name in NAMES if name in text}


def test_what_may_hold_names_unknown_to_the_step_is_refused(project):
    content = loader.load_content(project, "mini")
    odd = replace(content, article=replace(content.article, title=[content.article.title]))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="whether a list holds names"):
        chatham_house.redact_content(odd)


@pytest.mark.parametrize("coding", ["utf-8", "latin-1", *WIDE])
def test_the_search_finds_what_is_there(coding):
    assert spoken("x KAJA GÉRY".encode(coding)) == {"kaja", "géry"}


def test_the_search_finds_what_is_written_otherwise():
    assert spoken("Ge\u0301ry, Pa\N{LATIN SMALL LETTER I}nter".encode()) == {"géry", "painter"}
    assert spoken("\N{KELVIN SIGN}aja, Chri\N{LATIN SMALL LIGATURE ST}opher".encode()) == {
        "kaja",
        "christopher",
    }
    assert spoken(b"<FEFF" + "Géry".encode("utf-16-be").hex().encode() + b">") == {"géry"}


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["screen", "print", "booklet"])
def test_no_name_is_in_anything_that_is_made_of_the_article(profile, tmp_path):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    formats = ("pdf", "docx", "html", "tree") if profile == "screen" else ("pdf",)
    arguments = [option for name in formats for option in ("-f", name)]
    arguments += ["--profile", profile, "--marking", "TLP:RED", *RULE]
    result = brief(tmp_path, "build", *arguments)
    assert result.exit_code == 0, result.output

    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(files) == 4 * (len(formats) + 1) + 1
    for path in files:
        for piece in set(pieces(path.name, path.read_bytes())):
            assert not spoken(piece), path.name
