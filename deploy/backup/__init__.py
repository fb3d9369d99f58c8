"""Both stores as files: taken while people work, proven to be whole, and restored as they stood at a moment."""
