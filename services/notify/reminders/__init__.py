"""Who is reminded of a deadline, and when: before it, on it, behind it, and then up the chain."""
