#!/usr/bin/env python3
"""Every relative link of every Markdown page leads to a file that exists, and every anchor to a heading."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)


def anchors_of(text):
    found = set()
    for line in FENCE.sub("", text).splitlines():
        if line.startswith("#"):
            title = line.lstrip("#").strip().lower()
            found.add(re.sub(r"[^\w\- ]", "", title).replace(" ", "-"))
    return found


def main():
    problems, links = [], 0
    pages = [p for p in ROOT.rglob("*.md") if not {"build", "node_modules", ".git"} & set(p.relative_to(ROOT).parts)]
    for page in sorted(pages):
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        for target in LINK.findall(text):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            path, _, anchor = target.partition("#")
            file = page if not path else (page.parent / path).resolve()
            if not file.exists():
                problems.append(f"{page.relative_to(ROOT)}: no such file: {target}")
            elif anchor and file.suffix == ".md" and anchor not in anchors_of(file.read_text(encoding="utf-8")):
                problems.append(f"{page.relative_to(ROOT)}: no such heading: {target}")
    for problem in problems:
        print(problem)
    print(f"links: {len(pages)} pages, {links} links, {len(problems)} broken")
    return 1 if problems or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
