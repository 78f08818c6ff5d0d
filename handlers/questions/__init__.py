"""Questions in chat: what was asked, the query, the answer."""
