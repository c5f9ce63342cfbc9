"""An answer as the JSON of design §4."""

from dataclasses import asdict
from typing import Any

from assistant.schema import Answer, AnswerPart, Validity


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain JSON values, keys in the order of the contract."""
    return {
        "question": answer.question,
        "status": str(answer.status),
        "answer": answer.answer,
        "statements": [
            {"text": one.text, "citations": list(one.citations), "verified": one.verified} for one in answer.statements
        ],
        "citations": [
            {
                "key": one.key,
                "provision": one.provision,
                "document": one.document,
                "label": one.label,
                "quote": one.quote,
                "start": one.start,
                "end": one.end,
                "force": [str(force) for force in one.force],
                "jurisdiction": one.jurisdiction,
                "validity": validity_json(one.validity),
            }
            for one in answer.citations
        ],
        "missing": list(answer.missing),
        "nearest": list(answer.nearest),
        "notices": [{"kind": str(one.kind), "text": one.text} for one in answer.notices],
        "remarks": [{"citations": list(one.citations), "text": one.text} for one in answer.remarks],
        "conditions": [
            {"key": one.key, "text": one.text, "state": str(one.state), "said": one.said} for one in answer.conditions
        ],
        "parts": [_part(one) for one in answer.parts],
        "carried": [{"kind": str(one.kind), "text": one.text} for one in answer.carried],
        "spoken": answer.spoken,
        "searched": answer.searched,
        "engine": answer.engine,
        "corpus": answer.corpus,
        "seconds": answer.seconds,
        **_generated(answer),
    }


def _part(part: AnswerPart) -> dict[str, Any]:
    return {
        "text": part.text,
        "status": str(part.status),
        "citations": list(part.citations),
        "missing": list(part.missing),
    }


def _generated(answer: Answer) -> dict[str, Any]:
    """Return the figures of a language model, where one was asked."""
    one = answer.generation
    if one is None:
        return {}
    return {
        "generation": {
            "written": one.written,
            "checked": one.checked,
            "verified": one.verified,
            "withheld": one.withheld,
            "coverage": round(one.coverage, 4),
            "pass_rate": round(one.pass_rate, 4),
        },
        "sent_to": answer.sent_to,
    }


def validity_json(validity: Validity) -> dict[str, Any]:
    """Return a validity with `from` and `to` as the contract names them."""
    row = asdict(validity)
    return {
        "state": str(row["state"]),
        "from": row["since"].isoformat() if row["since"] else None,
        "to": row["until"].isoformat() if row["until"] else None,
        "as_of": row["as_of"].isoformat(),
    }
