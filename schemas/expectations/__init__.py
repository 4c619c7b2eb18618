"""Great Expectations suites as functions: does tonight look like the nights before? No stored gx/ folder."""
