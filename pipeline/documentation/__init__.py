"""`make docs`: the site of the documentation, of the guide, the manual of specs and what the sources say themselves."""
