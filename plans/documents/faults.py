"""What can be wrong with a document that a person sends: a class and a message for each fault."""

from locales.answer import say
from locales.user_error import UserError


class DocumentError(UserError):
    """A document that cannot be read; each kind of fault has its sentence, for the sender."""

    message_id = "document-broken"

    def __init__(self, **values: str | int) -> None:
        super().__init__(say(self.message_id, **values))


class BrokenError(DocumentError):
    """The file is damaged, or not what its name says."""


class EmptyError(DocumentError):
    """The file holds nothing: no bytes, or no text and no picture."""

    message_id = "document-empty"


class ScanError(DocumentError):
    """The file holds pictures of pages, no text."""

    message_id = "document-scan"


class NoLettersError(DocumentError):
    """The file's fonts do not say which letters their signs are."""

    message_id = "document-no-letters"


class SidewaysError(DocumentError):
    """All text of the file is turned by a quarter."""

    message_id = "document-sideways"


class NoTasksError(DocumentError):
    """The file holds text, but no table of tasks and no duties listed by agency."""

    message_id = "document-no-tasks"


class OwnTableError(DocumentError):
    """The file is the status table that the program itself gave out, no plan."""

    message_id = "document-own-table"


class BombError(DocumentError):
    """The packed file unpacks to far more than a document is."""

    message_id = "document-bomb"


class EntityError(DocumentError):
    """Its XML defines entities, which no office program writes."""

    message_id = "document-entities"


class TooManyRowsError(DocumentError):
    """The file has more rows, cells or pages than a plan has."""

    message_id = "document-too-long"


class LongCellError(DocumentError):
    """A cell or paragraph holds more text than a field of a task may."""

    message_id = "document-long-cell"


class PasswordError(DocumentError):
    """The file is protected by a password."""

    message_id = "document-password"


class LegacyError(DocumentError):
    """The format is old or foreign; `values["suffix"]` is what to save the file as."""

    message_id = "document-legacy"


class UnknownKindError(DocumentError):
    """The file is of no kind that is read here."""

    message_id = "document-unknown-kind"


class ClassifiedError(DocumentError):
    """The document bears a mark of state secrecy; only the fact is kept, never the content."""

    message_id = "document-classified"


class TimeoutFault(DocumentError):
    """Reading took longer than allowed."""

    message_id = "document-timeout"


class MemoryFault(DocumentError):
    """Reading needed more memory than allowed."""

    message_id = "document-memory"


FAULTS: dict[str, type[DocumentError]] = {
    fault.message_id: fault
    for fault in (
        BrokenError,
        EmptyError,
        ScanError,
        NoLettersError,
        SidewaysError,
        NoTasksError,
        OwnTableError,
        BombError,
        EntityError,
        TooManyRowsError,
        LongCellError,
        PasswordError,
        LegacyError,
        UnknownKindError,
        ClassifiedError,
        TimeoutFault,
        MemoryFault,
    )
}
