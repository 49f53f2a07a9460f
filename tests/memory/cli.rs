//! What commands do where there is little memory: of a program of its own, whose address space is limited.

use std::path::Path;
use std::process::{Command, Output};

use super::stack::{self, uid};

fn isodense(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isodense"))
        .args(arguments)
        .env_remove("ISODENSE_MEMORY")
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

#[test]
fn a_plane_that_does_not_fit_is_refused_by_name_and_one_that_does_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    stack::write(folder.path(), "long", 75);
    let out = tempfile::tempdir().unwrap();
    let (path, uid) = (folder.path().to_str().unwrap(), uid("long"));
    let render = |memory: &str, plane: &[&str], name: &str| {
        let file = out.path().join(name);
        let mut arguments = vec!["render", path, "--series", &uid, "--memory", memory, "-o"];
        arguments.push(file.to_str().unwrap());
        arguments.extend(plane);
        let output = isodense(&arguments);
        (output.status.code(), words(&output), file)
    };
    // 75 slices of 21,120 bytes are 1.5 MiB.
    let oblique = "0,20,100;0.6,0.8,0;0,0,-1";
    let (code, said, file) = render("1M", &["--plane", oblique], "oblique.png");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("needs 1.5 MiB") && said.contains("--memory"), "{said}");
    assert!(!file.exists());
    for (memory, plane) in [("1M", "axial"), ("2M", oblique), ("auto", "coronal")] {
        let (code, said, file) = render(memory, &["--plane", plane], &format!("{memory}.png"));
        assert_eq!(code, Some(0), "{plane}: {said}");
        assert!(file.exists());
    }
}

#[test]
fn memory_that_makes_no_sense_is_misuse() {
    for amount in ["much", "10K", "-5"] {
        let output = isodense(&["inspect", "nowhere", &format!("--memory={amount}")]);
        assert_eq!(output.status.code(), Some(2), "{amount}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_isodense"))
        .args(["inspect", "nowhere", "--json"])
        .env("ISODENSE_MEMORY", "plenty")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = words(&output);
    assert!(said.contains("ISODENSE_MEMORY") && said.contains("plenty"), "{said}");
    assert!(words(&isodense(&["--help"])).contains("--memory"));
}

/// 180 slices of 4 MiB, which take no room on the disk: their samples are a hole in the file.
#[cfg(target_os = "linux")]
fn write_large(folder: &Path) {
    stack::write(folder, "large", 180);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let set = |bytes: &mut Vec<u8>, tag: [u8; 4], value: &[u8]| {
            let at = bytes.windows(4).rposition(|part| part == tag).unwrap() + 8;
            bytes.splice(at..at + value.len(), value.iter().copied());
            at
        };
        // Rows and columns.
        set(&mut bytes, [0x28, 0, 0x10, 0], &2048_u16.to_le_bytes());
        set(&mut bytes, [0x28, 0, 0x11, 0], &1024_u16.to_le_bytes());
        let pixels = bytes.windows(4).rposition(|part| part == [0xe0, 0x7f, 0x10, 0]).unwrap();
        bytes.splice(pixels + 8..pixels + 12, (4_u32 << 20).to_le_bytes());
        std::fs::remove_file(&path).unwrap();
        isodense::dicom::write::write_bytes(&path, &bytes).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(pixels as u64 + 12 + (4 << 20)).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn commands_live_within_their_address_space() {
    let folder = tempfile::tempdir().unwrap();
    write_large(folder.path());
    let out = tempfile::tempdir().unwrap();
    let (path, uid) = (folder.path().to_str().unwrap(), uid("large"));
    // 512 MiB for all: program, threads, headers. The series alone takes 720.
    let limited = |arguments: &str| {
        let program = env!("CARGO_BIN_EXE_isodense");
        let line = format!("ulimit -v 524288; exec '{program}' {arguments}");
        let output = Command::new("sh")
            .args(["-c", &line])
            .env_remove("ISODENSE_MEMORY")
            .env("RAYON_NUM_THREADS", "2")
            .current_dir(out.path())
            .output()
            .unwrap();
        (output.status.code(), words(&output))
    };
    let lines = [
        format!("montage '{path}' --series {uid} --from 88 --to 91 --dpi 150 -o montage.pdf"),
        format!("cine '{path}' --series {uid} --from 1 --to 6 --width-px 64 -o film.gif"),
        format!("render '{path}' --series {uid} --plane axial -o axial.png"),
        format!("render '{path}' --series {uid} --slice 90 -o slice.png"),
        format!("probe '{path}' --series {uid} --at 2,20,100"),
    ];
    for line in lines {
        let (code, said) = limited(&line);
        assert_eq!(code, Some(0), "{line}: {said}");
    }
    // What cannot be is said, and the program does not abort.
    let (code, said) = limited(&format!("montage '{path}' --series {uid} --from 88 --to 91 -o no.pdf"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("MB of memory") && said.contains("at most"), "{said}");
    let (code, said) =
        limited(&format!("montage '{path}' --series {uid} --plane coronal --from 1 --to 2 -o no.pdf"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("--memory"), "{said}");
}
