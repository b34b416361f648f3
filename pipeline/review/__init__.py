"""The way back: what an editor changed in a brief's DOCX, as changes of the content."""
