"""PDF documents: the words of their text layer and the lines drawn between them, or their pages as images."""
