#!/usr/bin/env python3
"""No test silently leaves the build: every *_test.cpp of the tree is compiled in the given build folder.

  check_tests_built.py build/asan
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    commands = pathlib.Path(sys.argv[1]) / "compile_commands.json"
    compiled = {pathlib.Path(c["file"]).resolve() for c in json.loads(commands.read_text(encoding="utf-8"))}
    sources = [p for area in ("tests", "plugins", "plugin-api") for p in sorted((ROOT / area).rglob("*_test.cpp"))]
    # The consumer project is configured and built by its own test.
    missing = [p for p in sources if p.resolve() not in compiled and "consumer" not in p.parts]
    for path in missing:
        print(f"{path.relative_to(ROOT)}: is in no target")
    print(f"tests built: {len(sources)} files, {len(missing)} missing")
    return 1 if missing or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
