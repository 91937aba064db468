# SPDX-License-Identifier: BSL-1.0
"""Runs the benchmark programs and collects their figures; see scripts/bench."""
import argparse
import json
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile

import counts
import machine
import report
from server import Server

HERE = pathlib.Path(__file__).resolve().parent
CLIENTS = ["handwritten", "curl", "httplib", "sso"]
BASE = CLIENTS[0]
PARTS = ["own", "counts", "micro", "times"]
IN_FLIGHT = [1, 4, 16, 64, 256, 1000]


class Workload:
    def __init__(self, *, calls, in_flight=1, warm_up=None, operation="retrieve", server="kept"):
        self.calls = calls
        self.in_flight = in_flight
        self.warm_up = warm_up or max(200, 2 * in_flight)
        self.operation = operation
        self.server = server

    def arguments(self):
        return ["--operation", self.operation, "--calls", self.calls, "--in-flight", self.in_flight,
                "--warm-up", self.warm_up]


def workloads(scale):
    """`scale` is 1 for a full run, in which each run takes about a second."""
    def calls(n, in_flight=1):
        return max(round(n * scale), 2 * in_flight if scale >= 0.1 else 8)

    out = {f"retrieve_{n}": Workload(calls=calls(6000 if n == 1 else 12000, n), in_flight=n) for n in IN_FLIGHT}
    out["update"] = Workload(calls=calls(6000), operation="update")
    out["cold_resumed"] = Workload(calls=calls(500), warm_up=4, server="resumed")
    out["cold_full"] = Workload(calls=calls(500), warm_up=4, server="full")
    if scale < 0.1:
        for each in out.values():
            each.warm_up = 4
    return out


class Bench:
    def __init__(self, programs, server):
        self.programs = programs
        self.server = server

    def command(self, client, url="kept"):
        server = self.server
        return [self.programs / f"bench_{client}", "--url", server.url(url), "--ca", server.ca,
                "--token", server.token]

    def time(self, todo, rounds):
        """For each workload and client: the median of each figure, and the median of its ratios to the hand-written client
        in the same round."""
        samples = {name: {client: [] for client in CLIENTS} for name in todo}
        for turn in range(rounds):
            for name, workload in todo.items():
                for client in CLIENTS[turn % 4:] + CLIENTS[:turn % 4]:
                    before = self.server.cpu_seconds()
                    figures = counts.run([*self.command(client, workload.server), *workload.arguments()])
                    used = self.server.cpu_seconds() - before
                    made = workload.calls + workload.warm_up
                    figures["server_cpu_us_per_call"] = used * 1e6 / made
                    samples[name][client].append(figures)
            print(f"round {turn + 1} of {rounds}", flush=True)
        return {name: {client: self.summary(runs, by_client[BASE]) for client, runs in by_client.items()}
                for name, by_client in samples.items()}

    @staticmethod
    def summary(runs, base_runs):
        figures = [key for key in runs[0] if key not in ("client", "calls", "in_flight")]
        return {
            "calls": runs[0]["calls"],
            "in_flight": runs[0]["in_flight"],
            "median": {key: statistics.median(run[key] for run in runs) for key in figures},
            "ratio": {key: statistics.median(run[key] / base[key] for run, base in zip(runs, base_runs))
                      for key in figures if all(base[key] for base in base_runs)},
        }

    def count(self, clients, scale=1.0):
        """Figures that do not depend on load, for sequential retrieve and update calls."""
        out = {}
        for operation in ["retrieve", "update"]:
            out[operation] = {}
            for client in clients:
                words = [*self.command(client), "--operation", operation, "--warm-up", 50]
                found = self.count_one(words, scale)
                out[operation][client] = found
                print(f"{operation:8} {client:12} {describe(found)}", flush=True)
        return out

    def count_one(self, words, scale=1.0):
        short, long = round(200 * scale), round(800 * scale)
        allocations, allocated_bytes = counts.allocations(words, max(long, 100), self.programs / "heap_counter.so")
        return {
            "instructions": counts.instructions(words, (short, long)),
            "system_calls": counts.system_calls(words, (short, long)),
            "allocations": allocations,
            "allocated_bytes": allocated_bytes,
        }

    def count_fake(self, scale=1.0):
        found = self.count_one([self.programs / "bench_fake", "--url", "https://unused:1", "--warm-up", 20], scale)
        print(f"retrieve over fake_transport: {describe(found)}", flush=True)
        return found

    def count_waiting(self, calls):
        found = counts.run([self.programs / "bench_waiting", self.server.url() + "/service-account-token",
                            self.server.ca, calls],
                           LD_PRELOAD=str(self.programs / "heap_counter.so"))["bytes_per_waiting_call"]
        print(f"a call that waits for a connection: {found:.0f} bytes", flush=True)
        return found

    def micro(self, arguments):
        done = subprocess.run([self.programs / "bench_micro", "--benchmark_format=json", *arguments], check=True,
                              capture_output=True, text=True)
        return [{"name": one["run_name"], "nanoseconds": one["cpu_time"]}
                for one in json.loads(done.stdout)["benchmarks"]
                if one.get("aggregate_name", "median") == "median"]


def describe(found):
    words = [f"{found['instructions']:9.0f} instructions"] if found["instructions"] is not None else []
    words += [f"{found['allocations']:6.1f} allocations", f"{found['allocated_bytes']:7.0f} bytes"]
    words += [f"{found['system_calls']:5.2f} system calls"] if found["system_calls"] is not None else []
    return ", ".join(words)


def measure(bench, part, scale, rounds):
    """The results of one part. `scale` is 1 for a full run, 0.1 for a quick one, less for a smoke test."""
    smoke = scale < 0.1
    results = {"machine": machine.describe(), "versions": machine.versions(bench.programs)}
    if part == "own":
        results["own"] = {"fake": bench.count_fake(0.1 if smoke else 1),
                          "waiting_bytes": bench.count_waiting(100 if smoke else 10_000)}
    if part == "counts" and not smoke:  # callgrind is slow
        results["counts"] = bench.count(CLIENTS)
    if part == "micro":
        results["micro"] = bench.micro(["--benchmark_min_time=0.001"] if smoke else
                                       ["--benchmark_min_time=0.1"] if scale < 1 else
                                       ["--benchmark_repetitions=5", "--benchmark_report_aggregates_only"])
    if part == "times":
        results["rounds"] = rounds
        results["workloads"] = bench.time(workloads(scale), rounds)
    return results


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--only", choices=PARTS)
    for name in ["counts", "quick", "smoke"]:
        kind.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    absent = [client for client in CLIENTS if not (options.programs / f"bench_{client}").exists()]
    if absent:
        sys.exit("not built: " + ", ".join(absent))

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # stops the server too
    with tempfile.TemporaryDirectory() as directory, Server(directory) as server:
        bench = Bench(options.programs, server)
        if options.counts:
            bench.count(["handwritten", "sso"])
            bench.count_fake()
            bench.count_waiting(10_000)
            return
        short = options.quick or options.smoke
        scale = 0.001 if options.smoke else 0.1 if options.quick else 1
        for part in [options.only] if options.only else PARTS:
            results = measure(bench, part, scale, 1 if short else options.rounds)
            # Only a full run replaces the files in the source tree.
            report.update(options.programs if short else HERE, results)


if __name__ == "__main__":
    main()
