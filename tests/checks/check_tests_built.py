#!/usr/bin/env python3
"""No test silently leaves the builds: every *_test.cpp of the tree is compiled in one of the given build folders.

  check_tests_built.py build/release build/asan build/tsan
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    compiled = set()
    for folder in sys.argv[1:]:
        commands = json.loads((pathlib.Path(folder) / "compile_commands.json").read_text(encoding="utf-8"))
        compiled |= {pathlib.Path(c["file"]).resolve() for c in commands}
    sources = [p for area in ("tests", "plugins", "plugin-api") for p in sorted((ROOT / area).rglob("*_test.cpp"))]
    # The consumer project is configured and built by its own test.
    missing = [p for p in sources if p.resolve() not in compiled and "consumer" not in p.parts]
    for path in missing:
        print(f"{path.relative_to(ROOT)}: is in no target")
    print(f"tests built: {len(sources)} files, {len(missing)} missing")
    return 1 if missing or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
