"""From a notice's text to a conclusion, in pure steps; every directive keeps its span in the text."""
