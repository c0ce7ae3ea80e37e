"""What a guide says of itself in the keywords of its PDF: the tree of files that it prints, versions of software."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.engine.store import sha256

TREE, VERSIONS = "tree", "versions"


def keywords(tree: Iterable[str], versions: Mapping[str, str]) -> tuple[str, ...]:
    """The keywords of a guide that prints this tree and these versions."""
    return f"{TREE} {tree_digest(tree)}", f"{VERSIONS} {versions_said(versions)}"


def tree_digest(tree: Iterable[str]) -> str:
    """A tree of files as one hash, by which a printed one is told from another."""
    return sha256("\n".join(sorted(tree)).encode("utf-8"))


def versions_said(versions: Mapping[str, str]) -> str:
    """The versions of software in one line."""
    return " ".join(f"{name}={number}" for name, number in sorted(versions.items()))
