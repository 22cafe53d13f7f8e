#!/usr/bin/env python3
"""Code that a page quotes stands in a file that is built: no C++, CMake or YAML in the guide for authors is only text.

In docs/writing-a-plugin.md every block of ```cpp, ```cmake and ```yaml begins after a line <!-- from: FILE -->, and its lines
stand in that file one after another. A line "…" stands for lines left out. <!-- not built: WHY --> is the way out.
Standard library only.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ["docs/writing-a-plugin.md"]
PLACES = {"@NAME@": "hello", "@ID@": "com.example.hello", "@SOURCE@": "hello.cpp"}


def source_lines(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for place, value in PLACES.items():
        text = text.replace(place, value)
    return [line.rstrip() for line in text.splitlines()]


def outdented(lines):
    least = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return [line[least:] for line in lines]


def stands_in(quoted, lines):
    """Whether the parts between "…" are found in order, each as consecutive lines, however far indented."""
    parts, part = [], []
    for line in quoted + ["…"]:
        if line.strip() == "…":
            if part:
                parts.append(part)
            part = []
        else:
            part.append(line)
    at = 0
    for part in parts:
        width = len(part)
        found = next((i for i in range(at, len(lines) - width + 1) if outdented(lines[i:i + width]) == outdented(part)), None)
        if found is None:
            return False
        at = found + width
    return bool(parts)


def check(page):
    problems, blocks, origin, inside = [], 0, None, None
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        if inside is None:
            mark = re.match(r"<!-- (from|not built): (.+) -->$", line)
            if mark:
                origin = mark.groups()
            elif re.match(r"```(cpp|cmake|yaml|c)$", line):
                inside, begin = [], number
            elif line.strip() and not line.startswith("```"):
                origin = None
        elif line == "```":
            blocks += 1
            if origin is None:
                problems.append(f"{page}:{begin}: says not from which file it is")
            elif origin[0] == "from" and not stands_in(inside, source_lines(origin[1])):
                problems.append(f"{page}:{begin}: does not stand like that in {origin[1]}")
            inside, origin = None, None
        else:
            inside.append(line.rstrip())
    return problems, blocks


def main():
    problems, blocks = [], 0
    for page in PAGES:
        found, number = check(page)
        problems += found
        blocks += number
    for problem in problems:
        print(problem)
    print(f"quotes: {blocks} blocks, {len(problems)} problems")
    return 1 if problems or not blocks else 0


if __name__ == "__main__":
    sys.exit(main())
