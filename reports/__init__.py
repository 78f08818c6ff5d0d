"""What officials take away: sheet, Word report, chart, calendar (docs/dev/reports.md)."""
