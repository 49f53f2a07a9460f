"""The work of benches/reformat.rs with SimpleITK and VTK: `python3 benches/peers_reformat.py`.

The same volume, plane and interpolation; windowing to 8 bits is counted for all. Needs numpy, SimpleITK and vtk from
PyPI. CPU time of all threads and wall time, least and median of many, with one thread and with all.
"""

import math
import os
import statistics
import time

import numpy
import SimpleITK
import vtk
from vtk.util import numpy_support

RUNS = 30
COLUMNS, ROWS, SLICES = 512, 512, 300
SPACING = (0.7, 0.7, 1.0)
ORIGIN = (-178.0, -181.0, -140.0)
SIZE, STEP = 1024, 0.25
LOW, HIGH = -160.0, 240.0


def cpu():
    return time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)


def report(what, work):
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, start = time.perf_counter(), cpu()
        result = work()
        cpus.append((cpu() - start) * 1e3)
        walls.append((time.perf_counter() - wall) * 1e3)
        del result
    print(f"{what:58} {min(cpus):7.1f} / {statistics.median(cpus):7.1f} ms CPU"
          f" {min(walls):7.1f} / {statistics.median(walls):7.1f} ms wall")


def volume():
    """The voxels of benches/reformat.rs."""
    index = numpy.arange(COLUMNS * ROWS * SLICES, dtype=numpy.uint64)
    noise = ((index * numpy.uint64(2_654_435_761)) >> numpy.uint64(7)) & numpy.uint64(255)
    column, row = index % COLUMNS, index // COLUMNS % ROWS
    wave = (column // 16 + row // 16 + index // (COLUMNS * ROWS) // 8) % 2 * 600
    return (noise.astype(numpy.int16) + wave.astype(numpy.int16)).reshape(SLICES, ROWS, COLUMNS)


def directions():
    """Right, down and normal of the plane: turned by 25 degrees about z, then tilted by 35 degrees about its own right."""
    turn, tilt = math.radians(25), math.radians(35)
    right = numpy.array([math.cos(turn), math.sin(turn), 0.0])
    flat = numpy.array([-math.sin(turn), math.cos(turn), 0.0])
    down = flat * math.cos(tilt) + numpy.array([0.0, 0.0, math.sin(tilt)])
    # Spun in its own plane, so that no axis of the picture runs along a slice.
    spin = math.radians(20)
    right, down = (right * math.cos(spin) + down * math.sin(spin), down * math.cos(spin) - right * math.sin(spin))
    return right, down, numpy.cross(right, down)


def main():
    voxels = volume()
    right, down, normal = directions()
    middle = numpy.array(ORIGIN) + numpy.array(SPACING) * (numpy.array([COLUMNS, ROWS, SLICES]) - 1) / 2
    first = middle - (right + down) * STEP * (SIZE - 1) / 2

    image = SimpleITK.GetImageFromArray(voxels)
    image.SetSpacing(SPACING)
    image.SetOrigin(ORIGIN)

    def resample(interpolator, threads):
        resampler = SimpleITK.ResampleImageFilter()
        resampler.SetSize((SIZE, SIZE, 1))
        resampler.SetOutputSpacing((STEP, STEP, 1.0))
        resampler.SetOutputOrigin([float(x) for x in first])
        resampler.SetOutputDirection([float(x) for x in numpy.stack([right, down, normal], axis=1).ravel()])
        resampler.SetInterpolator(interpolator)
        resampler.SetNumberOfThreads(threads)

        def work():
            plane = resampler.Execute(image)
            window = SimpleITK.IntensityWindowingImageFilter()
            window.SetWindowMinimum(LOW)
            window.SetWindowMaximum(HIGH)
            window.SetOutputMinimum(0)
            window.SetOutputMaximum(255)
            window.SetNumberOfThreads(threads)
            return SimpleITK.Cast(window.Execute(plane), SimpleITK.sitkUInt8)

        return resampler, work

    for threads in (1, os.cpu_count()):
        resampler, work = resample(SimpleITK.sitkLinear, threads)
        report(f"SimpleITK Resample, linear, {threads} threads", lambda: resampler.Execute(image))
        report(f"SimpleITK Resample, linear, window, {threads} threads", work)
    print(f"  value in the middle: {resampler.Execute(image)[SIZE // 2, SIZE // 2, 0]}")
    resampler, _ = resample(SimpleITK.sitkNearestNeighbor, os.cpu_count())
    report("SimpleITK Resample, nearest", lambda: resampler.Execute(image))

    data = vtk.vtkImageData()
    data.SetDimensions(COLUMNS, ROWS, SLICES)
    data.SetSpacing(SPACING)
    data.SetOrigin(ORIGIN)
    data.GetPointData().SetScalars(numpy_support.numpy_to_vtk(voxels.ravel(), deep=False))

    def reslice(threads, mode, slab):
        step = vtk.vtkImageReslice()
        step.SetInputData(data)
        axes = vtk.vtkMatrix4x4()
        for row in range(3):
            for column, axis in enumerate((right, down, normal)):
                axes.SetElement(row, column, float(axis[row]))
            axes.SetElement(row, 3, float(first[row]))
        step.SetResliceAxes(axes)
        step.SetOutputDimensionality(2)
        step.SetOutputSpacing(STEP, STEP, 0.5)
        step.SetOutputOrigin(0.0, 0.0, 0.0)
        step.SetOutputExtent(0, SIZE - 1, 0, SIZE - 1, 0, 0)
        step.SetInterpolationMode(mode)
        step.SetNumberOfThreads(threads)
        if slab:
            step.SetSlabModeToMax()
            step.SetSlabNumberOfSlices(slab)
        colors = vtk.vtkImageMapToWindowLevelColors()
        colors.SetInputConnection(step.GetOutputPort())
        colors.SetWindow(HIGH - LOW)
        colors.SetLevel((HIGH + LOW) / 2)
        colors.SetNumberOfThreads(threads)

        def work(end):
            def run():
                step.Modified()
                end.Update()
                return end.GetOutput()

            return run

        return step, work(step), work(colors)

    for threads in (1, os.cpu_count()):
        _, plain, windowed = reslice(threads, 1, 0)
        report(f"VTK ImageReslice, linear, {threads} threads", plain)
        report(f"VTK ImageReslice, linear, window, {threads} threads", windowed)
    step, plain, _ = reslice(os.cpu_count(), 1, 0)
    plain()
    print(f"  value in the middle: {step.GetOutput().GetScalarComponentAsDouble(SIZE // 2, SIZE // 2, 0, 0)}")
    report("VTK ImageReslice, cubic", reslice(os.cpu_count(), 3, 0)[1])
    report("VTK ImageReslice, nearest", reslice(os.cpu_count(), 0, 0)[1])
    global RUNS
    RUNS = 5
    report("VTK ImageReslice, linear, MIP of 41 planes 0.5 mm apart", reslice(os.cpu_count(), 1, 41)[1])


if __name__ == "__main__":
    main()
