"""A check as the JSON of design §4."""

from typing import Any

from assistant.schema import CheckReport, Finding, QuoteCheck


def check_json(report: CheckReport) -> dict[str, Any]:
    """Return a check as plain JSON values, keys in the order of the contract.

    The checked text is not repeated: spans are code points into what was handed in (of a file, into its normalised
    text). `counts` holds the statuses that occur, by name.
    """
    counts = report.counts
    return {
        "verdict": str(report.verdict),
        "findings": [_finding_json(finding) for finding in report.findings],
        "counts": {str(status): counts[status] for status in sorted(counts)},
        "coverage": {"found": len(report.findings), "checked": report.checked},
        "as_of": report.as_of.isoformat(),
        "as_of_from": report.as_of_from,
        "searched": report.searched,
        "corpus": report.corpus,
        "seconds": report.seconds,
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "text": finding.text,
        "start": finding.start,
        "end": finding.end,
        "provision": finding.provision,
        "label": finding.label,
        "status": str(finding.status),
        "detail": finding.detail,
        "expected": finding.expected,
        "content": str(finding.content),
        "candidates": list(finding.candidates),
        "quotes": [_quote_json(quote) for quote in finding.quotes],
    }


def _quote_json(quote: QuoteCheck) -> dict[str, Any]:
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "exact": quote.exact,
        "edits": [{"kind": str(edit.kind), "text": edit.text} for edit in quote.edits],
        "found_in": list(quote.found_in),
    }
