"""The work of benches/read.rs with pydicom and SimpleITK: `python3 benches/peers.py DIR`.

DIR is what `cargo bench --no-default-features --bench read -- --keep DIR` leaves.
`python3 benches/peers.py --decode DIR` is the work of benches/decode.rs with the C and C++ codecs, in DIR of
benches/encode.py; one thread, the file's opening and parsing not counted.
Needs pydicom, numpy and SimpleITK from PyPI; for --decode also imagecodecs, pyjpegls, pylibjpeg-libjpeg,
pylibjpeg-openjpeg and pylibjpeg-rle.
"""

import glob
import os
import resource
import statistics
import sys
import time
import zlib

import numpy
import pydicom
import SimpleITK
from pydicom.encaps import generate_frames

RUNS = 5


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def report(what, work):
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, start = time.perf_counter(), cpu()
        result = work()
        cpus.append(cpu() - start)
        walls.append(time.perf_counter() - wall)
        del result
    print(f"{what}: {statistics.median(walls) * 1e3:.1f} ms wall, {statistics.median(cpus) * 1e3:.1f} ms CPU")


def main(root):
    headers = sorted(glob.glob(f"{root}/headers/*.dcm"))
    volume = sorted(glob.glob(f"{root}/volume/*.dcm"))

    def used(path):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        return dataset.SeriesInstanceUID, dataset.ImagePositionPatient, dataset.PixelSpacing

    def simple_itk():
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames(volume)
        return SimpleITK.GetArrayViewFromImage(reader.Execute())

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

    report("pydicom, 1,000 headers", lambda: [pydicom.dcmread(p, stop_before_pixels=True) for p in headers])
    report("pydicom, 1,000 headers, three attributes used", lambda: [used(p) for p in headers])
    before = peak()
    report("pydicom, 300 slices", lambda: numpy.stack([pydicom.dcmread(p).pixel_array for p in volume]))
    print(f"pydicom peak: {peak() - before} MB above {before} MB")
    report("SimpleITK, 300 slices", simple_itk)


def codecs():
    """What decodes one frame's stream, by the syntax' folder: name and function."""
    import imagecodecs
    import jpeg_ls
    import libjpeg
    import openjpeg

    charls = {"CharLS": imagecodecs.jpegls_decode, "pyjpegls": lambda stream: jpeg_ls.decode_pixel_data(stream)}
    wavelets = {"openjpeg": imagecodecs.jpeg2k_decode, "pylibjpeg-openjpeg": openjpeg.decode}
    color = {"libjpeg-turbo": imagecodecs.jpeg8_decode}
    inflate = {"zlib": lambda stream: zlib.decompress(stream, -15)}
    return {
        "jpegls": charls,
        "jpegls_8": charls,
        "jpegls_near2": charls,
        "jpegls_rgb": charls,
        "j2k": wavelets,
        "j2k_lossy": wavelets,
        "htj2k": {"openjph": imagecodecs.htj2k_decode, "openjpeg": imagecodecs.jpeg2k_decode},
        "jpegxl": {"libjxl": lambda stream: imagecodecs.jpegxl_decode(stream, numthreads=1)},
        "jpeg_baseline": {"libjpeg-turbo": imagecodecs.jpeg8_decode, "libjpeg": libjpeg.decode},
        "jpeg_420": color,
        "jpeg_422": color,
        "jpeg_444": color,
        "jpeg_sv1": {"libjpeg-turbo": imagecodecs.jpeg8_decode, "jpegsof3": imagecodecs.ljpeg_decode, "libjpeg": libjpeg.decode},
        "deflated_frame": inflate,
    }


def best(work):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def whole_file(path):
    reader = SimpleITK.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(path)
    SimpleITK.GetArrayViewFromImage(reader.Execute())


def deflated_file(path):
    data = open(path, "rb").read()
    # The meta group is not deflated; its length stands behind the preamble and (0002,0000).
    start = 132 + 12 + int.from_bytes(data[140:144], "little")
    zlib.decompress(data[start:], -15)


def decode(root):
    known = codecs()
    for folder in sorted(glob.glob(f"{root}/*")):
        name, paths = os.path.basename(folder), sorted(glob.glob(f"{folder}/*.dcm"))
        for peer, function in known.get(name, {}).items():
            datasets = [pydicom.dcmread(path) for path in paths]
            streams = [bytes(next(generate_frames(d.PixelData, number_of_frames=1))) for d in datasets]
            try:
                time_taken = best(lambda: [function(stream) for stream in streams])
                print(f"{name:<16}{peer:<22}{time_taken / len(paths):8.3f} ms/frame")
            except Exception as error:
                print(f"{name:<16}{peer:<22}{type(error).__name__}: {str(error)[:60]}")
        whole = {"GDCM (whole file)": whole_file}
        if name == "deflated":
            whole["zlib (inflate only)"] = deflated_file
        if name == "rle":
            whole["pydicom pylibjpeg-rle"] = lambda path: pydicom.dcmread(path).pixel_array
        for peer, function in whole.items():
            try:
                time_taken = best(lambda: [function(path) for path in paths])
                print(f"{name:<16}{peer:<22}{time_taken / len(paths):8.3f} ms/frame")
            except Exception as error:
                print(f"{name:<16}{peer:<22}{type(error).__name__}")


if sys.argv[1] == "--decode":
    decode(sys.argv[2])
else:
    main(sys.argv[1])
