"""Makes the files of this folder that another program would write (h5py 3.16).

version-1.h5 is not made here: Edgewise wrote it, in format version 1.
"""

import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def checkpoint(name, version=1, format="edgewise-checkpoint", **options):
    file = h5py.File(os.path.join(HERE, name), "w", **options)
    if format is not None:
        file.attrs["format"] = format
        file.attrs["format_version"] = version
    return file


# Good: what a careful person writes with h5py.
for name, options in (("foreign.h5", {}), ("foreign-v108.h5", {"libver": ("v108", "v108")})):
    with checkpoint(name, **options) as file:
        file.attrs["note"] = "größer"
        file.attrs["names"] = np.array(["a", "", "ß"], dtype=h5py.string_dtype())
        group = file.create_group("policy")
        group.attrs["rate"] = 0.25
        group.attrs["layers"] = 3
        group["weight"] = np.array([[1.5, -2, 0], [3, 4, 5]], dtype="<f4")
        group.create_dataset("bias", data=np.arange(300, dtype="<f8"), compression="gzip", shuffle=True)
        group["step"] = np.int64(-7)
        group["label"] = "λ"
        group["empty"] = np.zeros((0, 4), dtype="<i4")
        file["replay"] = np.array([2**64 - 1], dtype="<u8")

# As Edgewise stored floating-point arrays over 4 MiB at first, but small.
with checkpoint("checked-chunks.h5", libver=("v108", "v108")) as file:
    rows = np.arange(3000, dtype="<f4").reshape(1000, 3)
    file.create_dataset("rows", data=rows, chunks=(256, 3), fletcher32=True, track_times=False)

# Not a checkpoint, or not one of ours.
with checkpoint("no-format.h5", format=None) as file:
    file["x"] = np.zeros(3)
with checkpoint("other-format.h5", format="something-else"):
    pass
with checkpoint("newer.h5", version=2):
    pass
with checkpoint("version-zero.h5", version=0):
    pass

# What a checkpoint never holds.
with checkpoint("soft-link.h5") as file:
    file["x"] = np.zeros(3)
    file["y"] = h5py.SoftLink("/x")
with checkpoint("external-link.h5") as file:
    file["y"] = h5py.ExternalLink("/etc/passwd", "/")
with checkpoint("external-storage.h5") as file:
    file.create_dataset("x", shape=(8,), dtype="u1", external=[("/etc/passwd", 0, 8)])
with checkpoint("virtual.h5", libver="v110") as file:
    layout = h5py.VirtualLayout(shape=(4,), dtype="<f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(4,))
    file.create_virtual_dataset("x", layout)
with checkpoint("lzf.h5") as file:
    file.create_dataset("x", data=np.zeros(300, dtype="<f4"), compression="lzf")
with checkpoint("big-endian.h5") as file:
    file["x"] = np.zeros(3, dtype=">f4")
with checkpoint("half.h5") as file:
    file["x"] = np.zeros(3, dtype="<f2")
with checkpoint("fixed-text.h5") as file:
    file["x"] = np.array([b"abc"])
with checkpoint("compound.h5") as file:
    file["x"] = np.zeros(2, dtype=[("a", "<f4"), ("b", "<i8")])
with checkpoint("named-type.h5") as file:
    file["x"] = np.dtype("<f4")
with checkpoint("unwritten.h5") as file:
    file.create_dataset("x", shape=(1000,), dtype="<f4")
with checkpoint("bomb.h5") as file:
    file.create_dataset("x", shape=(1 << 29,), dtype="<f4", chunks=(1 << 20,), compression="gzip")[:1] = 1
with checkpoint("overflow.h5") as file:
    file.create_dataset("x", shape=(1 << 40, 1 << 40), dtype="<f4", chunks=(1, 1))
with checkpoint("large-chunk.h5") as file:
    file.create_dataset("x", shape=(1 << 28,), dtype="<f4", chunks=(1 << 28,))
with checkpoint("null.h5") as file:
    file["x"] = h5py.Empty("<f4")
with checkpoint("cycle.h5") as file:
    file.create_group("a")["b"] = file["/"]
with checkpoint("boolean-attribute.h5") as file:
    file.attrs["flag"] = True
