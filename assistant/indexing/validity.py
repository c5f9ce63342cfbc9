"""Whether a document is in force on a date."""

from datetime import date, timedelta

from assistant.schema import Metadata, Validity, ValidityState


def validity_on(metadata: Metadata, as_of: date) -> Validity:
    """Return the state of a document on `as_of`.

    `repealed` is the first day it no longer applies, `expires` its last day. A document whose start nobody knows is
    UNKNOWN, never out of force: unknown dates filter nothing. Before its issue it is NOT_YET all the same.
    """
    last_days = [metadata.expires, metadata.repealed - timedelta(days=1) if metadata.repealed else None]
    since, until = metadata.effective, min((day for day in last_days if day), default=None)
    if metadata.repealed and as_of >= metadata.repealed:
        state, until = ValidityState.REPEALED, metadata.repealed
    elif metadata.expires and as_of > metadata.expires:
        state, until = ValidityState.EXPIRED, metadata.expires
    elif since is None:
        issued = metadata.promulgated is None or metadata.promulgated <= as_of
        state = ValidityState.UNKNOWN if issued else ValidityState.NOT_YET
    elif as_of < since:
        state = ValidityState.NOT_YET
    else:
        state = ValidityState.IN_FORCE
    return Validity(state, since, until, as_of)
