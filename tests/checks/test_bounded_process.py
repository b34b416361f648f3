"""Work on what strangers made ends, whatever it is."""

import os
import time

import pytest

from pipeline.checks.bounded_process import LimitExceeded, run_bounded
from pipeline.diagnostics import Diagnostic, make_problem
from pipeline.system.limits import CheckLimits

ONE = Diagnostic("a-code", "a message")


def give(*found):
    yield from found


def test_what_is_found_comes_back():
    assert run_bounded(give, ONE, ONE) == (ONE, ONE)


def test_problems_that_are_raised_are_findings():
    def fail():
        yield ONE
        raise make_problem("worse", "it is worse")

    assert [d.code for d in run_bounded(fail)] == ["a-code", "worse"]


def test_work_that_does_not_end_is_stopped():
    def endless() -> list[Diagnostic]:
        time.sleep(60)
        return []

    started = time.monotonic()
    with pytest.raises(LimitExceeded, match=r"over 0\.3 seconds"):
        run_bounded(endless, limits=CheckLimits(seconds=0.3))
    assert time.monotonic() - started < 20


def test_work_that_takes_all_memory_is_stopped():
    with pytest.raises(LimitExceeded, match="MB of memory"):
        run_bounded(lambda: [ONE] * len(bytearray(8 << 30)))


def test_work_that_ends_its_process_is_told():
    with pytest.raises(LimitExceeded, match="exit code 7"):
        run_bounded(os._exit, 7)


def test_work_that_says_it_is_boundless_is_believed():
    def endless():
        yield ONE
        raise LimitExceeded("it goes on")

    with pytest.raises(LimitExceeded, match="it goes on"):
        run_bounded(endless)


def test_a_fault_of_ours_is_told_as_one():
    (found,) = run_bounded(lambda: [ONE] * (1 // 0))
    assert found.code == "internal"
    assert "ZeroDivisionError" in found.message
