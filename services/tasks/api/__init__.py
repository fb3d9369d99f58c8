"""HTTP: what is asked of tasks, each part at its own addresses."""
