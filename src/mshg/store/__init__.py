"""Events kept in SQLite."""
