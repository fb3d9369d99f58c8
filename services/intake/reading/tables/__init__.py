"""Tables of a notice: where they are, what their columns hold, and the duties in their rows."""
