"""Units and people: files, comparison, spelling."""
