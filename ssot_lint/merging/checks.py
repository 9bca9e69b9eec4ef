"""Whether parts go together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ssot_lint import __version__
from ssot_lint.errors import SsotLintError
from ssot_lint.merging.document import Document


def check(documents: Sequence[Document]) -> None:
    """Raises SsotLintError with a line for each reason why the parts are no whole."""
    problems = list(_differences(documents)) or list(_gaps(documents))
    if problems:
        raise SsotLintError(*problems)


def _differences(documents: Sequence[Document]) -> Iterator[str]:
    """What does not go with the first part, one reason for each other."""
    first = documents[0]
    for each in documents:
        ours, theirs = each.part, first.part
        if ours.version != __version__:
            yield f"{each.name}: was written by ssot-lint {ours.version}, and this is {__version__}"
        elif each.format != first.format:
            yield f"{each.name}: is {each.format}, and {first.name} is {first.format}"
        elif ours.count != theirs.count:
            yield f"{each.name}: is one of {ours.count} parts, and {first.name} one of {theirs.count}"
        elif ours.setup != theirs.setup:
            yield f"{each.name}: was made with other rules, settings, flags or baselines than {first.name}"
        elif ours.files != theirs.files:
            yield f"{each.name}: was made of other files than {first.name}"


def _gaps(documents: Sequence[Document]) -> Iterator[str]:
    """Parts that are there twice, and those that are not there."""
    count = documents[0].part.count
    names = defaultdict(list)
    for each in documents:
        names[each.part.index].append(each.name)
    for index, same in sorted(names.items()):
        if len(same) > 1:
            yield f"{' and '.join(same)}: are all part {index} of {count}"
    missing = [str(index) for index in range(1, count + 1) if index not in names]
    if missing:
        yield f"of {count} parts, {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
