"""Findings read as editors and people expect, and travel whole."""

import pickle

import pytest

from pipeline.content.views import UnknownSelection
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    Severity,
    find_nearest_name,
    make_problem,
    suggest_names,
)
from pipeline.request import UsageError


@pytest.mark.parametrize(
    ("place", "written"),
    [
        (Location("a/b.md", 3, 7), "a/b.md:3:7"),
        (Location("a/b.md", 3), "a/b.md:3"),
        (Location("a/b.md"), "a/b.md"),
    ],
)
def test_a_place_is_written_as_terminals_link_it(place, written):
    assert str(place) == written


def test_findings_keep_their_order_and_only_errors_stop():
    findings = Findings()
    findings.add_warning("odd", "odd", Location("a"))
    findings.stop_on_errors()
    findings.add_error("bad", "bad", Location("b"), "mend it")
    findings.extend([Diagnostic("worse", "worse")])
    with pytest.raises(Problems) as caught:
        findings.stop_on_errors()
    assert [found.code for found in caught.value.diagnostics] == ["odd", "bad", "worse"]
    assert [found.is_error for found in findings] == [False, True, True]
    assert caught.value.diagnostics[1] == Diagnostic(
        "bad", "bad", Location("b"), "mend it", Severity.ERROR
    )


def test_findings_that_are_there_are_not_added_again():
    findings = Findings([Diagnostic("bad", "bad")])
    worse = Diagnostic("bad", "worse")
    findings.add_new(iter([Diagnostic("bad", "bad"), worse, worse]))
    assert [found.message for found in findings] == ["bad", "worse"]


def test_problems_are_collected_and_other_exceptions_go_on():
    findings = Findings()
    with findings.collecting():
        raise Problems([Diagnostic("bad", "bad"), Diagnostic("bad", "worse")])
    with pytest.raises(KeyError), findings.collecting():
        raise KeyError
    assert [found.message for found in findings] == ["bad", "worse"]


@pytest.mark.parametrize("kind", [Problems, UsageError, UnknownSelection])
def test_problems_travel_between_processes_and_read_as_one_line(kind):
    problems = kind([Diagnostic("a", "first", Location("f", 1)), Diagnostic("b", "second")])
    copy = pickle.loads(pickle.dumps(problems))
    assert type(copy) is kind
    assert copy.diagnostics == problems.diagnostics
    assert str(copy) == "first; second"


def test_a_single_problem_is_an_error_with_its_hint():
    (found,) = make_problem("code", "message", Location("f", 2), "hint").diagnostics
    assert found == Diagnostic("code", "message", Location("f", 2), "hint")
    assert found.is_error


def test_the_nearest_name_is_offered_and_all_names_when_none_is_near():
    names = ["title", "short_title", "date"]
    assert find_nearest_name("titel", names) == "title"
    assert find_nearest_name("xyz", names) is None
    assert suggest_names("dat", names) == "did you mean `date`?"
    assert suggest_names("xyz", names) == "known: `title`, `short_title`, `date`"
    assert suggest_names("xyz", []) == "none is known here"
