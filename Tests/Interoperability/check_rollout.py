"""Recomputes an offloading rollout from its own columns, without our code.

Usage: python check_rollout.py ROLLOUT.csv SCENARIO.json RETURN

SCENARIO.json holds the scenario's constants as plain JSON. Path loss, noise, SINR, rates, shares of the band, upload and
backhaul times, first-come-first-served waits, latencies, energies, rewards and the episode's return are computed from
positions, draws and constants alone and compared with what the table says.
"""

import csv
import json
import math
import sys
from collections import defaultdict

from reporting import conclude, ok, require


def number(row, name):
    return float(row[name]) if row[name] != "" else math.nan


def close(a, b, what, row, tolerance=1e-9):
    good = abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))
    require(good, f"step {row['step']} agent {row['agent']}: {what} is {b} in the table and {a} recomputed")


def path_loss(ground, clear, carrier, base, terminal):
    """TR 38.901 Table 7.4.1-1, UMi street canyon."""
    ground = max(ground, 10.0)
    distance = math.hypot(ground, base - terminal)
    ghz = carrier / 1e9
    break_point = 4 * (base - 1) * (terminal - 1) * carrier / 3e8
    if ground <= break_point:
        los = 32.4 + 21 * math.log10(distance) + 20 * math.log10(ghz)
    else:
        los = (32.4 + 40 * math.log10(distance) + 20 * math.log10(ghz)
               - 9.5 * math.log10(break_point ** 2 + (base - terminal) ** 2))
    if clear:
        return los
    return max(los, 22.4 + 35.3 * math.log10(distance) + 21.3 * math.log10(ghz) - 0.3 * (terminal - 1.5))


def check_action(row, scenario):
    """The action's integer says the place; the power is one of the scenario's, or between them with hybrid actions."""
    powers, integer = scenario["radio"]["powers_dbm"], int(row["action"])
    is_hybrid = scenario.get("actions", "discrete") == "hybrid"
    levels = 1 if is_hybrid else len(powers)
    if integer < 3:
        place = "none" if integer == 0 else "device"
    else:
        place = "cloud" if (integer - 3) // levels % 2 else "edge"
        power = number(row, "tx_power_dbm")
        legal = powers[0] <= power <= powers[-1] if is_hybrid else power == powers[(integer - 3) % levels]
        require(legal, f"step {row['step']} agent {row['agent']}: {power} dBm by action {integer}")
    require(row["target"] == place, f"step {row['step']} agent {row['agent']}: {row['target']} by action {integer}")


def check_radio(row, scenario, uploads):
    radio, units = scenario["radio"], scenario["units"]
    dx = number(row, "x_m") - number(row, "unit_x_m")
    dy = number(row, "y_m") - number(row, "unit_y_m")
    close(math.hypot(dx, dy), number(row, "distance_m"), "distance", row)
    require(number(row, "distance_m") <= units["reach_m"], f"agent {row['agent']} uses a unit out of reach")
    loss = path_loss(number(row, "distance_m"), row["los"] == "1", radio["carrier_hz"], units["height_m"], 1.5)
    close(loss, number(row, "path_loss_db"), "path loss", row)
    share = radio["bandwidth_hz"] / uploads
    close(share, number(row, "bandwidth_hz"), "bandwidth", row)
    noise = 10 ** ((-174 + radio["noise_figure_db"] - 30) / 10) * share
    close(noise / 1e-15, number(row, "noise_w") / 1e-15, "noise", row)
    received = 10 ** ((number(row, "tx_power_dbm") - 30 + number(row, "antenna_gain_db") - loss
                       - number(row, "shadowing_db")) / 10) * number(row, "fading_power")
    sinr = received / (number(row, "interference_w") + noise)
    close(10 * math.log10(sinr), number(row, "sinr_db"), "SINR", row)
    close(share * min(math.log2(1 + sinr), 948 / 1024 * 8), number(row, "rate_bps"), "rate", row)
    limit = min(scenario["time"]["step_s"], number(row, "deadline_s"))
    needed = number(row, "task_bits") / number(row, "rate_bps")
    close(min(needed, limit), number(row, "upload_s"), "upload time", row)
    require((needed > limit) == (row["outcome"] == "cut") or row["outcome"] == "departed",
            f"step {row['step']} agent {row['agent']}: an upload of {needed} s is {row['outcome']}")
    watts = 10 ** ((number(row, "tx_power_dbm") - 30) / 10)
    close(watts * min(needed, limit), number(row, "energy_j"), "energy", row)
    return needed > limit


class Queue:
    """First come, first served, by servers that become free."""

    def __init__(self, servers):
        self.free = [0.0] * servers

    def admit(self, arrival, service, latest):
        start = max(arrival, min(self.free))
        if start > latest:
            return max(arrival, latest) - arrival, False
        idle = [index for index, free in enumerate(self.free) if free <= arrival]
        server = max(idle, key=lambda i: self.free[i]) if idle else min(range(len(self.free)), key=lambda i: self.free[i])
        self.free[server] = start + service
        return start - arrival, True


def check_queues(rows, now, scenario, queues, cloud, cut):
    def arrival(row):
        return now + number(row, "upload_s")

    edge = [row for row in rows if row["target"] == "edge" and id(row) not in cut]
    for row in sorted(edge, key=lambda r: (number(r, "upload_s"), int(r["agent"]))):
        queue = queues[row["unit"]]
        wait(row, queue, arrival(row), now, scenario["units"]["cpu_hz"], 0.0)
    link = scenario["cloud"]
    far = []
    for row in rows:
        if row["target"] == "cloud" and id(row) not in cut:
            far.append((number(row, "upload_s") + number(row, "task_bits") / link["backhaul_bps"]
                        + link["round_trip_s"], int(row["agent"]), row))
    for _, _, row in sorted(far, key=lambda f: f[:2]):
        backhaul = number(row, "task_bits") / link["backhaul_bps"] + link["round_trip_s"]
        wait(row, cloud, arrival(row) + backhaul - link["round_trip_s"] / 2, now, link["cpu_hz"], backhaul)


def wait(row, queue, arrival, now, clock, backhaul):
    service = number(row, "task_cycles") / clock
    waited, served = queue.admit(arrival, service, now + number(row, "deadline_s"))
    close(waited, number(row, "wait_s"), "wait", row, 1e-7)
    close(backhaul, number(row, "backhaul_s"), "backhaul", row)
    if served:
        close(service, number(row, "compute_s"), "computation", row)
        close(clock, number(row, "cpu_hz"), "clock speed", row)
    else:
        require(row["outcome"] in ("expired", "departed"), f"a task whose turn came too late is {row['outcome']}")


def check_device(row, scenario, free, now):
    start = max(now, free[row["vehicle"]])
    if start - now > number(row, "deadline_s"):
        require(row["outcome"] in ("expired", "departed"), f"a task whose turn came too late is {row['outcome']}")
        return
    require(row["outcome"] != "expired", "a task expired on the device before its deadline")
    close(start - now, number(row, "wait_s"), "wait on the device", row, 1e-7)
    clock = number(row, "cpu_hz")
    cycles = number(row, "task_cycles")
    close(cycles / clock, number(row, "compute_s"), "computation", row)
    close(scenario["device"]["switched_capacitance"] * clock ** 2 * cycles, number(row, "energy_j"), "energy", row)
    free[row["vehicle"]] = start + cycles / clock


def check_outcome(row, scenario):
    parts = sum(number(row, name) for name in ("upload_s", "backhaul_s", "wait_s", "compute_s"))
    latency, deadline = number(row, "latency_s"), number(row, "deadline_s")
    if row["outcome"] in ("done", "late"):
        close(parts, latency, "latency", row)
        require((row["outcome"] == "done") == (latency <= deadline + 1e-9), f"a task of {latency} s is {row['outcome']}")
    elif row["outcome"] == "departed":
        require(latency <= parts + 1e-9, "a vehicle left after its task was done")
    weights = scenario["reward"]
    missed = row["outcome"] != "done"
    reward = -(weights["latency_weight"] * (1 if missed else min(latency / deadline, 1))
               + weights["energy_weight"] * number(row, "energy_j") / weights["energy_reference_j"]
               + weights["miss_weight"] * missed)
    close(reward, number(row, "reward"), "reward", row)


def main():
    table, constants, expected = sys.argv[1:4]
    scenario = json.load(open(constants))
    steps = defaultdict(list)
    for row in csv.DictReader(open(table)):
        steps[int(row["step"])].append(row)
    queues = defaultdict(lambda: Queue(scenario["units"]["servers"]))
    cloud, free, total, count = Queue(scenario["cloud"]["servers"]), defaultdict(float), 0.0, 0
    for step in sorted(steps):
        now = step * scenario["time"]["step_s"]
        rows = steps[step]
        uploads = defaultdict(int)
        for row in rows:
            uploads[row["unit"]] += row["unit"] != ""
        cut = {id(row) for row in rows if row["unit"] != "" and check_radio(row, scenario, uploads[row["unit"]])}
        check_queues(rows, now, scenario, queues, cloud, cut)
        for row in rows:
            if row["target"] == "device":
                check_device(row, scenario, free, now)
            check_action(row, scenario)
            check_outcome(row, scenario)
            total += number(row, "reward") / int(row["active_agents"])
            count += 1
    ok(f"{count} tasks of {table} recomputed")
    require(abs(total - float(expected)) <= 1e-9 * abs(total), f"the return is {expected}, recomputed {total}")
    ok(f"return {expected} recomputed")


conclude(main)
