# SPDX-License-Identifier: BSL-1.0
"""Writes README.md and the plot from results.json and template.md."""
import json
import pathlib
import re
import sys

import plot

HERE = pathlib.Path(__file__).resolve().parent
NAMES = {
    "handwritten": "hand-written Beast",
    "curl": "libcurl + nlohmann-json",
    "httplib": "cpp-httplib + nlohmann-json",
    "sso": "this library",
}
WORKLOADS = {
    "retrieve_1": "`retrieve`, one at a time",
    "retrieve_64": "`retrieve`, 64 in flight",
    "retrieve_1000": "`retrieve`, 1,000 in flight over 64 connections",
    "update": "`update`, one at a time",
    "cold_resumed": "`retrieve` on a new connection each time, the server offers to resume",
    "cold_full": "`retrieve` on a new connection each time, full handshake",
}
COMPILED_FILES = {
    "handwritten": "the client written by hand",
    "retrieve": "one `retrieve` over the default transport, header-only",
    "retrieve_compiled": "the same in the compiled mode",
    "keycard_fake": "`sso/keycard.hpp` with `fake_transport`, header-only",
    "keycard_fake_compiled": "the same in the compiled mode",
    "src": "`sso/src.hpp` itself",
}
MISSING = "not measured"


def number(value, digits=3):
    """`value` with so many significant digits, thousands apart."""
    if value is None:
        return MISSING
    if value == 0:
        return "0"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    return f"{float(text):.{max(0, digits - 1 - len(str(int(abs(value)))) + (abs(value) < 1) * 1)}f}"


def count(n, what):
    return f"{n} {what}" + ("" if n == 1 else "s")


def with_ratio(value, ratio, digits=3):
    return number(value, digits) + (f" ({ratio:.2f})" if ratio is not None else "")


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine_table(results):
    machine = results["machine"]
    rows = [["processor", f"{machine['cpu']}, {machine['cores']} cores"], ["memory", f"{machine['memory_gib']} GiB"],
            ["system", machine["system"]], *([name, version] for name, version in results["versions"].items()),
            ["other programs that wanted a core", str(machine["load"])],
            ["measured on", f"{machine['day']}, {count(results['rounds'], 'round')}"]]
    return table(["", ""], rows)


def workload_tables(results):
    out = []
    for name, title in WORKLOADS.items():
        rows = []
        for client in NAMES:
            found = results["workloads"][name][client]
            median, ratio = found["median"], found["ratio"]
            rows.append([NAMES[client]] + [
                with_ratio(median[key], ratio.get(key))
                for key in ["p50_us", "p99_us", "calls_per_second", "cpu_us_per_call", "peak_kib"]
            ] + [number(median["server_cpu_us_per_call"], 2)])
        head = ["client", "p50, µs", "p99, µs", "calls/s", "CPU per call, µs", "peak memory, KiB",
                "server's CPU per call, µs"]
        out.append(f"### {title}\n\n" + table(head, rows))
    return "\n\n".join(out)


def count_table(results):
    counted = results.get("counts")
    if not counted:
        return MISSING + "."
    rows = []
    for operation in ["retrieve", "update"]:
        by_client = counted[operation]
        base = by_client["handwritten"]
        for client in NAMES:
            found = by_client[client]
            rows.append([f"`{operation}`", NAMES[client]] + [
                with_ratio(found[key], found[key] / base[key] if found[key] is not None and base[key] else None, 4)
                for key in ["instructions", "allocations", "allocated_bytes", "system_calls"]
            ])
    return table(["operation", "client", "instructions", "allocations", "bytes allocated", "system calls"], rows)


def own_table(results):
    fake = results["own"]["fake"]
    rows = [
        ["instructions of a `retrieve` over `fake_transport`", number(fake["instructions"], 4)],
        ["allocations of it", number(fake["allocations"])],
        ["bytes allocated by it", number(fake["allocated_bytes"], 4)],
        ["bytes held by a call that waits for a connection", number(results["own"]["waiting_bytes"], 4)],
    ]
    return table(["figure", "value"], rows)


def micro_table(results):
    return table(["what", "ns"], [[one["name"], number(one["nanoseconds"])] for one in results["micro"]])


def compile_table(results):
    if "compile" not in results:
        return MISSING + "."
    measured = results["compile"]["settings"]
    rows = [[title] + [with_ratio(by_file[name]["seconds"], by_file[name]["ratio"]) for by_file in measured.values()]
            for name, title in COMPILED_FILES.items()]
    machine = results["compile"]["machine"]
    rounds = count(results["compile"]["rounds"], "round")
    where = f"Measured on {machine['day']}, {rounds}, {machine['cpu']}, {machine['system']}"
    if "load" in machine:
        where += f", while {machine['load']} other programs wanted a core"
    return table(["file"] + [f"{setting}, s" for setting in measured], rows) + f"\n\n{where}."


class Bars:
    """Measured figures beside what they have to be."""

    def __init__(self):
        self.rows = []

    def add(self, title, value, bar):
        verdict = MISSING if value is None else "met" if value <= bar else "**not met**"
        digits = 0 if bar >= 100 else 2
        self.rows.append([title, *("" if n is None else f"{n:,.{digits}f}" for n in (value, bar)), verdict])


def bars_table(results):
    bars = Bars()
    counted = results.get("counts", {}).get("retrieve")
    ours, base = (counted["sso"], counted["handwritten"]) if counted else ({}, {})
    instructions = ours["instructions"] / base["instructions"] if ours.get("instructions") else None
    workloads = results["workloads"]
    resumed = workloads["cold_resumed"]["sso"]["median"]["cpu_us_per_call"]
    full = workloads["cold_full"]["sso"]["median"]["cpu_us_per_call"]
    compiled = results.get("compile", {}).get("settings", {})

    bars.add("instructions per call, to the hand-written client's", instructions, 0.63)
    bars.add("allocations per call", ours.get("allocations"), 31)
    bars.add("system calls per call, one at a time", ours.get("system_calls"), 5)
    bars.add("CPU per call, 64 in flight, to the hand-written client's",
             workloads["retrieve_64"]["sso"]["ratio"].get("cpu_us_per_call"), 0.80)
    bars.add("CPU per call, 1,000 in flight, to the hand-written client's",
             workloads["retrieve_1000"]["sso"]["ratio"].get("cpu_us_per_call"), 0.80)
    bars.add("p50, one at a time, to the hand-written client's",
             workloads["retrieve_1"]["sso"]["ratio"].get("p50_us"), 1.0)
    bars.add("CPU of reconnect and call, resumed to full handshake", resumed / full if full else None, 0.55)
    bars.add("bytes per call that waits for a connection", results["own"]["waiting_bytes"], 4864)
    bars.add("instructions, `retrieve` over `fake_transport`", results["own"]["fake"]["instructions"], 21000)
    for setting, by_file in compiled.items():
        if not setting.endswith("-O2"):
            continue
        for name, bar in [("retrieve", 0.95), ("retrieve_compiled", 0.2), ("keycard_fake", 0.82),
                          ("keycard_fake_compiled", 0.3)]:
            title = COMPILED_FILES[name].replace("the same", COMPILED_FILES[name.removesuffix("_compiled")].split(",")[0])
            bars.add(f"{setting}: compile {title}", by_file[name]["ratio"], bar)
    return table(["figure", "measured", "bar", ""], bars.rows)


def curve(results):
    """Calls per second over calls in flight, per client."""
    out = {name: {} for name in NAMES.values()}
    for name, by_client in results["workloads"].items():
        if name.startswith("retrieve_"):
            for client, found in by_client.items():
                out[NAMES[client]][found["in_flight"]] = found["median"]["calls_per_second"]
    return out


def write(directory, results):
    parts = {"machine": machine_table, "bars": bars_table, "workloads": workload_tables, "counts": count_table,
             "own": own_table, "micro": micro_table, "compile": compile_table}
    text = (HERE / "template.md").read_text()
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]](results), text)
    (directory / "README.md").write_text(text)
    (directory / "calls_per_second.svg").write_text(plot.lines(curve(results)))


def update(directory, results):
    """Puts `results` into the stored ones, and writes the page from all of them."""
    stored = directory / "results.json"
    known = json.loads(stored.read_text()) if stored.exists() else {}
    known.update(results)
    stored.write_text(json.dumps(known, indent=1) + "\n")
    if {"own", "micro", "workloads"} <= known.keys():
        write(directory, known)
    print(f"written: {directory}/README.md")


if __name__ == "__main__":
    # Only writes the page again, from the results that are stored.
    update(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE, {})
