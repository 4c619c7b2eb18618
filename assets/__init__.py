"""What exists: each asset with its checks; a body is a call into padan."""
