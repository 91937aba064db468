# SPDX-License-Identifier: BSL-1.0
"""Measures compile times; see scripts/bench-compile."""
import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile

import machine
import report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
COMPILED = "-DSSO_SEPARATE_COMPILATION"

# Name, file, and compiler flags.
FILES = {
    "handwritten": (HERE / "compile/handwritten.cpp", []),
    "retrieve": (HERE / "compile/retrieve.cpp", []),
    "retrieve_compiled": (HERE / "compile/retrieve.cpp", [COMPILED]),
    "keycard_fake": (HERE / "compile/keycard.cpp", []),
    "keycard_fake_compiled": (HERE / "compile/keycard.cpp", [COMPILED]),
    "src": (ROOT / "src/sso.cpp", [COMPILED]),
}
BASE = "handwritten"
SETTINGS = ["g++ -O2", "clang++ -O2", "g++ -O0", "clang++ -O0"]


def seconds(compiler, level, source, flags, to):
    """CPU time of one compilation; it depends less on load than wall time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([compiler, "-std=c++20", level, *flags, f"-I{ROOT}/include", "-c", source, "-o", to], check=True,
                   env={**os.environ, "CCACHE_DISABLE": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench-compile")
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    measured = {}
    with tempfile.TemporaryDirectory() as directory:
        for setting in SETTINGS:
            compiler, level = setting.split()
            samples = {name: [] for name in FILES}
            for _ in range(options.rounds):
                for name, (source, flags) in FILES.items():
                    samples[name].append(seconds(compiler, level, source, flags, f"{directory}/out.o"))
            measured[setting] = {
                name: {
                    "seconds": statistics.median(times),
                    "ratio": statistics.median(time / base for time, base in zip(times, samples[BASE])),
                } for name, times in samples.items()}
            print(setting, {name: round(one["seconds"], 1) for name, one in measured[setting].items()}, flush=True)
            # Written after each setting, so that an interrupted run keeps its results.
            report.update(HERE, {
                "compile": {
                    "settings": measured,
                    "rounds": options.rounds,
                    "machine": machine.describe(),
                    "versions": machine.versions(options.build),
                },
            })


if __name__ == "__main__":
    main()
