"""The life of a task: commands, events, the states that they lead to, and the rules that refuse. Pure."""
