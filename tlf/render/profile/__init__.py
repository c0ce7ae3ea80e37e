"""The page of one subject as PDF: its picture (picture, of rows and charts) on a sheet that typst sets (sheet)."""
