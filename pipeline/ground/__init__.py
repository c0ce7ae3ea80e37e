"""What everybody may stand on: it imports nothing of the project, and sdtm, adam and tlf may import it."""
