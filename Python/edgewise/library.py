"""The dynamic library: where it is found, what it offers, and how its failures become exceptions."""

import ctypes
import os
from ctypes import POINTER, c_bool, c_char_p, c_double, c_float, c_int32, c_int64, c_uint64
from pathlib import Path

INTERFACE_VERSION = 1
PURPOSES = {"training": 1, "selection": 2, "evaluation": 3}
BEGINS_ANEW, KEEPS_RECORDS = 1, 2
FILE_NAME = "libEdgewiseEnvironments.so"


class EdgewiseError(Exception):
    """What went wrong, in one sentence; `code` is that of sysexits: 64 usage, 65 content, 66 no input, 74 fault."""

    def __init__(self, sentence, code=64):
        super().__init__(sentence)
        self.code = code


class GroupFrame(ctypes.Structure):
    """Where one group's part of the frame stands; `edgewise_group_frame` of edgewise.h."""

    _fields_ = [
        ("rows", c_int64),
        ("observations", POINTER(c_float)),
        ("masks", POINTER(c_bool)),
        ("active", POINTER(c_bool)),
        ("choices", POINTER(c_int32)),
        ("numbers", POINTER(c_float)),
        ("acted", POINTER(c_bool)),
        ("rewards", POINTER(c_double)),
        ("terminated", POINTER(c_bool)),
        ("truncated", POINTER(c_bool)),
        ("last_observations", POINTER(c_float)),
        ("last_masks", POINTER(c_bool)),
    ]


class SharedFrame(ctypes.Structure):
    """Where what belongs to whole environments stands; `edgewise_shared_frame` of edgewise.h."""

    _fields_ = [
        ("environments", c_int64),
        ("groups", c_int64),
        ("over", POINTER(c_bool)),
        ("terms", POINTER(c_double)),
    ]


SIGNATURES = {
    "edgewise_open": [c_char_p, POINTER(c_char_p), c_int32, c_int64, c_int32, POINTER(c_int64)],
    "edgewise_close": [c_int64],
    "edgewise_describe": [c_int64, POINTER(c_char_p)],
    "edgewise_frame": [c_int64, c_int32, c_int32, POINTER(GroupFrame)],
    "edgewise_shared": [c_int64, POINTER(SharedFrame)],
    "edgewise_seed": [c_int64, c_int32, c_uint64],
    "edgewise_seed_each": [c_int64, c_int32, POINTER(c_uint64), c_int64],
    "edgewise_reset": [c_int64, POINTER(c_bool), POINTER(c_int32)],
    "edgewise_step": [c_int64, POINTER(c_int32), POINTER(c_int64)],
    "edgewise_play": [c_int64, c_char_p],
    "edgewise_act": [c_int64],
    "edgewise_state": [c_int64, POINTER(c_float), c_int64],
    "edgewise_metrics": [c_int64, c_int64, POINTER(c_char_p)],
    "edgewise_return_bound": [c_int64, c_int64, POINTER(c_double), POINTER(c_bool)],
}


def places():
    """Where the library may lie, the first choice first."""
    if named := os.environ.get("EDGEWISE_LIBRARY"):
        return [Path(named)]
    here = Path(__file__).resolve().parent
    checkout = here.parent.parent
    return [here / FILE_NAME, checkout / ".build" / "release" / FILE_NAME, Path(".build") / "release" / FILE_NAME]


_loaded = None


def library():
    """The loaded library, loaded once."""
    global _loaded
    if _loaded is None:
        _loaded = _load()
    return _loaded


def _load():
    candidates = places()
    path = next((place for place in candidates if place.is_file()), None)
    if path is None:
        raise EdgewiseError(
            f"the library is not at {', '.join(map(str, candidates))}; run "
            "'swift build -c release --product EdgewiseEnvironments' or let EDGEWISE_LIBRARY name it", 66)
    try:
        loaded = ctypes.CDLL(str(path.resolve()))
    except OSError as error:
        raise EdgewiseError(f"{path} cannot be loaded: {error}", 74) from None
    try:
        for name, arguments in SIGNATURES.items():
            getattr(loaded, name).argtypes = arguments
            getattr(loaded, name).restype = c_int32
        loaded.edgewise_error.restype = c_char_p
        version = loaded.edgewise_interface_version()
    except AttributeError as error:
        raise EdgewiseError(f"{path} is another library: {error}", 65) from None
    if version != INTERFACE_VERSION:
        raise EdgewiseError(f"{path} has interface {version}, this package wants {INTERFACE_VERSION}; build both anew", 65)
    return loaded


def check(status):
    """Raises what the library said of a call that failed."""
    if status != 0:
        raise EdgewiseError(library().edgewise_error().decode("utf-8", "replace"), status)
