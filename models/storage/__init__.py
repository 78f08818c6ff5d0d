"""How the registry is stored: engine and sessions, column types, the SQLite driver. No tables."""
