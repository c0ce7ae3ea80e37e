"""The typefaces of pages and figures: the project's own files, whatever a machine has; licences beside them."""

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
TYPEFACE = "Liberation Sans"  # the free twin of Arial, in which RTF and HTML set their texts: same widths
EAST_ASIAN = "Droid Sans Fallback"  # of what it has not: Chinese, Japanese and Korean texts as collected
