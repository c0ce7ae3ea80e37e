"""Print an output from `results/ars.json` alone: python docs/ars_reader.py output/STUDY/results/ars.json T-14.3.2"""

import json
import sys
from pathlib import Path


def table(event: dict, output: str) -> list[str]:
    """The lines of an output: its titles, then a line for each analysis and level, its printed values by column."""
    analyses = {one["id"]: one for one in event["analyses"]}
    groups = {group["id"]: group["label"] for one in event["analysisGroupings"] for group in one.get("groups", [])}
    display = next(one for one in event["outputs"] if one["id"] == output)["displays"][0]["display"]
    items = event["mainListOfContents"]["contentsList"]["listItems"]
    own = next(one for one in items if one["outputId"] == output)["sublist"]["listItems"]
    lines = [output, display["displayTitle"], ""]
    for analysis in (analyses[item["analysisId"]] for item in own):
        rows: dict[str, dict[str, list[str]]] = {}
        for result in analysis["results"]:
            found = result.get("resultGroups", [])
            column = next((groups[one["groupId"]] for one in found if "groupId" in one), "")
            level = " / ".join(one["groupValue"] for one in found if "groupValue" in one)
            rows.setdefault(level, {}).setdefault(column, []).append(result.get("formattedValue", ""))
        for level, cells in rows.items():
            said = [f"{column}: {' '.join(filter(None, values))}" for column, values in cells.items()]
            lines.append(f"{analysis['name']} {level}".strip().ljust(58) + "  " + "   ".join(said))
    return lines


if __name__ == "__main__":
    print("\n".join(table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2])))
