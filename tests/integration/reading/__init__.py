"""Reading real files, in processes of their own."""
