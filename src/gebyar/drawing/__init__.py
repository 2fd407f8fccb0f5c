"""What is drawn rather than written: the mark and QR codes, as plain SVG for pages and documents alike."""
