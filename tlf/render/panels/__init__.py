"""One module per kind of panel: draw(canvas, panel, its place in inches, the panels of its kind)."""
