"""PDF: characters and rules of each page → grids and prose. `reader.read_pdf` is the way in."""
