"""How the registry is stored: the engine and its sessions, column types, the SQLite driver. No tables."""
