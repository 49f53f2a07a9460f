use super::*;

/// An explicit little endian element.
fn element(group: u16, number: u16, vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let mut bytes = [group.to_le_bytes(), number.to_le_bytes()].concat();
    bytes.extend(vr);
    if super::super::heads::has_long_length(vr) {
        bytes.extend([0, 0]);
        bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    } else {
        bytes.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
    }
    bytes.extend(value);
    bytes
}

fn item(value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xFE, 0xFF, 0x00, 0xE0];
    bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    bytes.extend(value);
    bytes
}

fn file(elements: &[Vec<u8>]) -> Vec<u8> {
    let syntax = element(2, 0x10, *b"UI", b"1.2.840.10008.1.2.1\0");
    [vec![0; 128], b"DICM".to_vec(), syntax, elements.concat()].concat()
}

fn list(bytes: Vec<u8>) -> ElementList {
    read(Stream::of(bytes)).unwrap()
}

fn lines(list: &ElementList, hidden: bool) -> Vec<String> {
    list.rows.iter().map(|row| row.line(hidden)).collect()
}

#[test]
fn nested_private_and_pixel_elements_are_listed() {
    let inner = [element(8, 5, *b"CS", b"ISO_IR 192"), element(0x10, 0x10, *b"PN", "Müller^A".as_bytes())];
    let bytes = file(&[
        element(8, 5, *b"CS", b"ISO_IR 100"),
        element(0x10, 0x10, *b"PN", b"J\xe9r\xf4me"),
        element(0x18, 0x9087, *b"FD", &1000.0_f64.to_le_bytes()),
        element(0x29, 0x10, *b"LO", b"SIEMENS CSA HEADER"),
        element(0x29, 0x1010, *b"OB", &[7; 300]),
        element(0x40, 0x275, *b"SQ", &item(&inner.concat())),
        element(0x7FE0, 0x10, *b"OW", &[1, 0].repeat(700_000)),
        element(0xFFFC, 0xFFFC, *b"OB", &[0; 4]),
    ]);
    let list = list(bytes);
    assert_eq!(list.notes, [""; 0]);
    let expected = [
        "(0002,0010) UI Transfer Syntax UID 1.2.840.10008.1.2.1",
        "(0008,0005) CS Specific Character Set ISO_IR 100",
        "(0010,0010) PN Patient Name Jérôme",
        "(0018,9087) FD Diffusion B Value 1000",
        "(0029,0010) LO Private creator SIEMENS CSA HEADER",
        "(0029,1010) OB Private: SIEMENS CSA HEADER 300 bytes: 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 …",
        "(0040,0275) SQ Request Attributes Sequence",
        "  (FFFE,E000) Item 1",
        "    (0008,0005) CS Specific Character Set ISO_IR 192",
        "    (0010,0010) PN Patient Name Müller^A",
        "(7FE0,0010) OW Pixel Data 1,400,000 bytes: 1\\1\\1\\1\\1\\1\\1\\1\\…",
        "(FFFC,FFFC) OB Data Set Trailing Padding 4 bytes: 00 00 00 00",
    ];
    assert_eq!(lines(&list, false), expected);
    assert_eq!((list.rows[6].below, list.rows[7].below, list.rows[11].below), (3, 2, 0));
    assert_eq!((list.rows[1].offset, list.rows[1].length), (132 + 28, Some(10)));
    // Hidden: names, private values, everything inside a sequence that names who asked.
    let hidden = lines(&list, true);
    assert_eq!(hidden[2], "(0010,0010) PN Patient Name hidden");
    assert_eq!(hidden[5], "(0029,1010) OB Private: SIEMENS CSA HEADER hidden");
    assert_eq!(hidden[8], "    (0008,0005) CS Specific Character Set hidden");
    assert_eq!((&hidden[3], &hidden[10]), (&lines(&list, false)[3], &lines(&list, false)[10]));
    assert!(!format!("{list:?}").contains("Müller"), "a debug dump holds no patient data");
}

#[test]
fn what_is_searched_is_found_and_what_is_hidden_is_not() {
    let list = list(file(&[
        element(8, 0x60, *b"CS", b"MR"),
        element(0x10, 0x10, *b"PN", b"Doe^Jane"),
        element(0x18, 0x9087, *b"FD", &1000.0_f64.to_le_bytes()),
    ]));
    let found = |text: &str, hidden: bool| -> Vec<&str> {
        let query = ElementQuery::new(text);
        list.rows.iter().filter(|row| query.matches(row, hidden)).map(|row| row.keyword).collect()
    };
    for text in ["0018,9087", "00189087", "(0018,9087)", "diffusionb", "Diffusion B value", "b value", "9087"]
    {
        assert_eq!(found(text, true), ["DiffusionBValue"], "{text}");
    }
    assert_eq!(found("1000", true), ["TransferSyntaxUID", "DiffusionBValue"]);
    assert_eq!(found("jane", false), ["PatientName"]);
    assert_eq!(found("jane", true), [""; 0]);
    assert_eq!(found("patient", true), ["PatientName"]);
    assert_eq!(found("mr", true), ["Modality"]);
    assert_eq!(found("PN", true), ["PatientName"]);
    assert_eq!(found("  ", true).len(), 4);
}

#[test]
fn implicit_big_endian_and_bare_data_sets_are_read() {
    // Implicit little endian without a preamble: the VR is the dictionary's.
    let implicit = |group: u16, number: u16, value: &[u8]| {
        let length = u32::try_from(value.len()).unwrap().to_le_bytes();
        [&group.to_le_bytes()[..], &number.to_le_bytes(), &length, value].concat()
    };
    let bare =
        [implicit(8, 0x60, b"CT"), implicit(0x28, 0x103, &[1, 0]), implicit(0x28, 0x120, &[0xFF, 0xFF])];
    let list = list(bare.concat());
    let expected = [
        "(0008,0060) CS Modality CT",
        "(0028,0103) US Pixel Representation 1",
        "(0028,0120) SS Pixel Padding Value -1",
    ];
    assert_eq!(lines(&list, true), expected);
    assert!(list.rows.iter().all(|row| !row.vr_in_file()) && list.notes.len() == 1);
}

#[test]
fn fragments_and_unknown_sequences_are_opened() {
    let mut pixels = element(0x7FE0, 0x10, *b"OB", &[]);
    let end = pixels.len();
    pixels[end - 4..].copy_from_slice(&[0xFF; 4]);
    pixels.extend([item(&[]), item(&[9; 20]), vec![0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]].concat());
    let inside = [&[8, 0, 0x60, 0][..], &2_u32.to_le_bytes(), b"MR"].concat();
    let unknown = element(0x2005, 0x140F, *b"UN", &item(&inside));
    let list = list(file(&[unknown, pixels]));
    let names: Vec<String> = list.rows.iter().skip(1).map(|row| row.name().into_owned()).collect();
    let expected =
        ["Private, of no creator", "Item 1", "Modality", "Pixel Data", "Offset table", "Fragment 1"];
    assert_eq!(names, expected);
    assert!(list.rows[6].value(true).starts_with("20 bytes: 09"), "{}", list.rows[6].value(true));
    assert_eq!(list.notes, [""; 0]);
}

#[test]
fn a_broken_item_costs_its_sequence_and_no_more() {
    let broken = item(&[1, 2, 3, 4, 5]);
    let list = list(file(&[
        element(8, 0x1140, *b"SQ", &broken),
        element(8, 0x60, *b"CS", b"MR"),
        element(0x10, 0x20, *b"LO", b"X"),
        vec![0x10, 0, 0x30, 0, b'D', b'A', 0x50, 0, b'1'],
    ]));
    let names: Vec<_> = list.rows.iter().map(|row| row.keyword).collect();
    assert_eq!(names[1..], ["ReferencedImageSequence", "", "Modality", "PatientID", "PatientBirthDate"]);
    assert!(list.rows[5].value(false).ends_with("ends 79 bytes early)"), "{}", list.rows[5].value(false));
    assert!(list.notes.len() >= 2, "{:?}", list.notes);
}

#[test]
fn attacks_end_early() {
    // Sequences in sequences, 100,000 deep.
    let nest: Vec<u8> = [
        vec![8, 0, 0x40, 0x11, b'S', b'Q', 0, 0, 255, 255, 255, 255],
        vec![0xFE, 0xFF, 0, 0xE0, 255, 255, 255, 255],
    ]
    .concat()
    .repeat(100_000);
    let deep = list(file(&[nest]));
    assert!(
        deep.rows.len() < 100 && deep.notes.iter().any(|note| note.contains("deeper")),
        "{:?}",
        deep.notes
    );
    // A million empty elements, and values that add up.
    let many = list(file(&[element(8, 0x60, *b"CS", b"").repeat(1_000_000)]));
    assert_eq!(many.rows.len(), walk::MOST_ROWS);
    assert!(many.notes[0].contains("as many rows"));
    let wide = list(file(&[element(8, 0x81, *b"UT", &b"x".repeat(70_000)).repeat(600)]));
    let kept: usize = wide.rows.iter().map(|row| row.value(false).len()).sum();
    assert!(kept < 34 << 20, "{kept}");
    assert_eq!(wide.rows.len(), 601);
    // A length that no file has.
    let mut long = element(0x7FE0, 0x10, *b"OW", &[]);
    let end = long.len();
    long[end - 4..].copy_from_slice(&0xFFFF_FFF0_u32.to_le_bytes());
    assert!(list(file(&[long])).rows[1].value(true).contains("early"));
    // One value's bytes after another, cut and changed: it never panics.
    let good = file(&[element(0x40, 0x275, *b"SQ", &item(&element(8, 0x60, *b"CS", b"MR")))]);
    for cut in 0..good.len() {
        let _read = read(Stream::of(good[..cut].to_vec()));
        for value in [0, 0xFF, b'U'] {
            let mut changed = good.clone();
            changed[cut] = value;
            let _read = read(Stream::of(changed));
        }
    }
}

#[test]
fn a_deflated_bomb_is_cut() {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&element(8, 0x60, *b"CS", b"MR")).unwrap();
    let mut pixels = element(0x7FE0, 0x10, *b"OW", &[]);
    let end = pixels.len();
    pixels[end - 4..].copy_from_slice(&0x7FFF_FFF0_u32.to_le_bytes());
    encoder.write_all(&pixels).unwrap();
    for _ in 0..300 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let syntax = element(2, 0x10, *b"UI", b"1.2.840.10008.1.2.1.99");
    let bytes = [vec![0; 128], b"DICM".to_vec(), syntax, encoder.finish().unwrap()].concat();
    let list = list(bytes);
    assert_eq!(list.rows[1].value(true), "MR");
    assert!(list.rows[2].value(true).contains("early"), "{}", list.rows[2].value(true));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_nobody_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let (sender, receiver) = crossbeam_channel::bounded(1);
    let reading = std::thread::Builder::new().spawn(move || sender.send(read_elements(&path)));
    let answer = receiver.recv_timeout(std::time::Duration::from_secs(20));
    assert!(matches!(answer, Ok(Err(DicomError::NotDicom("not a regular file")))), "{answer:?}");
    reading.unwrap().join().unwrap().unwrap();
}
