"""What people can do: ask, join, report, get more time, add tasks, import a plan, manage people."""
