"""How: logic that can be tested with a DuckDB connection and a folder. Never Dagster, never the environment."""
