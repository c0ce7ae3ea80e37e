"""Toxicity: grades of each day, episodes, and what was dose-limiting."""
