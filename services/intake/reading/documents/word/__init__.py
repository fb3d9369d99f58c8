"""Word documents (.docx): their words in order, with the numbers that Word works out, and their tables."""
