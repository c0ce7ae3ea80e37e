"""The specification workbook that sponsors exchange (sheets as Pinnacle 21 has them): written, and taken in."""
