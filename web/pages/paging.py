"""Lists in pages: which part of a list is shown, and the addresses of the parts beside it."""

from __future__ import annotations

from urllib.parse import urlencode

from web.looks import Look


class Pager:
    """One page of a list of `count` lines; the last page if a later one is asked for."""

    def __init__(self, look: Look, count: int, size: int) -> None:
        self.count = count
        self.pages = max(1, -(-count // size))
        self.number = min(look.get_page_number(), self.pages)
        self.first = (self.number - 1) * size
        self.end = min(self.first + size, count)
        self._kept = [(k, v) for k, v in look.request.query_params.multi_items() if k != "trang"]

    def make_address(self, number: int) -> str:
        """Return the address of another page of the same list."""
        return "?" + urlencode([*self._kept, ("trang", str(number))])

    @property
    def page_before(self) -> str | None:
        """Return the address of the page before; None on the first."""
        return self.make_address(self.number - 1) if self.number > 1 else None

    @property
    def page_after(self) -> str | None:
        """Return the address of the page after; None on the last."""
        return self.make_address(self.number + 1) if self.number < self.pages else None
