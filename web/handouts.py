"""Files by an address with a token: a picture as it is, anything else behind one button.

Previews of chat programs fetch an address; they use nothing up, and see no file but a picture.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from models.channels.handouts import Handout, find_handout
from web.context import BoardContext
from web.looks import NotHere
from web.rendering import render_page


class HandoutDesk:
    """Answers the requests for files that were handed out."""

    def __init__(self, context: BoardContext) -> None:
        self._context = context

    async def show_handout(self, request: Request) -> Response:
        """Show a picture, or the button that fetches the file."""
        handout = await self._find_handout(request)
        if handout.is_picture:
            return Response(handout.content, media_type="image/png")
        return render_page("handout.html", name=handout.name)

    async def send_handout(self, request: Request) -> Response:
        """Send the file to be stored under its own name."""
        handout = await self._find_handout(request)
        disposition = f"attachment; filename*=UTF-8''{quote(handout.name)}"
        return Response(
            handout.content,
            media_type="application/octet-stream",
            headers={"content-disposition": disposition},
        )

    async def _find_handout(self, request: Request) -> Handout:
        """Return the file of the address. Raises NotHere if there is none, or no more."""
        async with self._context.app.database.read() as session:
            handout = await find_handout(session, request.path_params["token"], self._context.now())
        if handout is None:
            raise NotHere
        return handout
