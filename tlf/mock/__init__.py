"""Shells before there are data: x's where numbers will stand, and notes for the programmer."""
