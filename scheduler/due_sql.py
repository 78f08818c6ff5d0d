"""The statements by which the sender finds which notices are due, and when the next one is."""

from __future__ import annotations

from sqlalchemy import String, bindparam, text

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

NEXT_MOMENT = (
    text(
        """SELECT min(moment) AS moment FROM (
            SELECT CASE WHEN n.status = 'sending' THEN n.lease_until
                        WHEN c.not_before > n.not_before THEN c.not_before
                        ELSE n.not_before END AS moment
            FROM notice n JOIN chat c ON c.id = n.chat_id
            WHERE n.status IN ('pending','sending','uncertain') AND n.not_before <= :until
              AND c.channel IN :channels) waiting
        WHERE moment > :now AND moment <= :until"""
    )
    .bindparams(
        bindparam("now", type_=Moment()),
        bindparam("until", type_=Moment()),
        bindparam("channels", type_=String(), expanding=True),
    )
    .columns(moment=Moment())
)
"""When the next notice comes due: it waits, or its chat does, or its lease runs out."""
