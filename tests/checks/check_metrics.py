#!/usr/bin/env python3
"""The metrics that the documents, the alarms and the dashboard name are those that the engine has, with their labels' values where
these stand in the source; and every metric of the engine is in the table of docs/operating.md."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MADE = re.compile(r'\b(?:counter|gauge|histogram)\(\s*"(parley_[a-z0-9_]+)"')
NAMED = re.compile(r"\bparley_[a-z0-9_]+(?:\{[^}]*\})?")
LABELS = re.compile(r'([a-z_]+)=~?"([^"]*)"')
TAIL = re.compile(r"_(?:bucket|sum|count)$")


def made_metrics():
    """Name -> the source files that make it."""
    made = {}
    for source in [*ROOT.glob("engine/**/*.cpp"), *ROOT.glob("engine/**/*.hpp")]:
        text = source.read_text(encoding="utf-8")
        for name in MADE.findall(text):
            made.setdefault(name, "")
            made[name] += text
    return made


def named_in(text):
    """(name, {label: [values]}) for each metric in a text."""
    for match in NAMED.findall(text):
        name, _, labels = match.partition("{")
        values = {label: value.split("|") for label, value in LABELS.findall(labels) if "$" not in value}
        values.pop("job", None)
        if name != "parley_records":  # a word of the records' form
            yield name, values


def main():
    made, problems = made_metrics(), []
    table = (ROOT / "docs/operating.md").read_text(encoding="utf-8").partition("\n## Metrics\n")[2].partition("\n## ")[0]
    dashboard = json.loads((ROOT / "config/grafana-dashboard.json").read_text(encoding="utf-8"))
    queries = [t["expr"] for p in dashboard["panels"] for t in p.get("targets", [])]
    texts = {"docs/operating.md": (ROOT / "docs/operating.md").read_text(encoding="utf-8"),
             "config/alerts.example.yaml": (ROOT / "config/alerts.example.yaml").read_text(encoding="utf-8"),
             "config/grafana-dashboard.json": "\n".join(queries)}
    names = 0
    for file, text in texts.items():
        for name, labels in named_in(text):
            names += 1
            base = name if name in made else TAIL.sub("", name)
            if base not in made:
                problems.append(f"{file}: the engine has no metric {name}")
                continue
            for label, values in labels.items():
                if f'"{label}"' not in made[base]:
                    problems.append(f"{file}: {name} has no label {label}")
                problems += [f"{file}: {name}: no {label} is {value}" for value in values if f'"{value}"' not in made[base]]
    problems += [f"docs/operating.md: the table lacks {name}" for name in sorted(made) if f"`{name}`" not in table]
    for problem in sorted(set(problems)):
        print(problem)
    print(f"metrics: {len(made)} made, {names} named, {len(set(problems))} problems")
    return 1 if problems or not made else 0


sys.exit(main())
