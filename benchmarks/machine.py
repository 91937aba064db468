# SPDX-License-Identifier: BSL-1.0
"""The machine and the versions of a measurement."""
import datetime
import os
import pathlib
import re
import subprocess


def output(*command):
    """The first line of a command's output, from both streams; empty if the command does not exist."""
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    return ((done.stdout or done.stderr).splitlines() or [""])[0]


def package_version(name):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", name], capture_output=True,
                          text=True)
    return done.stdout.removeprefix("installed ") if done.stdout.startswith("installed") else ""


def describe():
    cpu = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(), re.MULTILINE)
    return {
        "cpu": cpu[1] if cpu else os.uname().machine,
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory[1]) / 2**20),
        "system": system[1] if system else "Linux",
        # The load before the measurement; near zero on an idle machine.
        "load": round(os.getloadavg()[0], 1),
        "day": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
    }


def boost_version(programs):
    cache = (programs.parent / "CMakeCache.txt").read_text()
    found = re.search(r"^Boost_DIR:PATH=.*Boost-([0-9.]+)$", cache, re.MULTILINE)
    return found[1] if found else ""


def versions(programs):
    """`programs` is the directory of the programs, in their build directory."""
    header = (pathlib.Path(__file__).parent.parent / "include/sso/version.hpp").read_text()
    curl = output("curl-config", "--version") or package_version("libcurl4-openssl-dev")
    found = {
        "sso": re.search(r'SSO_VERSION_STRING "([^"]*)"', header)[1],
        "g++": output("g++", "-dumpfullversion"),
        "clang": output("clang++", "-dumpversion"),
        "Boost": boost_version(programs),
        "OpenSSL": output("openssl", "version").split(" ")[1],
        "nginx": output("nginx", "-v").rpartition("/")[2],
        "libcurl": curl.removeprefix("libcurl "),
        "nlohmann-json": package_version("nlohmann-json3-dev"),
        "cpp-httplib": package_version("libcpp-httplib-dev"),
        "Google Benchmark": package_version("libbenchmark-dev"),
        "Valgrind": output("valgrind", "--version").removeprefix("valgrind-"),
    }
    return {name: version for name, version in found.items() if version}
