"""From words at their places on pages to paragraphs and tables, for PDF and scans alike."""
