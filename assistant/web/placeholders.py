# ruff: noqa
"""Stand-ins until the real ones are there; this module goes."""

from pathlib import Path
from typing import Any
from io import BytesIO

import docx
from assistant.schema import Answer, CheckReport
from assistant.web.escape import escape


def transfer_sheet(answer: Answer, *, region: str = "", contact: Any = None, edited_spoken: str = "") -> str:
    return f"转办单\n问题：{answer.question}\n地区：{region}\n口径：{edited_spoken or answer.spoken}\n承办单位：{contact.department if contact else '未配置'}"


def docx_from_text(report: CheckReport) -> bytes:
    document = docx.Document()
    document.add_paragraph(report.text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def annotate_docx(path: Path, report: CheckReport) -> bytes:
    document = docx.Document(str(path))
    for one in report.findings:
        for paragraph in document.paragraphs:
            if one.text in paragraph.text and paragraph.runs:
                document.add_comment(paragraph.runs, text=one.detail, author="依据")
                break
    out = BytesIO()
    document.save(out)
    return out.getvalue()
