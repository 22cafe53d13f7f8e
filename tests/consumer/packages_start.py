#!/usr/bin/env python3
"""What `cpack` made: unpacked into a temporary folder, the engine starts as it is configured there, answers and stops.

    packages_start.py FOLDER          the folder with parley_*.deb and parley-dev_*.deb

Standard library, and dpkg-deb.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

PACKAGES = pathlib.Path(sys.argv.pop(1))
TREE = pathlib.Path(__file__).resolve().parents[2]


def said_by(*command, **options):
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, **options)
    if ran.returncode:
        raise AssertionError(f"{command} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
    return ran.stdout


def package(name):
    found = sorted(PACKAGES.glob(f"{name}_*.deb"))
    if len(found) != 1:
        raise AssertionError(f"expected one {name}_*.deb in {PACKAGES}, found {found}")
    return found[0]


class Engine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.root = pathlib.Path(cls.temporary.name) / "root"
        cls.state = pathlib.Path(cls.temporary.name) / "state"
        cls.state.mkdir()
        said_by("dpkg-deb", "-x", package("parley"), cls.root)
        cls.parley = cls.root / "usr/bin/parley"
        cls.config = cls.root / "etc/parley/parley.yaml"
        cls.environment = {"PATH": os.environ["PATH"], "API_KEY": "of-this-test", "PORT": "0", "STATE_DIRECTORY": str(cls.state)}

    def field(self, name, of="parley"):
        return said_by("dpkg-deb", "-f", package(of), name).strip()

    def test_says_what_it_needs(self):
        needed = self.field("Depends")
        for library in ("adduser", "ca-certificates", "libcurl4", "libsqlite3-0", "libssl3", "libyaml-cpp0.7", "libjemalloc2"):
            self.assertIn(library, needed)
        self.assertIn(f"parley_{self.field('Version')}_{self.field('Architecture')}.deb", package("parley").name)

    def test_keeps_a_changed_configuration(self):
        self.assertEqual(said_by("dpkg-deb", "-I", package("parley"), "conffiles"), "/etc/parley/parley.yaml\n")

    def test_scripts_are_shell(self):
        for script in ("postinst", "prerm", "postrm"):
            said_by("sh", "-n", input=said_by("dpkg-deb", "-I", package("parley"), script))

    def test_the_unit_starts_what_is_installed(self):
        unit = (self.root / "lib/systemd/system/parley.service").read_text()
        self.assertIn("ExecStart=/usr/bin/parley serve --config /etc/parley/parley.yaml\n", unit)

    def test_agents_are_found(self):
        agents = said_by(self.parley, "agents", env=self.environment)
        for agent in ("credit-card-agent", "http-forwarder", "echo", "echo-c"):
            self.assertIn(agent, agents)

    def test_starts_as_it_is_and_stops(self):
        said_by(self.parley, "check", "--config", self.config, env=self.environment)
        command = [str(self.parley), "serve", "--config", str(self.config)]
        with subprocess.Popen(command, env={**self.environment, "PARLEY_LOG_FORMAT": "json"}, stderr=subprocess.PIPE, text=True) as engine:
            try:
                lines = (json.loads(line) for line in engine.stderr if line.startswith("{"))
                url = next((line["url"] for line in lines if line["event"] == "serving"), None)
                self.assertIsNotNone(url, "the engine did not start")
                with urllib.request.urlopen(url + "/health", timeout=10) as answer:
                    self.assertEqual(json.load(answer)["status"], "healthy")
                self.assertEqual(said_by(self.parley, "status", "--health", "--url", url), "healthy\n")
                self.assertIn("ready", said_by(self.parley, "status", "--url", url, env=self.environment))
            finally:
                engine.send_signal(signal.SIGTERM)
                engine.stderr.read()
            self.assertEqual(engine.wait(30), 0)
        self.assertTrue((self.state / "parley.db").exists())

    def test_the_configuration_of_compose_is_sound(self):
        secrets = pathlib.Path(self.temporary.name) / "secrets"
        secrets.mkdir()
        text = (TREE / "packaging/compose/parley.yaml").read_text()
        for name in re.findall(r"/run/secrets/(\w+)", text):
            (secrets / name).write_text("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
        config = pathlib.Path(self.temporary.name) / "compose.yaml"
        config.write_text(text.replace("/run/secrets", str(secrets)))
        said_by(self.parley, "check", "--config", config, env={**self.environment, "WHATSAPP_PHONE_NUMBER_ID": "111"})

    def test_what_compose_mounts_is_in_the_tree(self):
        compose = (TREE / "docker-compose.yml").read_text()
        mounted = re.findall(r"- \./([^:]+):", compose)
        self.assertGreater(len(mounted), 5)
        for path in mounted:
            self.assertTrue((TREE / path).is_file(), path)

    def test_the_sdk_is_a_package_of_its_own(self):
        listed = said_by("dpkg-deb", "-c", package("parley-dev"))
        for path in ("./usr/include/parley/plugin.h", "/ParleyConfig.cmake", "/pkgconfig/parley.pc", "/libparley_testkit.a"):
            self.assertIn(path, listed)
        self.assertNotIn("/usr/bin/", listed)


if __name__ == "__main__":
    unittest.main()
