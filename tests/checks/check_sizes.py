#!/usr/bin/env python3
"""Keeps files small: headers up to 150 lines, sources up to 400, and says which are over.

These are guides: a file may be a tenth over before this fails, so that nobody cuts where it does not belong.
Tests and generated files do not count. Standard library only.
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMITS = {".hpp": 150, ".h": 150, ".cpp": 400, ".c": 400}
# The contract is one page on purpose: whoever writes an agent reads it from top to bottom.
EXEMPT = {"plugin-api/include/parley/plugin.h"}


def main():
    problems, files = [], 0
    for area in ("engine", "plugin-api", "plugins", "bench"):
        for path in sorted((ROOT / area).rglob("*")):
            limit = LIMITS.get(path.suffix)
            name = path.relative_to(ROOT).as_posix()
            if not limit or name in EXEMPT or "/generated/" in name or "/tests/" in name:
                continue
            files += 1
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit * 1.1:
                problems.append(f"{name}: {lines} lines, the guide is {limit}")
    for problem in problems:
        print(problem)
    print(f"sizes: {files} files, {len(problems)} too long")
    return 1 if problems or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
