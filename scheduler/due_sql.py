"""The statements by which the sender finds which notices are due, and when the next one is."""

from __future__ import annotations

from sqlalchemy import String, TextualSelect, bindparam, text

from models.storage.fields import Moment

_DUE_NOTICES = """
    SELECT n.id FROM notice n JOIN chat c ON c.id = n.chat_id
    WHERE n.status IN ('pending','sending','uncertain') AND n.kind = :kind AND n.not_before <= :now
      AND n.status IN ('pending','uncertain')
      AND (c.not_before IS NULL OR c.not_before <= :now)
      AND c.channel IN :channels
    ORDER BY n.not_before
    LIMIT :most
"""
_DUE_TYPES = (
    bindparam("now", type_=Moment()),
    bindparam("kind", type_=String()),
    bindparam("channels", type_=String(), expanding=True),
)
DUE_NOTICES = text(_DUE_NOTICES).bindparams(*_DUE_TYPES)
"""What of one kind may go out now; its first condition is that of the index `ix_notice_due`."""
UNLOCKED_DUE_NOTICES = text(_DUE_NOTICES + " FOR UPDATE OF n SKIP LOCKED").bindparams(*_DUE_TYPES)
"""The same, if other processes may be claiming at this moment."""

_NEXT_MOMENT = """SELECT min(moment) AS moment FROM (
        SELECT CASE WHEN n.status = 'sending' THEN {lease_end}
                    WHEN c.not_before > n.not_before THEN c.not_before
                    ELSE n.not_before END AS moment
        FROM notice n JOIN chat c ON c.id = n.chat_id
        WHERE n.status IN ('pending','sending','uncertain') AND n.not_before <= :until
          AND c.channel IN :channels) waiting
    WHERE moment > :now AND moment <= :until"""


def _make_next_moment(lease_end: str) -> TextualSelect:
    """Return the statement, with `lease_end` as the SQL for when a lease runs out."""
    return (
        text(_NEXT_MOMENT.format(lease_end=lease_end))
        .bindparams(
            bindparam("now", type_=Moment()),
            bindparam("until", type_=Moment()),
            bindparam("channels", type_=String(), expanding=True),
        )
        .columns(moment=Moment())
    )


NEXT_MOMENT = _make_next_moment("n.lease_until")
"""When the next notice comes due: it waits, or its chat does, or its lease runs out."""
SHARED_NEXT_MOMENT = _make_next_moment(
    ":now + (n.lease_until - (clock_timestamp() AT TIME ZONE 'utc'))"
)
"""The same by the clock of the process, if leases count by that of the registry."""
