"""How notices name people: family names, titles and positions."""
