"""Every key of every scenario with values that nobody means: refused in one sentence, or played; never the end.

Usage: python try_extremes.py [PART-OF-A-FILE'S-NAME…]

Not part of `make test`, as it opens some ten thousand worlds. Each case runs in a process of its own with limits on
memory and time, so that what ends the process is found and named.
"""

import os
import resource
import signal
import sys

import yaml

from reporting import fail, ok
from scenarios import FILES, ROOT

import edgewise

VALUES = [
    "0", "-1", "1", "2", "3", "0.5", "1e-300", "1e-12", "1e9", "1e300", "-1e300", ".nan", ".inf", "-.inf", "nonsense",
    "true", "null", "[]", "[1]", "[0, 0]", "[5, 1]", "{}", "''", "9223372036854775807", "-9223372036854775808",
]
MEMORY, SECONDS = 6 << 30, 20


def keys(tree, path=()):
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from keys(value, path + (str(key),))
    else:
        yield ".".join(path)


def play(file, key, value):
    """One case, in a process of its own: 0 played, 1 refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.alarm(SECONDS)
    try:
        worlds = edgewise.Worlds(file, overrides={key: value}, records=True)
    except edgewise.EdgewiseError as error:
        return 2 if "\n" in str(error) or not str(error) else 1
    worlds.play("random")
    for _ in range(2):
        worlds.reset()
        for _ in range(25):
            worlds.act()
            worlds.step()
            if worlds.over[0]:
                break
        worlds.metrics()
        worlds.return_bound()
    return 0


def outcome(file, key, value):
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        try:
            status = play(file, key, value)
        except edgewise.EdgewiseError:
            status = 3
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main():
    wanted = sys.argv[1:]
    counts, wrong = {}, []
    for file in FILES:
        if wanted and not any(part in file for part in wanted):
            continue
        edgewise.Worlds(file).reset()
        for key in keys(yaml.safe_load(open(ROOT / file))):
            for value in VALUES:
                code = outcome(str(ROOT / file), key, value)
                counts[code] = counts.get(code, 0) + 1
                if code not in (0, 1):
                    what = {2: "is refused in several lines", 3: "fails while it is played"}.get(
                        code, f"ends the process ({signal.Signals(-code).name if code < 0 else code})")
                    wrong.append(f"{file}: {key}={value} {what}")
                    print(wrong[-1], flush=True)
    if wrong:
        fail(f"{len(wrong)} of {sum(counts.values())} cases")
    ok(f"{counts.get(0, 0)} extreme cases played, {counts.get(1, 0)} refused in one sentence")


main()
