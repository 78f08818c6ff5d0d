"""Makes ordered files in the test's own process: the same files without a child."""

from __future__ import annotations

from reports.child import FileMaker, TellLater
from reports.making import make_file
from reports.orders import FileOrder, MadeFile


class NearMaker(FileMaker):
    """A maker of files that starts no process; it keeps the orders."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[FileOrder] = []

    async def make_file(self, order: FileOrder, tell: TellLater | None = None) -> MadeFile:
        self.orders.append(order)
        return await make_file(order)
