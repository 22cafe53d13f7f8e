"""The steps of a Dockerfile, executed in folders: what `docker build` does, for machines without a Docker engine.

Knows what this project's Dockerfile uses and refuses the rest. Stages are copies of a base folder; RUN happens by chroot, as root.
A cache or bind mount is a real mount. Nothing is cached between runs but the cache mounts. Standard library only.
"""
import fnmatch
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

KEPT = {"EXPOSE", "STOPSIGNAL", "USER", "ENTRYPOINT", "CMD", "HEALTHCHECK", "VOLUME", "LABEL"}


def instructions(text):
    """(NAME, rest) for each instruction, continuation lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name.upper(), rest.strip()


def as_command(rest, shell):
    return json.loads(rest) if rest.startswith("[") else [*shell, rest]


def ignored_by(context):
    """A function (folder, names) -> ignored names, from .dockerignore; of its language only NAME, A/B and **/NAME."""
    patterns = [line.strip() for line in (context / ".dockerignore").read_text().splitlines() if line.strip()]

    def ignore(folder, names):
        inside = pathlib.Path(folder).relative_to(context)
        return [name for name in names if any(
            fnmatch.fnmatch(name, one[3:]) if one.startswith("**/") else fnmatch.fnmatch(str(inside / name), one) for one in patterns)]
    return ignore


class Stage:
    def __init__(self, build, name, folder):
        self.build, self.name, self.root = build, name, folder
        self.env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        self.shell, self.cwd, self.image = ["/bin/sh", "-c"], "/", {}

    def begin(self):
        shutil.rmtree(self.root, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", self.build.base, self.root], check=True)

    def inside(self, path):
        return self.root / os.path.join(self.cwd, path).lstrip("/")

    def step(self, name, rest, is_dry):
        if name in ("COPY", "RUN") and is_dry:
            return
        if name in KEPT:
            self.image[name] = rest
        elif name == "SHELL":
            self.shell = json.loads(rest)
        elif name == "WORKDIR":
            self.cwd = os.path.join(self.cwd, rest)
            if not is_dry:
                self.inside("").mkdir(parents=True, exist_ok=True)
        elif name == "ENV":
            self.env.update(word.split("=", 1) for word in shlex.split(rest))
        elif name == "ARG":
            variable, _, value = rest.partition("=")
            self.env[variable] = self.build.arguments.get(variable, value)
        elif name == "COPY":
            self.copy(shlex.split(rest))
        elif name == "RUN":
            self.run(rest)
        else:
            raise SystemExit(f"{name} is not known here")

    def copy(self, words):
        if any(word.startswith("--") for word in words):
            raise SystemExit("options of COPY are not known here")
        for source in words[:-1]:
            origin, target = self.build.context / source, self.inside(words[-1])
            if origin.is_dir():
                shutil.copytree(origin, target, ignore=ignored_by(self.build.context), dirs_exist_ok=True, symlinks=True)
            else:
                target = target / origin.name if words[-1].endswith("/") else target
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin, target)

    def run(self, rest):
        mounts = [("/proc", "proc"), ("/dev", "dev"), *self.build.binds]
        while match := re.match(r"--mount=(\S+)\s+", rest):
            options = dict(part.partition("=")[::2] for part in match[1].split(","))
            mounts.append((options["target"], self.build.mount_of(options)))
            rest = rest[match.end():]
        script, made = "set -e\n", []
        for target, source in mounts:
            where = self.root / target.lstrip("/")
            if not where.exists():
                made.append(where)
                where.parent.mkdir(parents=True, exist_ok=True)
                where.touch() if pathlib.Path(source).is_file() else where.mkdir()
            what = "-t proc proc" if source == "proc" else "--rbind /dev" if source == "dev" else f"--bind {shlex.quote(str(source))}"
            script += f"mount {what} {shlex.quote(str(where))}\n"
        command = ["chroot", str(self.root), "/bin/sh", "-c", f"cd {shlex.quote(self.cwd)} && exec \"$@\"", "step", *as_command(rest, self.shell)]
        script += "exec " + shlex.join(command)
        # A mount namespace of its own: whatever happens, no mount is left on the machine.
        subprocess.run(["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", script], env=self.env, check=True)
        for where in made:
            where.unlink() if where.is_file() else where.rmdir()


class Build:
    """`base` is a bare Debian; `binds` are (path inside, folder of the machine) that every RUN sees besides; `caches` are folders of
    the machine by the target of the cache mount they stand for; `arguments` are those of --build-arg."""

    def __init__(self, context, folder, base, binds=(), caches=None, arguments=None):
        self.context, self.folder, self.base = pathlib.Path(context).resolve(), pathlib.Path(folder), pathlib.Path(base)
        self.binds, self.caches, self.stages = list(binds), dict(caches or {}), {}
        self.arguments = dict(arguments or {})

    def mount_of(self, options):
        if options.get("type") == "cache":
            kept = pathlib.Path(self.caches.get(options["target"], self.folder / "caches" / options["target"].strip("/").replace("/", "-")))
            kept.mkdir(parents=True, exist_ok=True)
            return kept
        if options.get("type") == "bind" and "from" in options:
            return self.stages[options["from"]].root / options["source"].lstrip("/")
        raise SystemExit(f"a mount that is not known here: {options}")

    def execute(self, is_dry=False):
        """Runs every step, or with is_dry only reads them, and returns the last stage."""
        stage = None
        for name, rest in instructions((self.context / "Dockerfile").read_text()):
            if name == "ARG" and stage is None:
                continue
            if name == "FROM":
                words = rest.split()
                label = words[2] if len(words) == 3 else "image"
                stage = self.stages[label] = Stage(self, label, self.folder / label)
                if not is_dry:
                    print(f"== FROM {rest}", flush=True)
                    stage.begin()
                continue
            if not is_dry:
                print(f"== {stage.name}: {name} {rest[:100]}", flush=True)
            stage.step(name, rest, is_dry)
        return stage
