"""Who is told what, and why. Pure: the same event and organisation give the same notifications, in the same order."""
