"""What people hold in hand: pages, workpapers, marked PDF files, letters, and files for other programs.

Every output is made from one `Material`; a report's outputs call a finding by the same number and its figures by ①②③.
"""
