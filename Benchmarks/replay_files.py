#!/usr/bin/env python3
"""A replay of a million transitions to storage and back: h5py and Edgewise by turns.

Both write 1,000,000 rows of 70 float32 (280 MB: 32 + 32 observed values, action, reward, discount, two flags, a packed
mask) into HDF5 and wait until the device has them; both read them into memory of their own, the file in the cache of
the operating system. h5py writes one contiguous dataset in place of the old file, without a checksum; a second row
shows it with a checksum for each chunk. Edgewise does what training does: snapshot, atomic replacement with a checksum
over the whole file; then checksum, reading, and taking over into a replay buffer.

Needs Python 3.11 with numpy 2 and h5py 3.16, 1.5 GB of memory, and a release build:

    swift build -c release -Xcc -march=x86-64-v3 --product edgewise
    python3 Benchmarks/replay_files.py --folder /tmp
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import h5py
import numpy as np

ROWS, WIDTH = 1_000_000, 70


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def write(path, rows, **options):
    with h5py.File(path, "w") as file:
        file.create_dataset("rows", data=rows, **options)
        file["head"] = file["capacity"] = ROWS
    descriptor = os.open(path, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)


def read(path):
    with h5py.File(path, "r") as file:
        return file["rows"][...]


def h5py_turn(path, rows, repeats, **options):
    """Medians of writing and of reading, after one of each that does not count."""
    writing = [seconds(lambda: write(path, rows, **options)) for _ in range(repeats + 1)][1:]
    reading = [seconds(lambda: read(path)) for _ in range(repeats + 1)][1:]
    os.unlink(path)
    return statistics.median(writing), statistics.median(reading)


def edgewise_turn(program, folder, repeats):
    """Medians of writing and of reading, as the program itself measures them."""
    command = [program, "benchmark", "files", "--format", "json", "--repeats", str(repeats)]
    output = subprocess.run(
        command, env=os.environ | {"TMPDIR": folder}, check=True, capture_output=True, text=True
    ).stdout
    rows = [row["median"] for row in json.loads(output)["rows"] if row["suite"] == "files"]
    if len(rows) != 2:
        raise SystemExit(f"{' '.join(command)} gave {len(rows)} figures instead of 2")
    return tuple(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/edgewise")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where the files go")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=3, help="files in a turn")
    arguments = parser.parse_args()

    rows = np.random.default_rng(0).standard_normal((ROWS, WIDTH), dtype=np.float32)
    path = os.path.join(arguments.folder, f"replay-files-{os.getpid()}.h5")
    checked = {"chunks": ((1 << 20) // (4 * WIDTH), WIDTH), "fletcher32": True}
    turns = {"Edgewise": [], "h5py": [], "h5py, checksums": []}
    for _ in range(arguments.turns):
        turns["h5py"].append(h5py_turn(path, rows, arguments.repeats))
        turns["Edgewise"].append(edgewise_turn(arguments.program, arguments.folder, arguments.repeats))
        turns["h5py, checksums"].append(h5py_turn(path, rows, arguments.repeats, **checked))

    print(f"{arguments.turns} turns of {arguments.repeats} files, {rows.nbytes / 1e6:.0f} MB, in {arguments.folder};"
          f" h5py {h5py.__version__}, HDF5 {h5py.version.hdf5_version}; medians, ratios of neighbouring turns\n")
    print("| | write and flush | × h5py | read | × h5py |\n|---|---|---|---|---|")
    for name, pairs in turns.items():
        cells = []
        for column in (0, 1):
            middle = statistics.median(pair[column] for pair in pairs)
            ratio = statistics.median(
                pair[column] / other[column] for pair, other in zip(pairs, turns["h5py"], strict=True))
            cells += [f"{middle * 1000:.0f} ms", f"{ratio:.2f}"]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
