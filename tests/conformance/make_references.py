#!/usr/bin/env python3
"""Writes references.json: what pydicom makes of the test data, where truth.json says nothing or too little.

pip install pydicom numpy pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pylibjpeg-rle pyjpegls
python3 tests/conformance/make_references.py ../shared/data

* files that truth.json does not list: SHA-1 of the decoded array (little endian), and its type;
* colour of more than 8 bits and palettes: SHA-1 of red, green, blue in 8 bits, which is what is shown (round(v * 255 / highest);
  palettes: the upper byte of 16-bit entries);
* lossy streams and converted colours: 256 evenly spaced samples (at i * (n - 1) / 255), so that a difference has a size.
"""
import hashlib
import json
import os
import sys
import warnings

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, pixel_array

warnings.filterwarnings("ignore")
root = sys.argv[1]
truth = json.load(open(os.path.join(root, "truth.json")))["files"]
LOSSY = {"1.2.840.10008.1.2.4." + end for end in ("50", "51", "81", "91")}


def little(array):
    return array.astype(array.dtype.newbyteorder("<"))


def sha1(array):
    return hashlib.sha1(np.ascontiguousarray(little(array)).tobytes()).hexdigest()


def spaced(array):
    flat = array.reshape(-1)
    return [int(flat[i * (flat.size - 1) // 255]) for i in range(256)]


def eight_bits(ds, array):
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        rgb = apply_color_lut(array, ds)
        return (rgb >> 8).astype("u1") if rgb.dtype.itemsize == 2 else rgb
    highest = 2 ** ds.BitsStored - 1
    return ((array.astype("u8") * 255 + highest // 2) // highest).astype("u1")


out = {}
for folder, _, files in sorted(os.walk(root)):
    for file in sorted(files):
        path = os.path.join(folder, file)
        name = os.path.relpath(path, root)
        if name.startswith("traps/") or file.endswith((".json", ".npy", ".md", ".txt")):
            continue
        try:
            ds = pydicom.dcmread(path)
            array = pixel_array(ds)
        except Exception:
            continue
        entry = {}
        if name not in truth or "sha1_little_endian" not in truth[name]:
            entry |= {"dtype": str(little(array).dtype), "shape": list(array.shape), "sha1_little_endian": sha1(array)}
        photometric = ds.PhotometricInterpretation
        if photometric == "PALETTE COLOR" or (ds.SamplesPerPixel == 3 and ds.BitsAllocated > 8):
            rgb = eight_bits(ds, array)
            entry |= {"rgb8_sha1": sha1(rgb), "rgb8_samples": spaced(rgb)}
        elif str(ds.file_meta.get("TransferSyntaxUID", "")) in LOSSY or photometric.startswith("YBR"):
            entry["samples"] = spaced(array)
        if entry:
            out[name] = entry
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "references.json"), "w") as file:
    made = f"pydicom {pydicom.__version__}, numpy {np.__version__}, pylibjpeg, pyjpegls"
    lines = [f' {json.dumps(name)}: {json.dumps(entry, separators=(",", ":"))}' for name, entry in sorted(out.items())]
    file.write(f'{{"made_with": {json.dumps(made)}, "files": {{\n' + ",\n".join(lines) + "\n}}\n")
print(len(out), "references")
