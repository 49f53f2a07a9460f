//! How fast are headers and frames read, against a plain read of the same files?
//!
//! `cargo bench --no-default-features --bench read -- --keep DIR` leaves the files for `benches/peers.py`;
//! `-- --headers DIR` reads the headers of the first 1,000 files of DIR that have one, against a limit of 40 us each.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark may panic and reports by printing"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use isodense::dicom::{ScanEvent, assemble, load_frame, load_frames, read_header, scan};
use isodense::image::{Decoded, Frame};
use isodense::work::{Cancel, Progress};
use rawzip::{CompressionMethod, ZipArchiveWriter};

const RUNS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value_of = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1));
    if let Some(folder) = value_of("--headers") {
        return real_headers(Path::new(folder));
    }
    let keep = value_of("--keep");
    let temporary = tempfile::tempdir().unwrap();
    let root = keep.map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let (headers, volume) = (root.join("headers"), root.join("volume"));
    write_series(&headers, 1000, 16);
    write_series(&volume, 300, 512);

    let paths: Vec<PathBuf> = fs::read_dir(&headers).unwrap().map(|entry| entry.unwrap().path()).collect();
    report("1,000 headers, one thread", || {
        paths.iter().map(|path| read_header(path).unwrap()).collect::<Vec<_>>()
    });
    report("1,000 headers, scan of the folder", || scanned(&headers));
    report("1,000 headers into series", || assemble(scanned(&headers)));
    let (stored, deflated) = (root.join("stored.zip"), root.join("deflated.zip"));
    write_zip(&stored, &headers, CompressionMethod::STORE);
    write_zip(&deflated, &headers, CompressionMethod::DEFLATE);
    report("1,000 headers, scan of a ZIP, stored", || scanned(&stored));
    report("1,000 headers, scan of a ZIP, deflated", || scanned(&deflated));

    let frames = assemble(scanned(&volume)).0.remove(0).frames;
    let files: Vec<PathBuf> = frames.iter().map(|frame| frame.stored.path.to_path_buf()).collect();
    let plain = report("300 slices, plain read of the files", || {
        files.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
    });
    let one = report("300 slices, load_frame, one thread", || {
        frames.iter().map(|frame| load_frame(frame).unwrap()).collect::<Vec<_>>()
    });
    let all = report("300 slices, load_frames, all cores", || loaded(&frames));
    write_zip(&stored, &volume, CompressionMethod::STORE);
    write_zip(&deflated, &volume, CompressionMethod::DEFLATE);
    report("300 slices, headers of the folder", || scanned(&volume));
    for (what, path) in [("stored", &stored), ("deflated", &deflated)] {
        report(&format!("300 slices, headers of a ZIP, {what}"), || scanned(path));
        let frames = assemble(scanned(path)).0.remove(0).frames;
        report(&format!("300 slices of a ZIP, {what}, load_frames, all cores"), || loaded(&frames));
    }
    println!("CPU of load_frame / plain read: {:.2}; of load_frames: {:.2}", one / plain, all / plain);

    let before = memory("VmRSS");
    File::options().write(true).open("/proc/self/clear_refs").unwrap().write_all(b"5").unwrap();
    let samples = loaded(&frames);
    let pixels: usize = samples.iter().map(|decoded| decoded.bytes()).sum();
    let peak = memory("VmHWM") - before;
    println!("peak memory / pixel bytes: {:.3} ({} MB)", peak as f64 / pixels as f64, peak >> 20);
}

/// Headers of files that are there, whatever they are.
fn real_headers(folder: &Path) {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    let paths = walk.map(|entry| entry.unwrap().into_path()).filter(|path| path.is_file());
    let paths: Vec<PathBuf> = paths.filter(|path| read_header(path).is_ok()).take(1000).collect();
    let count = paths.len();
    let cpu = report(&format!("{count} headers of real files, one thread"), || {
        paths.iter().map(|path| read_header(path).unwrap()).collect::<Vec<_>>()
    });
    println!("CPU of a file: {:.1} us, of 40", cpu / count as f64 * 1e6);
}

/// An archive of a folder's files.
fn write_zip(path: &Path, folder: &Path, method: CompressionMethod) {
    let mut archive = ZipArchiveWriter::new(File::create(path).unwrap());
    for entry in fs::read_dir(folder).unwrap() {
        let (name, bytes) = (entry.as_ref().unwrap().file_name(), fs::read(entry.unwrap().path()).unwrap());
        let (mut file, config) =
            archive.new_file(name.to_str().unwrap()).compression_method(method).start().unwrap();
        let descriptor = if method == CompressionMethod::DEFLATE {
            let mut writer = config.wrap(DeflateEncoder::new(&mut file, Compression::default()));
            writer.write_all(&bytes).unwrap();
            let (packer, descriptor) = writer.finish().unwrap();
            packer.finish().unwrap();
            descriptor
        } else {
            let mut writer = config.wrap(&mut file);
            writer.write_all(&bytes).unwrap();
            writer.finish().unwrap().1
        };
        file.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
}

fn scanned(folder: &Path) -> Vec<isodense::dicom::Instance> {
    let found = Mutex::new(Vec::new());
    scan(&[folder.to_owned()], &Cancel::default(), &Progress::default(), |event| {
        if let ScanEvent::Found(instance) = event {
            found.lock().unwrap().push(*instance);
        }
    });
    found.into_inner().unwrap()
}

fn loaded(frames: &[Arc<Frame>]) -> Vec<Decoded> {
    let all = Mutex::new(Vec::with_capacity(frames.len()));
    load_frames(frames, &Cancel::default(), |_, samples| all.lock().unwrap().push(samples.unwrap()));
    all.into_inner().unwrap()
}

/// Prints the median wall and CPU time of several runs; returns the CPU seconds.
fn report<T>(what: &str, work: impl Fn() -> T) -> f64 {
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (start, before) = (Instant::now(), cpu_seconds());
        let result = work();
        cpu.push(cpu_seconds() - before);
        wall.push(start.elapsed().as_secs_f64());
        drop(result);
    }
    wall.sort_by(f64::total_cmp);
    cpu.sort_by(f64::total_cmp);
    let (wall, cpu) = (wall[RUNS / 2], cpu[RUNS / 2]);
    println!("{what}: {:.1} ms wall, {:.1} ms CPU", wall * 1e3, cpu * 1e3);
    cpu
}

/// Time that all threads have run, by the scheduler's own nanoseconds (Linux).
fn cpu_seconds() -> f64 {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    // A thread may end between the two reads: what it ran no longer counts, as it would a moment later.
    let text = threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("schedstat")).ok());
    text.map(|text| text.split(' ').next().unwrap().parse::<f64>().unwrap()).sum::<f64>() / 1e9
}

/// Bytes of one line of `/proc/self/status`.
fn memory(line: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|text| text.starts_with(line)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
}

/// A CT series of square slices: explicit little endian, with about as many attributes as scanners write.
fn write_series(folder: &Path, slices: usize, side: u16) {
    fs::create_dir_all(folder).unwrap();
    for slice in 0..slices {
        let bytes = ct(slice, side);
        File::create(folder.join(format!("{slice:04}.dcm"))).unwrap().write_all(&bytes).unwrap();
    }
}

fn element(out: &mut Vec<u8>, tag: (u16, u16), vr: &str, value: &[u8]) {
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    out.extend(vr.as_bytes());
    let length = value.len().next_multiple_of(2);
    if matches!(vr, "OB" | "OW" | "SQ" | "UN") {
        out.extend([0, 0]);
        out.extend(u32::try_from(length).unwrap().to_le_bytes());
    } else {
        out.extend(u16::try_from(length).unwrap().to_le_bytes());
    }
    out.extend(value);
    if length > value.len() {
        out.push(if vr == "UI" { 0 } else { b' ' });
    }
}

#[expect(clippy::too_many_lines, reason = "a table of attributes")]
fn ct(slice: usize, side: u16) -> Vec<u8> {
    let uid = format!("1.2.826.0.1.3680043.10.1.{side}.{}", slice + 1);
    let mut meta = Vec::new();
    element(&mut meta, (2, 1), "OB", &[0, 1]);
    element(&mut meta, (2, 2), "UI", b"1.2.840.10008.5.1.4.1.1.2");
    element(&mut meta, (2, 3), "UI", uid.as_bytes());
    element(&mut meta, (2, 0x10), "UI", b"1.2.840.10008.1.2.1");
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    element(&mut out, (2, 0), "UL", &u32::try_from(meta.len()).unwrap().to_le_bytes());
    out.extend(meta);
    let position = format!("-125.5\\-98.25\\{}", slice as f64 * 1.25 - 80.0);
    let number = format!("{}", slice + 1);
    let side_bytes = side.to_le_bytes();
    let texts: &[(u16, u16, &str, &str)] = &[
        (8, 5, "CS", "ISO_IR 100"),
        (8, 8, "CS", "ORIGINAL\\PRIMARY\\AXIAL\\HELIX"),
        (8, 0x12, "DA", "20240131"),
        (8, 0x13, "TM", "101112.123"),
        (8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.2"),
        (8, 0x18, "UI", &uid),
        (8, 0x20, "DA", "20240131"),
        (8, 0x21, "DA", "20240131"),
        (8, 0x22, "DA", "20240131"),
        (8, 0x23, "DA", "20240131"),
        (8, 0x30, "TM", "101112.123"),
        (8, 0x31, "TM", "101112.123"),
        (8, 0x50, "SH", "A1234567"),
        (8, 0x60, "CS", "CT"),
        (8, 0x70, "LO", "Isodense benchmark"),
        (8, 0x80, "LO", "Nowhere Hospital"),
        (8, 0x90, "PN", "Nobody^Here"),
        (8, 0x1010, "SH", "SCANNER1"),
        (8, 0x1030, "LO", "Head without contrast"),
        (8, 0x103E, "LO", "Axial 1.25 mm"),
        (8, 0x1090, "LO", "Model 1"),
        (0x10, 0x10, "PN", "Bench^Mark"),
        (0x10, 0x20, "LO", "0000001"),
        (0x10, 0x30, "DA", "19700101"),
        (0x10, 0x40, "CS", "O"),
        (0x10, 0x1010, "AS", "054Y"),
        (0x18, 0x15, "CS", "HEAD"),
        (0x18, 0x22, "CS", "HELICAL MODE"),
        (0x18, 0x50, "DS", "1.25"),
        (0x18, 0x60, "DS", "120"),
        (0x18, 0x90, "DS", "500"),
        (0x18, 0x1020, "LO", "sw 1.0"),
        (0x18, 0x1030, "LO", "1.1 Head"),
        (0x18, 0x1100, "DS", "250"),
        (0x18, 0x1110, "DS", "949.075"),
        (0x18, 0x1111, "DS", "541"),
        (0x18, 0x1120, "DS", "0"),
        (0x18, 0x1130, "DS", "150"),
        (0x18, 0x1140, "CS", "CW"),
        (0x18, 0x1150, "IS", "800"),
        (0x18, 0x1151, "IS", "220"),
        (0x18, 0x1152, "IS", "176"),
        (0x18, 0x1160, "SH", "HEAD FILTER"),
        (0x18, 0x1170, "IS", "26400"),
        (0x18, 0x1190, "DS", "0.7"),
        (0x18, 0x1210, "SH", "STANDARD"),
        (0x18, 0x5100, "CS", "HFS"),
        (0x20, 0x0D, "UI", "1.2.826.0.1.3680043.10.1.7"),
        (0x20, 0x0E, "UI", "1.2.826.0.1.3680043.10.1.7.1"),
        (0x20, 0x10, "SH", "42"),
        (0x20, 0x11, "IS", "3"),
        (0x20, 0x12, "IS", "1"),
        (0x20, 0x13, "IS", &number),
        (0x20, 0x32, "DS", &position),
        (0x20, 0x37, "DS", "1\\0\\0\\0\\0.97\\-0.243105"),
        (0x20, 0x52, "UI", "1.2.826.0.1.3680043.10.1.7.2"),
        (0x20, 0x1040, "LO", "OM"),
    ];
    for &(group, tag, vr, text) in texts {
        element(&mut out, (group, tag), vr, text.as_bytes());
    }
    element(&mut out, (0x28, 2), "US", &1_u16.to_le_bytes());
    element(&mut out, (0x28, 4), "CS", b"MONOCHROME2");
    element(&mut out, (0x28, 0x10), "US", &side_bytes);
    element(&mut out, (0x28, 0x11), "US", &side_bytes);
    element(&mut out, (0x28, 0x30), "DS", b"0.48828125\\0.48828125");
    for (tag, value) in [(0x100, 16_u16), (0x101, 16), (0x102, 15), (0x103, 1)] {
        element(&mut out, (0x28, tag), "US", &value.to_le_bytes());
    }
    for (tag, text) in [(0x1050, "40"), (0x1051, "80"), (0x1052, "-24"), (0x1053, "1"), (0x1054, "HU")] {
        let vr = if tag == 0x1054 { "LO" } else { "DS" };
        element(&mut out, (0x28, tag), vr, text.as_bytes());
    }
    let count = usize::from(side) * usize::from(side);
    let pixels: Vec<u8> =
        (0..count).flat_map(|i| i16::try_from((i * 7 + slice * 13) % 3000).unwrap().to_le_bytes()).collect();
    element(&mut out, (0x7FE0, 0x10), "OW", &pixels);
    out
}
