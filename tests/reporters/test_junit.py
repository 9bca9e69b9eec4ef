from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import xmlschema
from inline_snapshot import snapshot
from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from ssot_lint.model import Position, Report, Span
from ssot_lint.reporters import Context
from ssot_lint.reporters import junit as reporter

_SCHEMA = Path(__file__).parent / "schemas" / "junit-10.xsd"


def render(report: Report, context: Context) -> str:
    return "".join(reporter.render(report, context))


def suites(report: Report, context: Context) -> list[tuple[TestSuite, list[TestCase]]]:
    return [(suite, list(suite)) for suite in JUnitXml.fromstring(render(report, context).encode())]


def test_a_file_is_a_suite_and_a_finding_a_failed_test(report: Report, context: Context) -> None:
    assert render(report, context) == snapshot('''\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ssot-lint" tests="3" failures="2" errors="1">
<testsuite name="app/new.py" tests="1" failures="0" errors="1">
  <testcase classname="app/new.py" name="unparsable-file">
    <error type="unparsable-file" message="invalid syntax">app/new.py:3:7: invalid syntax</error>
  </testcase>
</testsuite>
<testsuite name="app/orders.py" tests="2" failures="2" errors="0">
  <testcase classname="app/orders.py" name="direct-uuid in open_order">
    <failure type="direct-uuid" message="`uuid.uuid4` makes an ID outside the source of truth">app/orders.py:5:20: error: `uuid.uuid4` makes an ID outside the source of truth
    order_id = str(uuid.uuid4())
safe fix: Call `IdGenerator.generate_base_id`</failure>
  </testcase>
  <testcase classname="app/orders.py" name="hardcoded-id-prefix">
    <failure type="hardcoded-id-prefix" message="`thread_` belongs to the source of truth">app/orders.py:12:12: warning: `thread_` belongs to the source of truth
    return f"""thread_
no fix: the value is a file name</failure>
  </testcase>
</testsuite>
</testsuites>
''')  # noqa: E501


def test_every_report_follows_the_schema(any_report: Report, context: Context) -> None:
    xmlschema.XMLSchema(_SCHEMA).validate(render(any_report, context))


def test_the_numbers_are_those_of_the_tests(any_report: Report, context: Context) -> None:
    total = JUnitXml.fromstring(render(any_report, context).encode())
    stated = (total.tests, total.failures, total.errors)
    total.update_statistics()
    assert stated == (total.tests, total.failures, total.errors)
    assert stated[1:] == (len(any_report.findings), len(any_report.troubles))
    assert total.tests >= 1


def test_what_is_nasty_is_read_back(nasty: Report, context: Context) -> None:
    (inner, (inline, block)), (lost, _), (unreadable, (failed,)) = suites(
        nasty, replace(context, cwd=nasty.root)
    )
    finding = nasty.findings[0]
    assert [inner.name, lost.name, unreadable.name] == [finding.path, "b\ufffd.py", "c:\n,%.py"]
    (failure,) = inline.result
    assert isinstance(failure, Failure)
    assert (
        failure.message
        == "100 %: <a href='x'>&amp;</a> \"]]>\"\r\n\ufffd[31m\ufffd {0} [x](y) 😀\t\ufffd, ::end"
    )
    assert (failure.type, inline.classname, inline.name) == (
        "direct-uuid",
        finding.path,
        "direct-uuid in Ünïcode.open",
    )
    assert finding.line in failure.text
    assert block.result[0].text.endswith("no fix: it's a \ufffd name")
    (error,) = failed.result
    assert isinstance(error, Error)
    assert (error.type, error.message) == ("unreadable-file", "Permission denied: 'c'")
    assert error.text == "c:\n,%.py: Permission denied: 'c'"


def test_tests_keep_their_names_when_lines_move(report: Report, context: Context) -> None:
    def names(report: Report) -> list[tuple[str, str]]:
        return [(case.classname, case.name) for _, cases in suites(report, context) for case in cases]

    moved = [each._replace(span=Span(Position(90, 3), Position(90, 9))) for each in report.findings]
    assert names(replace(report, findings=tuple(moved))) == names(report)


def test_equal_findings_are_different_tests(report: Report, context: Context) -> None:
    thrice = replace(report, findings=report.findings[:1] * 3, failures=())
    ((_, cases),) = suites(thrice, context)
    assert [case.name for case in cases] == [
        "direct-uuid in open_order",
        "direct-uuid in open_order (2)",
        "direct-uuid in open_order (3)",
    ]


def test_nothing_found_is_a_test_that_passed(nothing: Report, context: Context) -> None:
    ((suite, (case,)),) = suites(nothing, context)
    assert (suite.tests, case.is_passed) == (1, True)


def test_findings_and_failures_of_one_file_share_its_suite(report: Report, context: Context) -> None:
    failure = replace(report.failures[0], path="app/orders.py")
    ((suite, cases),) = suites(replace(report, failures=(failure,)), context)
    assert (suite.errors, suite.failures, len(cases)) == (1, 2, 3)


def test_the_text_is_ascii(nasty: Report, context: Context) -> None:
    assert render(nasty, context).isascii()
