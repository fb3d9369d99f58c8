"""Who is told what, and why."""
