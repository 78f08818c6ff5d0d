"""Opens Office files as packed archives with care: checks sizes first, refuses entities."""

import zipfile
import zlib
from pathlib import Path

from plans.documents.faults import BombError, BrokenError, EntityError, PasswordError

MOST_UNPACKED = 150_000_000  # bytes of all parts together
MOST_PART = 80_000_000  # bytes of one part
MOST_PARTS = 5_000

_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


def open_archive(path: Path) -> zipfile.ZipFile:
    """Return the archive at `path`, whose parts together are small enough to unpack.

    The sizes are those that the archive declares; `zipfile` never unpacks more of a part than that.
    Raises BrokenError, BombError, PasswordError.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BrokenError from error
    parts = archive.infolist()
    largest = max((part.file_size for part in parts), default=0)
    if (
        len(parts) > MOST_PARTS
        or largest > MOST_PART
        or sum(part.file_size for part in parts) > MOST_UNPACKED
    ):
        archive.close()
        raise BombError
    if any(part.flag_bits & 0x1 for part in parts):
        archive.close()
        raise PasswordError
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of an XML part, b"" if there is none. Raises BrokenError and EntityError."""
    try:
        data = archive.read(name)
    except KeyError:
        return b""
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        zlib.error,
    ) as error:
        raise BrokenError from error
    if any(doctype in data for doctype in _DOCTYPES):
        raise EntityError
    return data


def list_parts(archive: zipfile.ZipFile, start: str, end: str = ".xml") -> list[str]:
    """Return the names of the parts that start and end so, in the archive's order."""
    return [name for name in archive.namelist() if name.startswith(start) and name.endswith(end)]
