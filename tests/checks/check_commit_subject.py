#!/usr/bin/env python3
"""Commit subjects read `area: what`, and are not longer than 100 characters. Looks at the last 30 commits."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUBJECT = re.compile(r"^[a-z][a-z0-9/-]*(, [a-z][a-z0-9/-]*)*: \S.*[^.]$")


def main():
    log = subprocess.run(["git", "-C", ROOT, "log", "-30", "--no-merges", "--format=%h %s"], capture_output=True,
                         text=True, check=False)
    if log.returncode != 0:
        print("commit subjects: no git history here, nothing to check")
        return 0
    bad = [line for line in log.stdout.splitlines()
           if not SUBJECT.match(line.split(" ", 1)[1]) or len(line.split(" ", 1)[1]) > 100]
    for line in bad:
        print(f"{line}: expected `area: what`, at most 100 characters, no full stop")
    print(f"commit subjects: {len(log.stdout.splitlines())} read, {len(bad)} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
