"""What goes with every bundle as it is: its verifier and its guide."""
