"""JUnit's XML, for whatever shows the results of tests: a suite a file, a failed test a finding."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ssot_lint.model import Failure, Finding, Report
from ssot_lint.reporters import file_namer

if TYPE_CHECKING:
    from ssot_lint.reporters import Context

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, context: Context) -> Iterator[str]:
    """The suites in the order of their files; if nothing was found, one with a test that passed."""
    name = file_namer(report.root, context.cwd)
    passed = not (report.findings or report.troubles)
    total = _counted("testsuites", "ssot-lint", int(passed), len(report.findings), len(report.troubles))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n' + _xml(total).removesuffix(" />\n") + ">\n"
    for path, (findings, failures) in _files(report).items():
        yield _xml(_suite(name(path), findings, failures))
    if passed:
        yield _xml(_passed_suite())
    yield "</testsuites>\n"


def _xml(element: Element) -> str:
    """ASCII, which no pipe can garble."""
    indent(element)
    return str(tostring(element, "us-ascii"), "ascii") + "\n"


def _files(report: Report) -> dict[str, tuple[list[Finding], list[Failure]]]:
    paths = sorted({item.path for item in report.findings} | {item.path for item in report.troubles})
    files: dict[str, tuple[list[Finding], list[Failure]]] = {path: ([], []) for path in paths}
    for finding in report.findings:
        files[finding.path][0].append(finding)
    for trouble in report.troubles:
        files[trouble.path][1].append(trouble)
    return files


def _suite(path: str, findings: Sequence[Finding], failures: Sequence[Failure]) -> Element:
    suite = _counted("testsuite", path, 0, len(findings), len(failures))
    for failure in failures:
        text = f"{_place(path, failure)}: {failure.message}"
        _outcome(_case(suite, path, failure.kind), "error", failure.kind, failure.message, text)
    seen: Counter[str] = Counter()
    for finding in findings:
        test = f"{finding.rule} in {finding.symbol}" if finding.symbol else finding.rule
        seen[test] += 1
        case = _case(suite, path, test if seen[test] == 1 else f"{test} ({seen[test]})")
        _outcome(case, "failure", finding.rule, finding.message, _text(path, finding))
    return suite


def _passed_suite() -> Element:
    suite = _counted("testsuite", "ssot-lint", 1, 0, 0)
    _case(suite, "ssot-lint", "no findings")
    return suite


def _counted(tag: str, name: str, passed: int, failed: int, errors: int) -> Element:
    counts = {"tests": passed + failed + errors, "failures": failed, "errors": errors}
    return Element(tag, {"name": _clean(name)} | {key: str(count) for key, count in counts.items()})


def _case(suite: Element, path: str, test: str) -> Element:
    """Readers tell tests apart by these two names; they hold no row, so that they stay when lines move."""
    return SubElement(suite, "testcase", {"classname": _clean(path), "name": _clean(test)})


def _outcome(case: Element, tag: str, kind: str, message: str, text: str) -> None:
    SubElement(case, tag, {"type": kind, "message": _clean(message)}).text = _clean(text)


def _text(path: str, finding: Finding) -> str:
    start = finding.span.start
    lines = [
        f"{path}:{start.row}:{start.column}: {finding.severity}: {finding.message}",
        finding.line.rstrip(),
    ]
    if finding.fix:
        lines.append(f"{finding.fix.applicability} fix: {finding.fix.message}")
    elif finding.reason:
        lines.append(f"no fix: {finding.reason}")
    return "\n".join(lines)


def _place(path: str, failure: Failure) -> str:
    return f"{path}:{failure.position.row}:{failure.position.column}" if failure.position else path


def _clean(text: str) -> str:
    """The text with U+FFFD for what XML 1.0 cannot hold, not even escaped."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
