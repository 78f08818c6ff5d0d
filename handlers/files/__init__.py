"""Files that officials take away: tables, reports, charts, calendars (docs/dev/reports.md)."""
