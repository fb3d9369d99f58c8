"""The pages on which a notice is posted, its reading gone through beside its text, and corrected later."""
