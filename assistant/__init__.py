"""Yiju (依据): a policy assistant that shows its grounds.

    from assistant import open_assistant

    assistant = open_assistant()
    answer = assistant.ask("企业用电成本能降吗")

Importing this package imports nothing heavy: the names below are loaded at their first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answering.wire import answer_json
    from assistant.api import Assistant, open_assistant
    from assistant.building import add_files, build_index
    from assistant.errors import AssistantError
    from assistant.schema import Answer, Citation, Hit, Role
    from assistant.settings import Settings, load_settings

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Hit",
    "Role",
    "Settings",
    "add_files",
    "answer_json",
    "build_index",
    "load_settings",
    "open_assistant",
]

_HOMES = {
    "answer_json": "assistant.answering.wire",
    "Assistant": "assistant.api",
    "add_files": "assistant.building",
    "build_index": "assistant.building",
    "open_assistant": "assistant.api",
    "AssistantError": "assistant.errors",
    "Answer": "assistant.schema",
    "Citation": "assistant.schema",
    "Hit": "assistant.schema",
    "Role": "assistant.schema",
    "Settings": "assistant.settings",
    "load_settings": "assistant.settings",
}


def __getattr__(name: str) -> Any:
    """Load a public name at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
