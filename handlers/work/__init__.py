"""The work on a task: report, evidence, confirmation, more time, undo."""
