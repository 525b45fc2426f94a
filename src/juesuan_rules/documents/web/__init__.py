"""Web pages: saved pages, pages a system exported as a workbook, and page archives."""
