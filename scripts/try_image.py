#!/usr/bin/env python3
"""Tries the Dockerfile without a Docker engine, as root: its steps run in folders, and what comes out is run as compose runs it.

    scripts/try_image.py FOLDER [--build-arg PRESET=dev] [--bind PATH=FOLDER] [--cache TARGET=FOLDER] [--keep-image]

FOLDER keeps a bare Debian (debootstrap, the first time), the stages and the caches; a few GiB. A container here is a process in
namespaces of its own for processes and mounts: the image's user, no capabilities, a read-only root, its number 1. Its network is the
machine's. Not tried: layers, registries, compose itself. Standard library, and debootstrap.
"""
import argparse
import atexit
import contextlib
import json
import os
import pathlib
import secrets
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import dockerfile

TREE = pathlib.Path(__file__).resolve().parents[1]
SOURCES = "".join(f"deb http://deb.debian.org/{what} main\n" for what in (
    "debian bookworm", "debian bookworm-updates", "debian-security bookworm-security"))
# As in Debian's image: neither downloads nor apt's caches.
NOTHING_KEPT = """DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
"""
NUMBER = "100000000000001"


def bare_debian(folder):
    if not (folder / "etc/debian_version").exists():
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", folder], check=True)
        (folder / "etc/resolv.conf").write_text(pathlib.Path("/etc/resolv.conf").read_text())
        (folder / "etc/apt/sources.list").write_text(SOURCES)
        subprocess.run(["chroot", folder, "sh", "-ec", "apt-get update && apt-get dist-upgrade -y && apt-get clean"], check=True)
        (folder / "etc/apt/apt.conf.d/docker-clean").write_text(NOTHING_KEPT)
    return folder


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def call(url, body=None, key=""):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"X-API-Key": key, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if found := condition():
                return found
        time.sleep(0.05)
    raise SystemExit(f"FAILED: {what} within {seconds} s")


class Container:
    """What the image runs, or `command` in its place. `mounts` are (path inside, file or folder of the machine)."""

    def __init__(self, stage, volume, env, mounts=(), command=None, entrypoint=None):
        image, root = stage.image, stage.root
        user, group = image["USER"].split(":")
        lines = ["set -e", f"mount --bind {root} {root}", f"mount -t proc proc {root}/proc", f"mount --rbind /dev {root}/dev",
                 f"mount -t tmpfs tmpfs {root}/tmp"]
        for inside, outside in [(image["VOLUME"], volume), *mounts]:
            target = root / inside.lstrip("/")
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.mkdir() if outside.is_dir() else target.touch()
            lines.append(f"mount --bind {outside} {target}")
        run = [*(entrypoint or json.loads(image["ENTRYPOINT"])), *(json.loads(image["CMD"]) if command is None else command)]
        variables = [f"{name}={value}" for name, value in {**stage.env, **env}.items()]
        lines.append(f"mount -o remount,bind,ro {root}")
        lines.append("exec " + shlex.join([
            "chroot", str(root), "setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--no-new-privs", "--bounding-set=-all",
            "--inh-caps=-all", "env", "-i", "-C", stage.cwd, *variables, *run]))
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "sh", "-c", "\n".join(lines)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        atexit.register(self.process.kill)  # also when the trial fails: none is left behind

    def first(self):
        """The process that is number 1 inside."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0])

    def facts(self):
        return dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{self.first()}/status").read_text().splitlines() if ":\t" in line)

    def end(self, seconds=90):
        """Sends the stop signal; (exit code, seconds, output)."""
        began = time.monotonic()
        os.kill(self.first(), 15)
        output = self.process.communicate(timeout=seconds)[0]
        return self.process.returncode, time.monotonic() - began, output


def expect(is_so, what):
    print(f"   {'ok' if is_so else 'FAILED'}: {what}", flush=True)
    if not is_so:
        raise SystemExit(1)


class Trial:
    def __init__(self, stage, folder):
        self.stage, self.folder = stage, folder
        uid, gid = map(int, stage.image["USER"].split(":"))
        self.volume = folder / "volume"
        subprocess.run(["rm", "-rf", self.volume, folder / "secrets"], check=True)
        # As Docker fills a new volume: with what the image has there.
        subprocess.run(["cp", "-a", stage.root / stage.image["VOLUME"].lstrip("/"), self.volume], check=True)
        expect((self.volume.stat().st_uid, self.volume.stat().st_gid) == (uid, gid), "the volume belongs to the image's user")

    def healthy(self, env):
        words = json.loads(self.stage.image["HEALTHCHECK"].partition(" CMD ")[2])
        check = Container(self.stage, self.volume, env, command=[], entrypoint=words)
        return "healthy\n" in check.process.communicate(timeout=60)[0] and check.process.returncode == 0

    def started(self, env, mounts=()):
        began = time.monotonic()
        container = Container(self.stage, self.volume, env, mounts)
        if not until(lambda: container.process.poll() is not None or call(f"http://127.0.0.1:{env['PORT']}/health"), "the engine answers"):
            raise SystemExit("FAILED: nothing answers")
        if container.process.poll() is not None:
            raise SystemExit("FAILED: it ended: " + container.process.communicate()[0])
        print(f"   answers after {time.monotonic() - began:.2f} s", flush=True)
        return container

    def stops(self, container):
        code, took, output = container.end()
        expect(code == 0, f"stops on SIGTERM with {code} after {took:.2f} s" + ("" if code == 0 else ": " + output))

    def as_it_is(self):
        print("== as it is")
        expect(not (self.stage.root / "etc/parley/.env").exists(), "no keys in the image")
        refused = Container(self.stage, self.volume, {"PORT": str(free_port())})
        said = refused.process.communicate(timeout=60)[0]
        expect(refused.process.returncode == 2 and "API_KEY" in said, "without API_KEY it says so and ends with 2")
        env = {"PORT": str(free_port()), "API_KEY": "of-this-trial"}
        container = self.started(env)
        facts = container.facts()
        expect(facts["NSpid"].split()[-1] == "1" and facts["Name"] == "parley", "parley is number 1, so it gets the signals")
        expect(set(facts["Uid"].split()) == {self.stage.image["USER"].split(":")[0]}, "runs as the image's user")
        expect(int(facts["CapEff"], 16) == 0 and facts["NoNewPrivs"] == "1", "has no capabilities")
        expect(self.healthy(env), "the health check succeeds")
        self.stops(container)
        expect(not self.healthy(env), "the health check fails when it is gone")

    def as_compose(self):
        print("== with packaging/compose/parley.yaml and the simulator")
        kept = self.folder / "secrets"
        kept.mkdir(mode=0o700)
        values = {name: secrets.token_hex(16) for name in ("api_key", "app_secret", "verify_token", "access_token")}
        values["accounts_key"] = subprocess.run(["openssl", "rand", "-base64", "32"], check=True, capture_output=True, text=True).stdout
        for name, value in values.items():
            (kept / name).write_text(value)
            (kept / name).chmod(0o444)
        mounts = [("/etc/parley/parley.yaml", TREE / "packaging/compose/parley.yaml")]
        mounts += [(f"/run/secrets/{name}", kept / name) for name in values]
        port, phone = free_port(), free_port()
        env = {"PORT": str(port), "PARLEY_GRAPH_URL": f"http://127.0.0.1:{phone}", "WHATSAPP_PHONE_NUMBER_ID": NUMBER}
        simulator = Container(self.stage, self.volume, {
            "WHATSAPP_APP_SECRET": values["app_secret"], "WHATSAPP_VERIFY_TOKEN": values["verify_token"]}, command=[
                "simulate", "--listen", f"0.0.0.0:{phone}", "--webhook", f"http://127.0.0.1:{port}/webhook", "--number", NUMBER])
        try:
            container = self.started(env, mounts)
            until(lambda: call(f"http://127.0.0.1:{phone}/sim/state") is not None, "the simulator answers")
            began = time.monotonic()
            call(f"http://127.0.0.1:{phone}/sim/messages", {"from": "919876543210", "name": "Asha", "text": "Good morning"})
            until(lambda: "Good morning" in json.dumps(call(f"http://127.0.0.1:{phone}/sim/state?to=919876543210")["sends"]), "a reply comes")
            expect(True, f"a signed webhook is answered through the worker, in {time.monotonic() - began:.2f} s")
            self.stops(container)
            container = self.started(env, mounts)
            stored = call(f"http://127.0.0.1:{port}/api/status", key=values["api_key"])["stored"]["messages"]
            expect(stored >= 1, f"after a restart {stored} stored message(s) are there")
            self.stops(container)
        finally:
            simulator.process.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    for option in ("--build-arg", "--bind", "--cache"):
        parser.add_argument(option, action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--keep-image", action="store_true", help="tries the image that is there, without building")
    given = parser.parse_args()
    folder = given.folder.resolve()
    pairs = {name: [one.partition("=")[::2] for one in getattr(given, name)] for name in ("build_arg", "bind", "cache")}
    build = dockerfile.Build(TREE, folder, bare_debian(folder / "base"), pairs["bind"], dict(pairs["cache"]), dict(pairs["build_arg"]))
    stage = build.execute(is_dry=given.keep_image)
    size = subprocess.run(["du", "-sm", stage.root], check=True, capture_output=True, text=True).stdout.split()[0]
    print(f"== the image: {size} MiB in all")
    trial = Trial(stage, folder)
    trial.as_it_is()
    trial.as_compose()
    print("== all well")


if __name__ == "__main__":
    sys.exit(main())
