"""Briefs are set here or side by side, and what befalls one is reported and harms no other."""

import dataclasses
import os
import pickle
import signal
import sys
import time
from contextlib import closing
from multiprocessing import active_children

import pytest

from pipeline.build import typeset
from pipeline.build.typeset import Brief, typeset_brief
from pipeline.build.worker_pool import typeset_briefs
from pipeline.diagnostics import Diagnostic, Location, Severity, make_problem
from pipeline.document.tree import PageNumber, Paragraph
from pipeline.render.contract import Rendered
from pipeline.system.limits import TypesetLimits
from tests.support.one_brief import OPTIONS, make_brief
from tests.support.workbench import get_only

WARNING = Diagnostic("odd", "this is odd", severity=Severity.WARNING)


def numbered(result: Brief) -> Brief:
    """The same brief with the number of a page in it."""
    number = Paragraph((PageNumber("p"),))
    document = dataclasses.replace(result.document, children=(*result.document.children, number))
    return dataclasses.replace(result, document=document)


@pytest.fixture
def formats(monkeypatch):
    """Puts renderers of the test in the place of ours."""

    def put(**renderers):
        monkeypatch.setattr(typeset, "load_renderer", lambda name: renderers[name])

    return put


def words(document, options) -> Rendered:
    """A renderer whose files are the words of the Document."""
    return Rendered(document.children[0].children[0].text.encode(), pages=1)


def raising(error: BaseException):
    def render(document, options):
        raise error

    return render


class TestOne:
    def test_is_set_in_each_format(self, formats):
        formats(
            pdf=lambda document, options: Rendered(b"pdf", 3, {"p": 2}, (WARNING,)),
            tree=lambda document, options: Rendered(b"tree"),
        )

        result = typeset_brief(make_brief(formats=("tree", "pdf")), strict=False)

        assert [(copy.format, copy.data, copy.pages) for copy in result.copies] == [
            ("pdf", b"pdf", 3),
            ("tree", b"tree", None),
        ]
        assert result.diagnostics == (WARNING,)

    def test_gives_the_page_numbers_of_the_pdf_to_the_docx(self, formats, monkeypatch):
        monkeypatch.setattr(
            "pipeline.render.pdf.find_anchor_pages", raising(AssertionError("set twice"))
        )
        formats(
            pdf=lambda document, options: Rendered(b"", 3, {"p": 2}),
            docx=lambda document, options: Rendered(repr(dict(options.pages)).encode()),
        )

        result = typeset_brief(numbered(make_brief(formats=("docx", "pdf"))), strict=False)

        assert result.copies[1].data == b"{'p': 2}"

    @pytest.mark.parametrize(("has_numbers", "pages"), [(True, b"{'p': 1}"), (False, b"{}")])
    def test_lays_a_docx_alone_out_only_where_it_prints_page_numbers(
        self, formats, has_numbers, pages
    ):
        formats(docx=lambda document, options: Rendered(repr(dict(options.pages)).encode()))
        alone = make_brief(formats=("docx",))

        result = typeset_brief(numbered(alone) if has_numbers else alone, strict=False)

        assert result.copies[0].data == pages

    def test_sets_only_the_pdf_for_the_press(self, formats, monkeypatch):
        """The DOCX is the same with every profile: it has the page numbers of the screen."""
        monkeypatch.setattr(
            "pipeline.render.pdf.find_anchor_pages", lambda document, options: {"p": 2}
        )
        formats(
            pdf=lambda document, options: Rendered(options.profile.encode(), 4, {"p": 3}),
            docx=lambda document, options: Rendered(
                f"{options.profile} {options.pages['p']}".encode()
            ),
        )
        bound = make_brief(formats=("docx", "pdf"))
        requested = {"pdf": {"profile": "booklet"}, "docx": {}}
        bound = dataclasses.replace(
            bound,
            options=dataclasses.replace(OPTIONS, profile="booklet"),
            origin=dataclasses.replace(bound.origin, requested=requested),
        )

        result = typeset_brief(numbered(bound), strict=False)

        assert [copy.data for copy in result.copies] == [b"booklet", b"screen 2"]
        assert [str(bound.get_path(copy.format)) for copy in result.copies] == [
            "out/talks/talks-plain.booklet.pdf",
            "out/talks/talks-plain.docx",
        ]

    def test_with_errors_in_one_format_is_made_in_none(self, formats):
        formats(pdf=words, docx=raising(make_problem("no-glyph", "no font has this")))

        result = typeset_brief(make_brief(formats=("pdf", "docx")), strict=False)

        assert result.copies == ()
        found = get_only(result.diagnostics)
        assert (found.code, str(found.at)) == ("no-glyph", "out/talks/talks-plain.docx")

    def test_an_error_in_the_words_is_told_at_their_line(self, formats):
        line = Location("content/talks/article.md", 3, 1)
        formats(pdf=raising(make_problem("no-glyph", "no font has this", line)))

        assert get_only(typeset_brief(make_brief(), strict=False).diagnostics).at == line

    def test_with_warnings_is_not_made_when_they_count_as_errors(self, formats):
        formats(pdf=lambda document, options: Rendered(b"pdf", diagnostics=(WARNING,)))

        assert typeset_brief(make_brief(), strict=True) == typeset.TypesetResult((), (WARNING,))

    def test_a_fault_is_told_without_a_traceback(self, formats, capfd, monkeypatch):
        monkeypatch.delenv("BRIEF_TRACEBACK", raising=False)
        formats(pdf=raising(KeyError("colour\nand more")))

        found = get_only(typeset_brief(make_brief(), strict=False).diagnostics)

        assert found.code == "internal"
        assert found.message == (
            "`talks-plain` was not set, through a fault of brief itself: "
            r"KeyError: 'colour\nand more'"
        )
        assert found.hint == "please report it, with the traceback that BRIEF_TRACEBACK=1 shows"
        assert capfd.readouterr() == ("", "")

    def test_a_faults_traceback_is_shown_to_those_who_ask(self, formats, capfd, monkeypatch):
        monkeypatch.setenv("BRIEF_TRACEBACK", "1")
        formats(pdf=raising(KeyError("colour")))

        typeset_brief(make_brief(), strict=False)

        shown = capfd.readouterr().err
        assert shown.startswith("Traceback")
        assert "in render" in shown

    @pytest.mark.skipif(sys.platform != "linux", reason="no other system counts memory so")
    def test_that_takes_too_much_memory_is_told(self, formats):
        limits = TypesetLimits(memory=50_000_000)
        formats(pdf=lambda document, options: Rendered(bytes(100_000_000)))

        found = get_only(typeset_brief(make_brief(), strict=False, limits=limits).diagnostics)

        assert found.code == "too-large"
        assert found.message == "`talks-plain` takes over 50 MB of memory to set"

    def test_without_an_end_is_stopped(self, formats):
        def endless(document, options):
            while True:
                try:
                    time.sleep(1)
                except Exception:
                    continue

        before = signal.getsignal(signal.SIGALRM)
        formats(pdf=endless)

        result = typeset_brief(make_brief(), strict=False, limits=TypesetLimits(seconds=0.01))

        assert result.copies == ()
        assert get_only(result.diagnostics).code == "too-slow"
        assert get_only(result.diagnostics).message == "`talks-plain` is not set after 0.01 seconds"
        assert signal.getsignal(signal.SIGALRM) is before
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


class TestSideBySide:
    def test_makes_the_same_as_one_after_the_other(self, formats):
        formats(pdf=words)
        briefs = [make_brief(part, words=part * 3) for part in ("a", "b", "c", "d", "e")]

        def data(jobs):
            result = typeset_briefs(briefs, jobs, strict=False)
            return {part.part: part_made.copies[0].data for part, part_made in result}

        assert (
            data(2) == data(9) == data(1) == {part: b"%b" % (part * 3).encode() for part in "abcde"}
        )

    def test_begins_with_the_longest(self, formats, tmp_path):
        log = tmp_path / "log"

        def render(document, options):
            with log.open("a") as file:
                file.write(document.children[0].children[0].text + "\n")
            while len(log.read_text().splitlines()) < 2:
                time.sleep(0.01)  # the third waits for one of the first two
            return Rendered(b"")

        formats(pdf=render)
        lengths = [1, 3, 2]

        list(typeset_briefs([make_brief(str(n), "x" * n) for n in lengths], 2, strict=False))

        assert log.read_text().splitlines()[-1] == "x"

    @pytest.mark.parametrize(
        ("ends", "how"),
        [
            (lambda: os.kill(os.getpid(), signal.SIGKILL), "SIGKILL"),
            (lambda: os._exit(3), "code 3"),
        ],
    )
    def test_a_crash_takes_one_brief_only(self, formats, ends, how):
        def render(document, options):
            if document.children[0].children[0].text == "b":
                ends()
            return Rendered(b"pdf")

        formats(pdf=render)

        result = {
            part.part: part_made
            for part, part_made in typeset_briefs(
                [make_brief(p, p) for p in "abc"], 2, strict=False
            )
        }

        assert [copy.data for copy in result["a"].copies + result["c"].copies] == [b"pdf", b"pdf"]
        found = get_only(result["b"].diagnostics)
        assert result["b"].copies == ()
        assert found.code == "crashed"
        assert found.message.startswith("`talks-plain-b` was not set")
        assert found.message.endswith(how)

    def test_a_large_file_comes_whole(self, formats):
        formats(pdf=lambda document, options: Rendered(b"x" * 5_000_000))

        for _, result in typeset_briefs([make_brief("a"), make_brief("b")], 2, strict=False):
            assert len(result.copies[0].data) == 5_000_000

    def test_a_process_sets_many_briefs_and_is_then_followed_by_another(self, formats):
        formats(pdf=lambda document, options: Rendered(b"%d" % os.getpid()))

        briefs, limits = [make_brief(str(n)) for n in range(12)], TypesetLimits(briefs=3)
        result = typeset_briefs(briefs, 2, strict=False, limits=limits)
        processes = [part_made.copies[0].data for _, part_made in result]

        assert len(processes) == 12
        assert max(map(processes.count, processes)) == 3
        assert b"%d" % os.getpid() not in processes
        assert active_children() == []

    def test_whoever_stops_early_leaves_no_process_behind(self, formats):
        def render(document, options):
            if document.children[0].children[0].text == "longest":
                time.sleep(600)
            return Rendered(b"")

        formats(pdf=render)

        with closing(
            typeset_briefs([make_brief("a", "longest"), make_brief("b", "x")], 2, False)
        ) as result:
            next(result)

        assert active_children() == []


def test_a_format_that_this_machine_cannot_set_is_told_once_and_before_anything_is_set(
    monkeypatch,
):
    def renderer(name):
        raise make_problem("system-library", "Pango is missing")

    monkeypatch.setattr(typeset, "load_renderer", renderer)

    with pytest.raises(Exception, match="Pango is missing"):
        next(typeset_briefs([make_brief("a"), make_brief("b")], 2, strict=False))


def test_a_brief_and_what_is_made_of_it_travel_between_processes(formats):
    formats(pdf=words)
    sent = numbered(make_brief())
    result = typeset_brief(sent, strict=False)

    assert pickle.loads(pickle.dumps(sent)) == sent
    assert pickle.loads(pickle.dumps(result)) == result
