//! What other people's programs read in the files, where they are installed.

use std::path::Path;
use std::process::Command;

use crate::common::skipped;
use crate::{DEFLATED, EXPLICIT, IMPLICIT, RLE, fragments, native, object, written};

/// Reads strictly, and prints what the object is made of.
const PYDICOM: &str = r#"
import sys, warnings
warnings.simplefilter("error")
import pydicom
pydicom.config.settings.reading_validation_mode = pydicom.config.RAISE
a = pydicom.dcmread(sys.argv[1])
a.walk(lambda data_set, element: element.value)
text = a.ContentSequence[0]
print(a.file_meta.TransferSyntaxUID, a.file_meta.MediaStorageSOPInstanceUID, a.SOPClassUID, sep="|")
print(a.PatientName, len(a.ContentSequence), text.TextValue, sep="|")
print(text.ConceptNameCodeSequence[0].CodeMeaning, text["NumericValue"].value[0].original_string, sep="|")
block = a.private_block(0x09, "ISODENSE")
print(*(block[1].value if block[1].VR == "FD" else block[1].value.hex(" ").split()), block[2].value.hex(), sep="|")
print(a.PixelData.hex())
"#;

/// What a program prints; `None`, and a line that says so, where it is missing.
fn run(program: &str, args: &[&str], path: &Path, probe: &[&str]) -> Option<String> {
    let there = Command::new(program).args(probe).output();
    if !there.is_ok_and(|output| output.status.success()) {
        skipped(&format!("{program} {} does not work here", probe.join(" ")));
        return None;
    }
    let output = Command::new(program).args(args).arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{program}: {said}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn pydicom_reads_what_is_written() {
    for syntax in [EXPLICIT, IMPLICIT, DEFLATED, RLE] {
        let (_folder, path) = written(&object(if syntax == RLE { fragments() } else { native() }), syntax);
        let Some(read) = run("python3", &["-c", PYDICOM], &path, &["-c", "import pydicom"]) else { return };
        // Without a VR nobody knows what a private value is.
        let private =
            if syntax == IMPLICIT { "9a|99|99|99|99|99|b9|3f|00|00|00|00|00|00|04|c0" } else { "0.1|-2.5" };
        let pixels = if syntax == RLE {
            "feff00e008000000000000000c000000feff00e00400000001020304feff00e0020000000506"
        } else {
            "07000800"
        };
        let lines = format!(
            "{syntax}|1.2.3|1.2.840.10008.5.1.4.1.1.88.33\nMüller^Änne|2|größer, 病変\nBefunde|1.50\n\
             {private}|01020300\n{pixels}\n"
        );
        assert_eq!(read, lines);
    }
}

#[test]
fn dcmdump_reads_what_is_written() {
    for syntax in [EXPLICIT, IMPLICIT, DEFLATED, RLE] {
        let (_folder, path) = written(&object(if syntax == RLE { fragments() } else { native() }), syntax);
        let Some(read) = run("dcmdump", &["-Un", "+L"], &path, &["--version"]) else { return };
        for line in [
            "(0002,0003) UI [1.2.3]",
            "(0008,0016) UI [1.2.840.10008.5.1.4.1.1.88.33]",
            "(0010,0010) PN [Müller^Änne]",
            "(0040,a160) UT [größer, 病変]",
            "(0040,a30a) DS [1.50\\2]",
            "(0008,0104) LO [Befunde]",
        ] {
            assert!(read.contains(line), "{syntax}: no {line} in\n{read}");
        }
        let pixels = if syntax == RLE { "pi 05\\06 " } else { "(7fe0,0010) OW 0007\\0008 " };
        assert!(read.contains(pixels), "{syntax}: {read}");
    }
}
