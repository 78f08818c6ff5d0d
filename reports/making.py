"""Makes one ordered file from the registry, in whatever process it is called."""

from __future__ import annotations

from dataclasses import asdict

from sqlmodel.ext.asyncio.session import AsyncSession

from models.queries.status_rows import load_partner_names, stream_status_rows
from models.storage.database import Database
from reports.orders import FileKind, FileOrder, MadeFile, OrderFault, Tell


async def make_file(order: FileOrder, tell: Tell | None = None) -> MadeFile:
    """Return the file that `order` names. Raises OrderFault, RegistryError."""
    database = Database(order.url)
    try:
        async with database.read() as session:
            return await _MAKERS[order.kind](session, order, tell)
    finally:
        await database.close()


async def _make_sheet(session: AsyncSession, order: FileOrder, tell: Tell | None) -> MadeFile:
    from reports.sheet import write_status_sheet  # its library is slow to load

    partners = await load_partner_names(session, order.query)
    rows = stream_status_rows(session, order.query)
    content, figures, count = await write_status_sheet(
        rows, partners, order.about, order.today, tell
    )
    if not count:
        raise OrderFault("file-nothing")
    return MadeFile(content, asdict(figures) | {"rows": count})


_MAKERS = {FileKind.SHEET: _make_sheet}
