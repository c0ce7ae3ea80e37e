"""Mapping sheets and how they are done: rows and blocks, the rules a row may name, the terms they look up."""
