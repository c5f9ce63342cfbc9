"""Whether a document is in force on a date."""

from datetime import date

from assistant.schema import Metadata, Validity, ValidityState


def validity_on(metadata: Metadata, as_of: date) -> Validity:
    """Return the state of a document on `as_of`.

    `repealed` is the first day it no longer applies, `expires` its last day. A document whose start nobody knows is
    UNKNOWN, never out of force: unknown dates filter nothing.
    """
    since, until = metadata.effective, metadata.repealed or metadata.expires
    if metadata.repealed and as_of >= metadata.repealed:
        state = ValidityState.REPEALED
    elif metadata.expires and as_of > metadata.expires:
        state, until = ValidityState.EXPIRED, metadata.expires
    elif since is None:
        state = ValidityState.UNKNOWN
    elif as_of < since:
        state = ValidityState.NOT_YET
    else:
        state = ValidityState.IN_FORCE
    return Validity(state, since, until, as_of)
