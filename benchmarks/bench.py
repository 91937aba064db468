# SPDX-License-Identifier: BSL-1.0
import argparse
import pathlib
import tempfile

import counts
from server import Server

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE.parent / "build/benchmarks/benchmarks"
CLIENTS = ["handwritten", "sso"]


def command(server, client, *arguments, url="kept"):
    return [PROGRAMS / f"bench_{client}", "--url", server.url(url), "--ca", server.ca, "--token", server.token,
            *map(str, arguments)]


def count(server):
    for operation in ["retrieve", "update"]:
        for client in CLIENTS:
            words = command(server, client, "--operation", operation, "--warm-up", 50)
            instructions = counts.instructions(words, (200, 700))
            system_calls = counts.system_calls(words, (500, 1500))
            allocations, allocated_bytes = counts.allocations(words, 1000, PROGRAMS / "heap_counter.so")
            print(f"{operation:10} {client:12} {instructions:10.0f} instructions {allocations:6.1f} allocations "
                  f"{allocated_bytes:9.0f} bytes {system_calls:6.2f} system calls")


parser = argparse.ArgumentParser()
parser.add_argument("--counts", action="store_true")
parser.parse_args()
with tempfile.TemporaryDirectory() as directory, Server(directory) as server:
    count(server)
