"""One line per check: `ok: …` on standard output, or one sentence on standard error and the end with status 1."""

import sys


def ok(sentence):
    print(f"ok: {sentence}", flush=True)


def fail(sentence):
    print(f"failed: {sentence}", file=sys.stderr)
    raise SystemExit(1)


def require(condition, sentence):
    """Fails unless the condition holds; the sentence may be a function, for when making it needs the failure."""
    if not condition:
        fail(sentence() if callable(sentence) else sentence)


def conclude(main):
    """Runs a script's checks; a file that cannot be read or lacks a part also ends with one sentence."""
    try:
        main()
    except (KeyError, IndexError, TypeError, ValueError, OSError) as error:
        fail(f"a file is not what it should be: {type(error).__name__}: {' '.join(str(error).split())}")
