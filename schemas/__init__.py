"""What is promised: the contract of every feed and of every table that Python writes. Imports nothing of ours."""
