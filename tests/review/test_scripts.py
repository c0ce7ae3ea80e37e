"""The scripts of the review site that compute, by node's runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

HOME = Path(__file__).parent
PAGE = HOME.parents[1] / "pipeline" / "review" / "page"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_what_the_scripts_compute():
    tests = [str(path) for path in sorted(HOME.glob("*.test.js"))]
    ran = subprocess.run(["node", "--test", *tests], capture_output=True, text=True, timeout=60)

    assert ran.returncode == 0, ran.stdout


def test_no_script_reads_text_as_markup_or_code():
    words = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "http://",
        "https://",
    )
    told = [(path.name, word) for path in sorted(PAGE.glob("*")) for word in words
            if word in path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")]  # fmt: skip

    assert told == []


def test_the_page_forbids_what_it_does_not_bring():
    page = (PAGE / "index.html").read_text(encoding="utf-8")

    assert "default-src 'none'; script-src 'self' file:; style-src 'self' file:;" in page
    assert not any(word in page for word in ("unsafe", " onclick", " style=", "<script>", "<style>"))
