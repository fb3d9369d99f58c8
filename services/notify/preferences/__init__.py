"""How soon and by which channels somebody hears: defaults, their own choices, their unit's floor, quiet hours. Pure."""
