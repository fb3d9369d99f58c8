"""The board: how work stands at a glance, and the tasks behind each figure."""
