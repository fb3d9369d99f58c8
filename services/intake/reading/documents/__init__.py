"""From the bytes of a file to its text and tables, whatever form the file has."""
