# SPDX-License-Identifier: BSL-1.0
"""The cost of a call in figures that do not depend on load: instructions, allocations, system calls."""
import json
import os
import re
import shutil
import subprocess
import tempfile


def run(command, **environment):
    """Runs a benchmark program and parses its JSON."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          env={**os.environ, **environment})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr}")
    return json.loads(done.stdout)


def per_call(total, lengths):
    """The difference of two runs of different length, per call: start and warm-up cancel out."""
    short, long = lengths
    return (total(long) - total(short)) / (long - short)


def instructions(command, lengths):
    """User instructions per call, of all threads, by callgrind."""
    if not shutil.which("valgrind"):
        return None

    def total(calls):
        with tempfile.TemporaryDirectory() as directory:
            done = subprocess.run(
                ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out",
                 *map(str, command), "--calls", str(calls)], capture_output=True, text=True)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode != 0 or not found:
            raise RuntimeError("callgrind: " + done.stderr)
        return int(found[1])

    return per_call(total, lengths)


def system_calls(command, lengths):
    """System calls per call, of all threads, by strace; None if tracing is not permitted."""
    if not shutil.which("strace"):
        return None

    def total(calls):
        with tempfile.NamedTemporaryFile("r") as out:
            done = subprocess.run(["strace", "-f", "-c", "-o", out.name, *map(str, command), "--calls", str(calls)],
                                  capture_output=True, text=True)
            found = re.search(r"^100\.00\s+\S+\s+(?:\d+\s+)?(\d+)\s.*total$", out.read(), re.MULTILINE)
        if done.returncode != 0 or not found:
            raise PermissionError(done.stderr)
        return int(found[1])

    try:
        return per_call(total, lengths)
    except PermissionError as failure:
        print(f"no system calls counted: {failure}")
        return None


def allocations(command, calls, heap_counter):
    """Allocations and allocated bytes per call, after the warm-up."""
    figures = run([*command, "--calls", calls], LD_PRELOAD=str(heap_counter))
    return figures["allocations_per_call"], figures["allocated_bytes_per_call"]
