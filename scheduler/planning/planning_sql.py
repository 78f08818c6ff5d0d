"""The statements by which a day is planned, for SQLite and PostgreSQL alike.

`planner` and `targets` say in which order they run and why.
"""

# ruff: noqa: S608  # every part is a constant of this module, no value from outside

from __future__ import annotations

import re

from sqlalchemy import Date, bindparam, text
from sqlalchemy import types as sql

from models.assignments import OPEN_SQL, UNFINISHED_SQL
from models.storage.fields import Moment
from models.storage.statements import make_statement

# Temporary tables; which feeds which:
#   due_step, due_plan, due_task (steps by last day and setting)         -> due_found
#   due_recipient, notice -> due_asked (chats) -> due_ask (agencies)
#   due_start (days), due_ask -> due_scan, due_next (assignments)        -> due_found
#   due_found (assignments with a step) -> due_new (the newest, if not written yet)
#   due_new, due_recipient -> due_target (chat and line)
#   due_target, due_chat -> notice, notice_line
TABLES = (
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_step (
        stream VARCHAR, kind VARCHAR, setting INTEGER, last_day DATE,
        day DATE, step VARCHAR, rank INTEGER)""",
    "CREATE TEMPORARY TABLE IF NOT EXISTS due_plan (plan_id INTEGER PRIMARY KEY, setting INTEGER)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS due_task (task_id INTEGER PRIMARY KEY, setting INTEGER)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS due_start (first_day DATE PRIMARY KEY, day DATE)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS due_asked (chat_id INTEGER PRIMARY KEY)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS due_ask (agency_id INTEGER PRIMARY KEY)",
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_recipient (
        audience VARCHAR, agency_id INTEGER, plan_id INTEGER, chat_id INTEGER, awake BOOLEAN)""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_chat (
        chat_id INTEGER PRIMARY KEY, not_before TIMESTAMP)""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_scan (
        assignment_id INTEGER PRIMARY KEY, task_id INTEGER, agency_id INTEGER,
        last_day DATE, first_day DATE, change_day VARCHAR)""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_next (
        task_id INTEGER, agency_id INTEGER, last_day DATE, PRIMARY KEY (task_id, agency_id))""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_found (
        assignment_id INTEGER, plan_id INTEGER, agency_id INTEGER, lead_id INTEGER,
        stream VARCHAR, kind VARCHAR, step VARCHAR, last_day DATE, day DATE, rank INTEGER)""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_new (
        assignment_id INTEGER, plan_id INTEGER, agency_id INTEGER, lead_id INTEGER,
        stream VARCHAR, kind VARCHAR, step VARCHAR, last_day DATE,
        PRIMARY KEY (assignment_id, stream))""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS due_target (
        chat_id INTEGER, kind VARCHAR, assignment_id INTEGER, step VARCHAR, last_day DATE)""",
    "CREATE INDEX IF NOT EXISTS ix_due_recipient ON due_recipient (audience, agency_id)",
    "CREATE INDEX IF NOT EXISTS ix_due_target ON due_target (chat_id, kind)",
)
# Steps that were past when the assignment was made, or when more time was given, are not told:
# they are of a day that was planned before that (docs/dev/reminders.md rule 9).
_WAS_MADE_BEFORE = """(a.made_on < {day} OR (a.made_on = {day} AND {day} > :planned))
    AND ({day} > :planned OR NOT EXISTS (
        SELECT 1 FROM extension x
        WHERE x.assignment_id = a.id AND x.decision = 'granted' AND x.decided_at > :planned_at))"""

# An occurrence of a recurring deadline has no step before the last day of the occurrence before it.
_NOT_BEFORE_FORMER_OCCURRENCE = """({day} >= a.last_day OR NOT EXISTS (
    SELECT 1 FROM deadline d JOIN milestone m ON m.id = d.milestone_id
    JOIN deadline e ON e.milestone_id = d.milestone_id
    WHERE d.id = a.deadline_id AND m.kind = 'recurring' AND e.last_day < d.last_day
        AND e.last_day > {day}))"""

_PLANNED_TYPES = {"planned": Date(), "planned_at": Moment()}

_INSERT_FOUND = """INSERT INTO due_found
    (assignment_id, plan_id, agency_id, lead_id, stream, kind, step, last_day, day, rank)
    SELECT a.id, a.plan_id, a.agency_id, a.lead_id, """

# CROSS JOIN keeps SQLite to the order written, from the few to the many; to PostgreSQL it is a
# join like any other.
FIND_DATED = make_statement(
    _INSERT_FOUND
    + """s.stream, s.kind, s.step, a.last_day, s.day, s.rank
    FROM due_step s CROSS JOIN assignment a CROSS JOIN due_plan p CROSS JOIN task t
    LEFT JOIN due_task o ON o.task_id = a.task_id
    WHERE s.stream <> 'list' AND a.last_day = s.last_day AND p.plan_id = a.plan_id
        AND t.id = a.task_id
      AND (s.setting IS NULL OR s.setting = COALESCE(o.setting, p.setting))
      AND t.cancelled_on IS NULL AND """
    + " AND ".join(
        (
            OPEN_SQL,
            _WAS_MADE_BEFORE.format(day="s.day"),
            _NOT_BEFORE_FORMER_OCCURRENCE.format(day="s.day"),
        )
    ),
    **_PLANNED_TYPES,
)

# Chats that were asked how their work stands not long ago, and the agencies that may be asked: one
# of their focal points has not been. Nobody is asked in their stead: they could not answer.
FIND_ASKED = make_statement(
    """INSERT INTO due_asked (chat_id) SELECT DISTINCT l.chat_id
    FROM notice n JOIN notice_line l ON l.notice_id = n.id
    WHERE n.day > :asked AND n.kind = 'morning' AND l.step LIKE 'update-%'""",
    asked=Date(),
)
FIND_ASK = make_statement(
    """INSERT INTO due_ask (agency_id) SELECT DISTINCT r.agency_id FROM due_recipient r
    WHERE r.audience = 'focal' AND r.agency_id IS NOT NULL
        AND r.chat_id NOT IN (SELECT chat_id FROM due_asked)"""
)

# Periods that begin, and assignments long without a change. No index knows either, so all open
# assignments are read once, in the order in which they are stored ("NOT INDEXED").
_IS_QUIET = """({change_day} <= :quiet AND a.last_day <= :ahead
    AND a.agency_id IN (SELECT agency_id FROM due_ask))"""
_SCAN_OPEN = (
    """INSERT INTO due_scan (assignment_id, task_id, agency_id, last_day, first_day, change_day)
    SELECT a.id, a.task_id, COALESCE(a.agency_id, 0), a.last_day, a.first_day, {change_day}
        FROM assignment a {how}
    WHERE a.last_day IS NOT NULL AND (a.first_day IN (SELECT first_day FROM due_start)
      OR """
    + _IS_QUIET
    + ") AND "
    + OPEN_SQL
)
_FIND_NEXT_DAYS = """INSERT INTO due_next (task_id, agency_id, last_day)
    SELECT a.task_id, COALESCE(a.agency_id, 0), min(a.last_day) FROM assignment a {how}
    WHERE a.task_id IN (SELECT task_id FROM due_scan) AND a.last_day IS NOT NULL AND {unfinished}
    GROUP BY a.task_id, COALESCE(a.agency_id, 0)"""
_QUIET_TYPES = {"offset": sql.Integer(), "quiet": sql.String(), "ahead": Date()}
SCAN_OPEN = {
    "sqlite": make_statement(
        _SCAN_OPEN.format(
            how="NOT INDEXED", change_day="date(a.changed_at, :offset || ' seconds')"
        ),
        **_QUIET_TYPES,
    ),
    "postgresql": make_statement(
        _SCAN_OPEN.format(
            how="", change_day="to_char(a.changed_at + :offset * interval '1 second', 'YYYY-MM-DD')"
        ),
        **_QUIET_TYPES,
    ),
}
FIND_NEXT_DAYS = {
    "sqlite": make_statement(_FIND_NEXT_DAYS.format(how="NOT INDEXED", unfinished=UNFINISHED_SQL)),
    "postgresql": make_statement(_FIND_NEXT_DAYS.format(how="", unfinished=UNFINISHED_SQL)),
}

FIND_STARTS = make_statement(
    _INSERT_FOUND
    + """'morning', 'morning', :step, a.last_day, s.day, :rank
    FROM due_scan w CROSS JOIN due_start s CROSS JOIN assignment a
        CROSS JOIN due_plan p CROSS JOIN task t
    WHERE s.first_day = w.first_day AND a.id = w.assignment_id AND p.plan_id = a.plan_id
        AND t.id = a.task_id
      AND a.last_day >= s.day AND a.last_day > a.first_day AND t.cancelled_on IS NULL AND """
    + " AND ".join((OPEN_SQL, _WAS_MADE_BEFORE.format(day="s.day"))),
    **_PLANNED_TYPES,
    step=sql.String(),
    rank=sql.Integer(),
)

# The next unfinished deadline of a task is that of each responsible agency, or one that is late
# would keep the bot from asking about all.
FIND_QUIET = make_statement(
    _INSERT_FOUND
    + """'morning', 'morning', :step, a.last_day, :day, :rank
    FROM due_scan w CROSS JOIN due_next x CROSS JOIN assignment a CROSS JOIN due_plan p
    CROSS JOIN task t
    WHERE w.change_day <= :quiet AND w.last_day <= :ahead
        AND w.agency_id IN (SELECT agency_id FROM due_ask)
        AND a.id = w.assignment_id AND p.plan_id = a.plan_id AND t.id = a.task_id
      AND x.task_id = w.task_id AND x.agency_id = w.agency_id AND x.last_day = w.last_day
      AND t.cancelled_on IS NULL AND """
    + " AND ".join(
        (
            OPEN_SQL,
            _WAS_MADE_BEFORE.format(day=":day"),
            _NOT_BEFORE_FORMER_OCCURRENCE.format(day=":day"),
        )
    ),
    **_PLANNED_TYPES,
    quiet=sql.String(),
    ahead=Date(),
    day=Date(),
    step=sql.String(),
    rank=sql.Integer(),
)

PICK_NEWEST = make_statement(
    """INSERT INTO due_new
    (assignment_id, plan_id, agency_id, lead_id, stream, kind, step, last_day)
    SELECT assignment_id, plan_id, agency_id, lead_id, stream, kind, step, last_day FROM (
        SELECT f.*, ROW_NUMBER() OVER (PARTITION BY assignment_id, stream
            ORDER BY CASE WHEN rank = :asks THEN 1 ELSE 0 END, day DESC, rank DESC) AS place
        FROM due_found f) x
    WHERE place = 1 AND (day = :day OR NOT EXISTS (
        SELECT 1 FROM notice_line l JOIN notice n ON n.id = l.notice_id
        WHERE l.assignment_id = x.assignment_id AND l.step = x.step
            AND l.last_day = x.last_day AND n.kind = x.kind))""",
    day=Date(),
    asks=sql.Integer(),
)
"""Today's step is picked again for who joined after it was sent to others of the agency."""

PICK_NEVER_SENT = make_statement(
    """INSERT INTO due_new
    (assignment_id, plan_id, agency_id, lead_id, stream, kind, step, last_day)
    SELECT a.id, a.plan_id, a.agency_id, a.lead_id, 'morning', 'morning', s.step, a.last_day
    FROM due_step s CROSS JOIN assignment a CROSS JOIN due_plan p CROSS JOIN task t
    WHERE s.stream = 'list' AND a.last_day = s.last_day AND p.plan_id = a.plan_id
        AND t.id = a.task_id
      AND t.cancelled_on IS NULL AND """
    + " AND ".join((OPEN_SQL, _WAS_MADE_BEFORE.format(day="s.day")))
    + """
      AND NOT EXISTS (SELECT 1 FROM due_new d WHERE d.assignment_id = a.id AND d.stream = 'morning')
      AND NOT EXISTS (
        SELECT 1 FROM notice_line l JOIN notice n ON n.id = l.notice_id
        WHERE l.assignment_id = a.id AND l.last_day = a.last_day AND n.day > a.last_day
            AND n.kind = 'morning')""",
    **_PLANNED_TYPES,
)

_INSERT_TARGETS = """INSERT INTO due_target (chat_id, kind, assignment_id, step, last_day)
    SELECT DISTINCT r.chat_id, d.kind, d.assignment_id, d.step, d.last_day """
_NOT_WRITTEN_YET = """NOT EXISTS (SELECT 1 FROM notice_line l WHERE l.chat_id = r.chat_id
    AND l.assignment_id = d.assignment_id AND l.step = d.step AND l.last_day = d.last_day)"""

FIND_TARGETS = (
    # the focal points of the responsible agency
    make_statement(
        _INSERT_TARGETS
        + """FROM due_new d JOIN due_recipient r ON r.audience = 'focal'
            AND r.agency_id = d.agency_id
        WHERE d.stream = 'morning' AND (d.step NOT LIKE 'update-%'
            OR r.chat_id NOT IN (SELECT chat_id FROM due_asked)) AND """
        + _NOT_WRITTEN_YET
    ),
    # whoever supervises the plan, if none of them is reached
    make_statement(
        _INSERT_TARGETS
        + """FROM due_new d JOIN due_recipient r ON r.audience = 'stand_in'
            AND r.plan_id = d.plan_id
        WHERE d.stream = 'morning' AND d.step NOT LIKE 'update-%' AND NOT EXISTS (
            SELECT 1 FROM due_recipient f WHERE f.audience = 'focal'
                AND f.agency_id = d.agency_id AND f.awake)
        AND """
        + _NOT_WRITTEN_YET
    ),
    # escalations and messages to groups: the stream is the audience
    make_statement(
        _INSERT_TARGETS
        + """FROM due_new d JOIN due_recipient r ON r.audience = d.stream
        WHERE d.stream <> 'morning'
        AND (r.plan_id IS NULL OR r.plan_id = d.plan_id)
        AND (r.agency_id IS NULL OR r.agency_id = d.agency_id OR r.agency_id = d.lead_id)
        AND """
        + _NOT_WRITTEN_YET
    ),
)

# What waits is locked, so that nobody claims a notice between its first and its last line.
LOCK_WAITING = text(
    """SELECT id FROM notice WHERE status = 'pending'
        AND kind IN ('morning','overdue','escalation') FOR UPDATE"""
)

NEW_NOTICES = make_statement(
    """INSERT INTO notice
        (chat_id, day, kind, token, status, not_before, planned_at, attempts, again)
    SELECT g.chat_id, :day, g.kind,
        CASE WHEN EXISTS (SELECT 1 FROM notice n WHERE n.chat_id = g.chat_id
                          AND n.day = :day AND n.kind = g.kind)
             THEN :token ELSE '' END,
        'pending', c.not_before, :now, 0, FALSE
    FROM (SELECT DISTINCT chat_id, kind FROM due_target) g
    JOIN due_chat c ON c.chat_id = g.chat_id
    WHERE NOT EXISTS (SELECT 1 FROM notice n WHERE n.chat_id = g.chat_id AND n.day = :day
                      AND n.kind = g.kind AND n.status = 'pending')
    ON CONFLICT DO NOTHING""",
    day=Date(),
    now=Moment(),
    token=sql.String(),
)

NEW_LINES = make_statement(
    """INSERT INTO notice_line (notice_id, chat_id, assignment_id, step, last_day)
    SELECT n.id, g.chat_id, g.assignment_id, g.step, g.last_day
    FROM due_target g
    JOIN notice n ON n.chat_id = g.chat_id AND n.day = :day AND n.kind = g.kind
        AND n.status = 'pending'
    WHERE TRUE
    ON CONFLICT DO NOTHING""",
    day=Date(),
)

_MISSING_DIGESTS = """FROM (SELECT DISTINCT chat_id FROM due_recipient WHERE audience = 'group') g
    JOIN due_chat c ON c.chat_id = g.chat_id
    WHERE NOT EXISTS (SELECT 1 FROM notice n WHERE n.chat_id = g.chat_id
        AND n.kind = 'digest' AND n.day >= :slot)"""
NEW_DIGESTS = make_statement(
    """INSERT INTO notice
        (chat_id, day, kind, token, status, not_before, planned_at, attempts, again)
    SELECT c.chat_id, :day, 'digest', '', 'pending', c.not_before, :now, 0, FALSE """
    + _MISSING_DIGESTS
    + " ON CONFLICT DO NOTHING",
    day=Date(),
    slot=Date(),
    now=Moment(),
)

# Whether there is anything to write.
ANY_TARGET = text("SELECT 1 FROM due_target LIMIT 1")
ANY_DIGEST = make_statement("SELECT 1 " + _MISSING_DIGESTS + " LIMIT 1", slot=Date())

# What an earlier day left waiting, with today's notice of the same chat and kind.
OLDER_NOTICES = make_statement(
    """SELECT old.id AS old_id, new.id AS new_id FROM notice old
    JOIN notice new ON new.chat_id = old.chat_id AND new.kind = old.kind AND new.day = :day
        AND new.status = 'pending'
    WHERE old.status = 'pending' AND old.day < :day
        AND old.kind IN ('morning','overdue','escalation','digest')
    ORDER BY old.day DESC, old.id DESC""",
    day=Date(),
)

# It goes into today's message: one message, and of each assignment the newest step.
CARRY_OVER = (
    make_statement(
        """UPDATE notice_line SET notice_id = :new WHERE notice_id = :old AND NOT EXISTS (
            SELECT 1 FROM notice_line l WHERE l.notice_id = :new
                AND l.assignment_id = notice_line.assignment_id)"""
    ),
    make_statement(
        """UPDATE notice SET
            first_tried_at = (SELECT o.first_tried_at FROM notice o WHERE o.id = :old),
            attempts = (SELECT o.attempts FROM notice o WHERE o.id = :old),
            again = (SELECT o.again OR notice.again FROM notice o WHERE o.id = :old)
        WHERE id = :new"""
    ),
    make_statement(
        "UPDATE notice SET status = 'dropped', ended_at = :now WHERE id = :old",
        now=Moment(),
    ),
)

# They are made in one transaction, so that all of them are there or none.
ARE_TABLES_MADE = {
    "sqlite": text("SELECT count(*) FROM sqlite_temp_master WHERE name = 'due_target'"),
    "postgresql": text("SELECT to_regclass('pg_temp.due_target') IS NOT NULL"),
}
CLEAR_TABLES = tuple(
    text(f"DELETE FROM {name}")
    for name in re.findall(r"TABLE IF NOT EXISTS (\w+)", " ".join(TABLES))
)

OPEN_PLANS = text("SELECT id, steps FROM plan WHERE closed_on IS NULL").columns(
    id=sql.Integer(), steps=sql.JSON()
)
OWN_STEPS = text("SELECT id, steps FROM task WHERE steps IS NOT NULL").columns(
    id=sql.Integer(), steps=sql.JSON()
)
CHAT_SETTINGS = text(
    """SELECT id, remind_at, muted_until FROM chat
        WHERE remind_at IS NOT NULL OR muted_until IS NOT NULL"""
).columns(id=sql.Integer(), remind_at=sql.Time(), muted_until=Date())
LAST_DAYS = make_statement(
    "SELECT DISTINCT a.last_day FROM assignment a WHERE a.last_day <= :until AND "
    + OPEN_SQL
    + " ORDER BY a.last_day",
    until=Date(),
).columns(last_day=Date())

FILL_PLANS = make_statement("INSERT INTO due_plan VALUES (:id, :setting)")
FILL_TASKS = make_statement("INSERT INTO due_task VALUES (:id, :setting)")
FILL_STEPS = make_statement(
    "INSERT INTO due_step VALUES (:stream, :kind, :setting, :last_day, :day, :step, :rank)",
    last_day=Date(),
    day=Date(),
    setting=sql.Integer(),
)
FILL_STARTS = make_statement(
    "INSERT INTO due_start VALUES (:first, :day)", first=Date(), day=Date()
)
FILL_RECIPIENTS = make_statement(
    "INSERT INTO due_recipient VALUES (:audience, :agency, :plan, :chat, :awake)",
    agency=sql.Integer(),
    plan=sql.Integer(),
    awake=sql.Boolean(),
)
FILL_CHATS = make_statement("INSERT INTO due_chat VALUES (:chat, :at)", at=Moment())

FIRST_HEARTBEAT = make_statement(
    "INSERT INTO heartbeat (name, at, detail) VALUES (:name, :at, NULL) ON CONFLICT DO NOTHING",
    name=sql.String(),
    at=Moment(),
)

# The lines of notices, with whom they concern.
LINES_OF_NOTICES = (
    text(
        """SELECT l.id, n.kind, l.assignment_id, l.step, l.last_day, a.agency_id, a.lead_id,
            a.plan_id
    FROM notice_line l JOIN notice n ON n.id = l.notice_id
        JOIN assignment a ON a.id = l.assignment_id
    WHERE n.id IN :notices AND n.kind IN ('morning','escalation','overdue')"""
    )
    .bindparams(bindparam("notices", type_=sql.Integer(), expanding=True))
    .columns(
        id=sql.Integer(),
        kind=sql.String(),
        assignment_id=sql.Integer(),
        step=sql.String(),
        last_day=Date(),
        agency_id=sql.Integer(),
        lead_id=sql.Integer(),
        plan_id=sql.Integer(),
    )
)
FILL_TARGETS = make_statement(
    "INSERT INTO due_target VALUES (:chat, :kind, :assignment, :step, :last)", last=Date()
)
# As LOCK_WAITING, for the few chats that something is handed on to.
LOCK_TARGETS = make_statement(
    """SELECT id FROM notice WHERE status = 'pending' AND day = :day
        AND chat_id IN (SELECT chat_id FROM due_target) FOR UPDATE""",
    day=Date(),
)
DROP_WRITTEN_TARGETS = make_statement(
    """DELETE FROM due_target WHERE EXISTS (
        SELECT 1 FROM notice_line l WHERE l.chat_id = due_target.chat_id
        AND l.assignment_id = due_target.assignment_id AND l.step = due_target.step
        AND l.last_day = due_target.last_day)"""
)
ADD_LINES = make_statement(
    """INSERT INTO notice_line (notice_id, chat_id, assignment_id, step, last_day)
    VALUES (:notice, :chat, :assignment, :step, :last) ON CONFLICT DO NOTHING""",
    last=Date(),
)
