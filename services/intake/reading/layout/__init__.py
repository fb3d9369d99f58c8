"""How the lines of a notice belong together: its parts, its numbering, and which item stands under which."""
