"""The arrays of ArrayFormatTests, as NumPy and the safetensors package write them.

Each holds the rows [[0, 1], [2, 100], [3, 64]] in a type of its own, under the type's name; the files of
floating-point numbers hold [[0, -1.5], [2, 0.25], [3, 64]].

    python3 Tests/DatasetsTests/Resources/make-arrays.py      # needs numpy and safetensors (0.4 or 0.5)
"""

from pathlib import Path

import numpy as np
from safetensors import serialize_file

HERE = Path(__file__).parent
WHOLE = [[0, 1], [2, 100], [3, 64]]
BROKEN = [[0, -1.5], [2, 0.25], [3, 64]]

arrays = {"bool": np.array([[0, 1], [1, 0], [1, 1]], bool)}
for name in ("uint8", "int8", "int16", "uint16", "int32", "uint32", "int64"):
    arrays[name] = np.array(WHOLE, name)
for name in ("float16", "float32", "float64"):
    arrays[name] = np.array(BROKEN, name)
np.savez(HERE / "types.npz", **arrays)
np.savez_compressed(HERE / "types-compressed.npz", **arrays)
# The upper halves of the float32 numbers, all of which have short fractions.
halves = (arrays["float32"].view(np.uint32) >> 16).astype(np.uint16)
tensors = {name: {"dtype": name, "shape": array.shape, "data": array.tobytes()} for name, array in arrays.items()}
tensors["bfloat16"] = {"dtype": "bfloat16", "shape": halves.shape, "data": halves.tobytes()}
serialize_file(tensors, HERE / "types.safetensors", None)
np.save(HERE / "int16.npy", arrays["int16"])
np.save(HERE / "fortran.npy", np.asfortranarray(arrays["float32"]))
np.save(HERE / "records.npy", np.zeros(3, [("a", "<f4"), ("b", "<i4")]))
np.save(HERE / "big-endian.npy", arrays["float32"].astype(">f4"))
np.save(HERE / "objects.npy", np.array([None, 1], object))
