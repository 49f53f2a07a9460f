"""The work of benches/read.rs with pydicom and SimpleITK: `python3 benches/peers.py DIR`.

DIR is what `cargo bench --no-default-features --bench read -- --keep DIR` leaves.
Needs pydicom, numpy and SimpleITK from PyPI.
"""

import glob
import resource
import statistics
import sys
import time

import numpy
import pydicom
import SimpleITK

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


main(sys.argv[1])
