"""What went wrong at a CRM, named by what to do next.

    CrmError
    ├── Retry          try again after a moment; nothing was changed
    ├── Park           a limit is used up; stop until it resets
    ├── Reauthorise    the credentials are refused; a person must sign in again
    ├── Split          the CRM refuses these writes together; send them in smaller parts
    ├── Reject         the CRM refuses this record; a person must mend the data or the mapping
    ├── Exists         the CRM already holds a record under our key; adopt it
    ├── Gone           the record was deleted, or merged into another
    ├── Drift          a field, an object or a permission is no longer what it was
    └── Unknown        the CRM may or may not have done it; ask before doing it again

An adapter maps every vendor code to one of these in its ``faults.py`` and nowhere else. Each
error carries ``words``, a sentence an admin understands, and ``code``, the vendor's own word for
the log. Neither ever holds a value that a person typed.
"""

from __future__ import annotations

from datetime import datetime


class CrmError(Exception):
    """The CRM could not do what was asked."""

    def __init__(self, words: str = "", *, code: str = "") -> None:
        self.words = words or (type(self).__doc__ or "").strip().splitlines()[0]
        self.code = code
        super().__init__(self.words)

    @property
    def name(self) -> str:
        """The class of the error in lower case, as it is stored and shown."""
        return type(self).__name__.lower()


class Retry(CrmError):
    """The CRM is busy; it will be asked again in a moment."""

    def __init__(self, words: str = "", *, code: str = "", after: float = 1.0) -> None:
        super().__init__(words, code=code)
        #: Seconds to wait before the next attempt.
        self.after = after


class Park(CrmError):
    """The CRM's limit is used up; work goes on when it resets."""

    def __init__(self, words: str = "", *, code: str = "", until: datetime | None = None) -> None:
        super().__init__(words, code=code)
        #: When the limit resets, where the CRM says so.
        self.until = until


class Reauthorise(CrmError):
    """The CRM refuses our credentials; somebody has to sign in again."""


class Split(CrmError):
    """The CRM refuses these writes together; some of them may be fine."""


class Reject(CrmError):
    """The CRM refuses this record."""

    def __init__(self, words: str = "", *, code: str = "", field: str | None = None) -> None:
        super().__init__(words, code=code)
        #: The CRM's name of the field that was refused, where it says so.
        self.field = field


class Exists(CrmError):
    """The CRM already holds a record under this key."""

    def __init__(self, words: str = "", *, code: str = "", field: str | None = None) -> None:
        super().__init__(words, code=code)
        #: The CRM's name of the field that must be unique, where it says so.
        self.field = field


class Gone(CrmError):
    """The record is no longer in the CRM."""

    def __init__(self, words: str = "", *, code: str = "", merged_into: str | None = None) -> None:
        super().__init__(words, code=code)
        #: The id that took the record's place, after a merge.
        self.merged_into = merged_into


class Drift(CrmError):
    """A field or a permission is no longer what the mapping says."""

    def __init__(self, words: str = "", *, code: str = "", field: str | None = None) -> None:
        super().__init__(words, code=code)
        #: The CRM's name of the field, where it says so.
        self.field = field


class Unknown(CrmError):
    """The answer was lost; the CRM may or may not have done it."""
