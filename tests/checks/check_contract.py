#!/usr/bin/env python3
"""Each function of the contract says on which thread it may be called, and the reference can be made from the headers."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = [ROOT / "plugin-api/include/parley/plugin.h", *sorted((ROOT / "plugin-api/include/parley/ext").rglob("*.h"))]
# A member that is a pointer to a function, and the comment right before it.
FUNCTION = re.compile(r"(?P<comment>/\*(?:[^*]|\*(?!/))*\*/\s*)?^\s*[a-z_0-9 ]+\**\s*\(\*(?P<name>[a-z_0-9]+)\)\(", re.MULTILINE)
TAG = re.compile(r"/\*\s*\[(any|agent|main)\]")


def main():
    problems, functions = [], 0
    for header in HEADERS:
        text = header.read_text(encoding="utf-8")
        for found in FUNCTION.finditer(text):
            functions += 1
            if not TAG.match(found["comment"] or ""):
                line = text.count("\n", 0, found.start("name")) + 1
                problems.append(f"{header.relative_to(ROOT)}:{line}: {found['name']}: its comment does not begin with its thread")
    (ROOT / "build").mkdir(exist_ok=True)
    made = subprocess.run(["doxygen", "docs/reference/Doxyfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        problems += made.stderr.splitlines()
    print("\n".join(problems + [f"contract: {functions} functions in {len(HEADERS)} headers, {len(problems)} problems"]))
    return 1 if problems or functions == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
