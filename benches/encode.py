"""Writes CT slices in every transfer syntax for benches/decode.rs: `python3 benches/encode.py SERIES DIR`.

SERIES is a folder of uncompressed 16 bit slices. Each syntax gets a folder of its own in DIR.
Needs pydicom, numpy and imagecodecs (CharLS, openjpeg, openjph, libjxl) from PyPI and dcmcjpeg of dcmtk.
"""

import copy
import glob
import os
import subprocess
import sys
import zlib

import imagecodecs
import numpy
import pydicom
from pydicom.encaps import encapsulate

SLICES = 12
PREFIX = "1.2.840.10008.1.2."


def write(root, name, syntax, dataset, index, stream, **changes):
    out = copy.deepcopy(dataset)
    out.file_meta.TransferSyntaxUID = PREFIX + syntax
    for keyword, value in changes.items():
        setattr(out, keyword, value)
    out.PixelData = encapsulate([stream]) if stream is not None else dataset.PixelData
    out["PixelData"].VR = "OB" if stream is not None else "OW"
    out["PixelData"].is_undefined_length = stream is not None
    os.makedirs(f"{root}/{name}", exist_ok=True)
    # pydicom does not know every syntax; all of these but "deflated" lay the data set out alike.
    layout = {} if name == "deflated" else dict(implicit_vr=False, little_endian=True, force_encoding=True)
    out.save_as(f"{root}/{name}/{index:03}.dcm", enforce_file_format=not layout, **layout)


def photograph(stored):
    """Colour with a camera's mixture: uneven light, and a window of its own for each channel, so that hues have detail."""
    rows, columns = stored.shape
    down, across = numpy.mgrid[0:rows, 0:columns] / max(rows, columns)
    light = 0.6 + 0.4 * numpy.cos(3 * down - 2 * across)
    whole = (stored.astype(float) - stored.min()) / max(float(numpy.ptp(stored)), 1)
    low, middle, high = numpy.percentile(whole, (30, 60, 99))
    windows = [(low, high), (0, high), (0, middle + (high - middle) / 2)]
    channels = [numpy.clip((whole - start) / (end - start), 0, 1) * light for start, end in windows]
    tints = [0.2 * across, 0.1 * down, 0.15 * (1 - across)]
    channels = [0.8 * channel + tint for channel, tint in zip(channels, tints)]
    return numpy.clip(255 * numpy.stack(channels, axis=2), 0, 255).astype(numpy.uint8)


def main(series, root):
    paths = sorted(path for path in glob.glob(f"{series}/**/*", recursive=True) if os.path.isfile(path))
    datasets = [pydicom.dcmread(path) for path in paths if pydicom.misc.is_dicom(path)][:SLICES]
    for index, dataset in enumerate(datasets):
        stored = dataset.pixel_array
        bits = 16 if stored.dtype == numpy.int16 else dataset.BitsStored
        # CharLS takes the depth from the highest value; it does not know signs.
        patterns = stored.view(numpy.uint16)
        eight = numpy.clip((stored.astype(float) - stored.min()) / 8, 0, 255).astype(numpy.uint8)
        small = dict(BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0)
        write(root, "plain", "1", dataset, index, None)
        write(root, "deflated", "1.99", dataset, index, None)
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(stored.tobytes()) + packer.flush()
        write(root, "deflated_frame", "8.1", dataset, index, packed)
        write(root, "jpegls", "4.80", dataset, index, imagecodecs.jpegls_encode(patterns))
        write(root, "jpegls_near2", "4.81", dataset, index, imagecodecs.jpegls_encode(patterns, level=2))
        rgb = numpy.stack([eight, numpy.roll(eight, 1, 0), numpy.roll(eight, 1, 1)], axis=2)
        color = dict(small, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
        write(root, "jpegls_rgb", "4.80", dataset, index, imagecodecs.jpegls_encode(rgb), **color)
        write(root, "jpegls_8", "4.80", dataset, index, imagecodecs.jpegls_encode(eight), **small)
        wavelet = dict(codecformat="j2k", bitspersample=bits)
        lossless = imagecodecs.jpeg2k_encode(stored, reversible=True, **wavelet)
        write(root, "j2k", "4.90", dataset, index, lossless)
        lossy = imagecodecs.jpeg2k_encode(stored, level=80, reversible=False, **wavelet)
        write(root, "j2k_lossy", "4.91", dataset, index, lossy)
        write(root, "htj2k", "4.201", dataset, index, imagecodecs.htj2k_encode(stored))
        write(root, "jpegxl", "4.110", dataset, index, imagecodecs.jpegxl_encode(patterns, lossless=True))
        write(root, "jpeg_baseline", "4.50", dataset, index, imagecodecs.jpeg8_encode(eight, level=90), **small)
        photo = photograph(stored)
        color = dict(color, PhotometricInterpretation="YBR_FULL_422")
        for sampling in ("420", "422", "444"):
            stream = imagecodecs.jpeg8_encode(photo, level=90, subsampling=sampling)
            write(root, f"jpeg_{sampling}", "4.50", dataset, index, stream, **color)
        rle = copy.deepcopy(dataset)
        rle.compress(PREFIX + "5", generate_instance_uid=False)
        os.makedirs(f"{root}/rle", exist_ok=True)
        rle.save_as(f"{root}/rle/{index:03}.dcm", enforce_file_format=True)
        os.makedirs(f"{root}/jpeg_sv1", exist_ok=True)
        plain = f"{root}/plain/{index:03}.dcm"
        subprocess.run(["dcmcjpeg", "+e1", "+un", plain, f"{root}/jpeg_sv1/{index:03}.dcm"], check=True)


main(*sys.argv[1:3])
