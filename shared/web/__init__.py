"""What every page has in common: its frame, its look, and how dates and deadlines read."""
