#!/usr/bin/env python3
"""Holds every #include under engine/, plugins/ and plugin-api/ against docs/layers.txt.

Exit 0: clean. Exit 1: each forbidden include on a line of its own, file:line: what. Standard library only.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def read_rules(path):
    layers, libraries, only = {}, [], {}
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#", 1)[0].strip() if not line.startswith("library") else line.strip()
        if not line:
            continue
        kind, rest = line.split(" ", 1)
        if kind == "layer":
            name, allowed = rest.split(":", 1)
            layers[name.strip()] = set(allowed.split())
        elif kind == "library":
            head, folders = rest.rsplit(":", 1)
            name, pattern = head.split(" ", 1)
            libraries.append((name, re.compile(pattern), folders.split()))
        elif kind == "only":
            name, pattern = rest.split(" ", 1)
            only[name] = re.compile(pattern)
        else:
            sys.exit(f"{path}: unknown rule {kind!r}")
    return layers, libraries, only


def includes_of(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1], match[2]


def is_standard(header):
    return "/" not in header and not header.endswith(".h")


def is_system(header):
    return header.endswith(".h") and (("/" not in header and not header.startswith(("simdjson", "sqlite3")))
                                      or header.startswith(("sys/", "arpa/", "net/", "netinet/", "linux/")))


def check_engine_include(folder, where, quote, header, rules):
    layers, libraries, only = rules
    layer = folder.split("/")[0]
    if quote == '"':
        target = header.split("/")[0]
        if target in layers and target != layer and target not in layers[layer]:
            return f"{layer} may not include {target}"
        return None
    for name, pattern, folders in libraries:
        if pattern.match(header):
            if not any(folder == f or folder.startswith(f + "/") for f in folders):
                return f"{folder} may not include {name} (<{header}>)"
            return None
    if layer in only and not (is_standard(header) or is_system(header) or only[layer].match(header)):
        return f"{layer} includes no third-party header, but <{header}>"
    return None


def main():
    rules = read_rules(ROOT / "docs/layers.txt")
    layers = rules[0]
    problems, files = [], 0
    for path in sorted((ROOT / "engine").rglob("*.[hc]pp")):
        files += 1
        folder = path.parent.relative_to(ROOT / "engine").as_posix()
        if folder.split("/")[0] not in layers:
            problems.append(f"{path.relative_to(ROOT)}:1: {folder} is no layer of docs/layers.txt")
            continue
        for number, quote, header in includes_of(path):
            wrong = check_engine_include(folder, path, quote, header, rules)
            if wrong:
                problems.append(f"{path.relative_to(ROOT)}:{number}: {wrong}")
    for area in ("plugins", "plugin-api"):
        for path in sorted((ROOT / area).rglob("*")):
            if path.suffix not in (".cpp", ".hpp", ".c", ".h"):
                continue
            files += 1
            for number, quote, header in includes_of(path):
                if "engine/" in header:
                    problems.append(f"{path.relative_to(ROOT)}:{number}: {area} sees plugin-api/ only")
    for problem in problems:
        print(problem)
    print(f"layers: {files} files, {len(problems)} problems")
    return 1 if problems or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
