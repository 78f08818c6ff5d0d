"""The board: read-only pages for people who do not chat (docs/dev/board.md).

Started by `bot/`; it knows the rights and queries of `handlers` and `models`, and no channel.
"""
