"""Files that are handed in with reports and results: which are taken, where they are kept, who gets them back."""
