"""Every error Yiju raises on purpose, as a tree.

    AssistantError
    ├── CorpusError              a file or its manifest cannot become a document
    │   ├── DecodeError          text in no encoding we accept
    │   ├── UnreadableFileError  encrypted, scanned, garbled, or an archive beyond its limits
    │   ├── StructureError       text that does not have the structure it claims
    │   └── ManifestError        a manifest row that is wrong, or does not match its file
    ├── StoreError               the index is missing, locked or damaged
    │   ├── IndexMissingError    there is no index where one was asked for
    │   ├── IndexMismatchError   the index was built with another embedder or schema
    │   └── IndexLockedError     another process is writing
    ├── VectorFileError          vectors computed elsewhere that cannot be used
    ├── QuestionError            a question that is empty or far too long
    ├── LookupFailedError        an exact look-up that names nothing we hold
    ├── ModelError               an embedder or language model failed
    ├── AuditError               the record of answers cannot be read or written, or has no such entry
    ├── FeedbackError            the file of votes cannot be read or written
    ├── ContactsError            a row of contacts.toml that is wrong
    ├── SettingsError            a setting that is unknown or out of range
    └── MissingDependencyError   an optional package is not installed

A message says what happened, to what, and what to do next, in one line of Chinese: it is shown to users as it stands.

    try:
        assistant.ask(question)
    except AssistantError as error:
        print(f"错误：{error}")
"""


class AssistantError(Exception):
    """The base of every error a user can mend."""


class CorpusError(AssistantError):
    """A file or its manifest row cannot become a document."""


class DecodeError(CorpusError):
    """The bytes are text in none of the encodings we accept; the message names the first bad byte."""


class UnreadableFileError(CorpusError):
    """The file cannot give trustworthy text: encrypted, scanned, garbled, or beyond an archive's limits."""


class StructureError(CorpusError):
    """The text does not have the structure its manifest row claims."""


class ManifestError(CorpusError):
    """A manifest row is malformed, or contradicts the file it names."""


class StoreError(AssistantError):
    """The index cannot be used."""


class IndexMissingError(StoreError):
    """There is no index at the place asked for."""


class IndexMismatchError(StoreError):
    """The index was built with another embedder, tokenizer, dictionary or schema."""


class IndexLockedError(StoreError):
    """Another process is writing this index; the message says which."""


class VectorFileError(AssistantError):
    """A file of vectors computed elsewhere is damaged, or of another embedder; or the texts cannot be written."""


class QuestionError(AssistantError):
    """The question is empty or far too long to be one."""


class LookupFailedError(AssistantError):
    """An exact look-up names no document or no provision that we hold."""


class ModelError(AssistantError):
    """An embedder or language model failed.

    Attributes:
        retryable: whether the same call may succeed later.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class AuditError(AssistantError):
    """The record of answers and checks cannot be read or written, or the entry asked for is not in it."""


class FeedbackError(AssistantError):
    """The file of votes cannot be read or written, or a line of it is no vote."""


class ContactsError(AssistantError):
    """A row of contacts.toml is malformed or contradicts another; the message names the row."""


class SettingsError(AssistantError):
    """A setting is unknown, malformed or out of range."""


class MissingDependencyError(AssistantError):
    """An optional package is not installed; the message gives the exact command that installs it."""
