//! How much memory may images take? A share of what the machine has to give, or what somebody fixed.
//!
//! What is free is the least of what the system calls available, of what the control groups of the process leave
//! (versions 1 and 2, each with all that are around it) and of what its own limits leave (`ulimit -v`, `ulimit -d`).
//! Linux says all of this in `/proc` and `/sys/fs/cgroup`; elsewhere [`Memory::UNKNOWN`] is taken to be free.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

mod machine;

use self::machine::Machine;

/// The environment variable that fixes the memory of images: bytes, or a number with K, M, G or T.
pub const VARIABLE: &str = "ISODENSE_MEMORY";

/// How many bytes of decoded images are held at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Memory {
    /// Half of what is free, counting what the images take already.
    #[default]
    Share,
    /// So many bytes.
    Fixed(usize),
}

impl Memory {
    /// Bytes taken to be free where no system says how many are.
    pub const UNKNOWN: u64 = 4 << 30;
    /// Bytes that images may take however little is free: a screen shows something.
    pub const LEAST: usize = 32 << 20;

    /// Bytes that images may take in all, where they take `held` now.
    pub fn bytes(self, held: usize) -> usize {
        match self {
            Self::Fixed(bytes) => bytes,
            Self::Share => shared(free(), held),
        }
    }

    /// What an environment variable or a setting says, if it says it in a way that can be read.
    pub fn of_words(words: Option<&str>) -> Option<Self> {
        words?.parse().ok()
    }

    /// What [`VARIABLE`] says: the machine's share where it is not set.
    ///
    /// The error quotes what makes no sense.
    pub fn of_environment() -> Result<Option<Self>, String> {
        match std::env::var(VARIABLE) {
            Ok(words) if !words.trim().is_empty() => {
                words.parse().map(Some).map_err(|why| format!("{VARIABLE}: {why}"))
            }
            Ok(_) | Err(_) => Ok(None),
        }
    }
}

impl From<usize> for Memory {
    fn from(bytes: usize) -> Self {
        Self::Fixed(bytes)
    }
}

/// `800M`, `1.5G`, `2 GiB`, a number of bytes, or `auto` for a share of what is free.
impl FromStr for Memory {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let words = words.trim();
        if words.eq_ignore_ascii_case("auto") {
            return Ok(Self::Share);
        }
        let wrong = || format!("`{words}` is no amount of memory: write 800M, 2G or auto");
        let digits = words.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(words.len());
        let (number, unit) = words.split_at(digits);
        let unit = unit.trim().to_ascii_lowercase();
        let unit = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(&unit);
        let shift = match unit {
            "" => 0,
            "k" => 10,
            "m" => 20,
            "g" => 30,
            "t" => 40,
            _ => return Err(wrong()),
        };
        let number: f64 = number.parse().map_err(|_no_number| wrong())?;
        let bytes = number * f64::from(shift).exp2();
        let least = Self::Fixed(1 << 20);
        if bytes < f64::from(1 << 20) {
            return Err(format!("`{words}` is less than {least}: no image would fit"));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
        let bytes = bytes as usize;
        Ok(Self::Fixed(bytes))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share => f.write_str("auto"),
            Self::Fixed(bytes) => f.write_str(&amount(*bytes as u64)),
        }
    }
}

/// Bytes in words: `512 MiB`, `5.0 GiB`.
pub fn amount(bytes: u64) -> String {
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    if mebibytes < 1000.0 {
        format!("{} MiB", crate::numbers::decimal(mebibytes, usize::from(mebibytes < 10.0)))
    } else {
        format!("{} GiB", crate::numbers::decimal(mebibytes / 1024.0, 1))
    }
}

/// Half of what is free with what is held, which would be free without it.
fn shared(free: u64, held: usize) -> usize {
    let all = usize::try_from(free).unwrap_or(usize::MAX).saturating_add(held);
    (all / 2).max(Memory::LEAST)
}

/// Bytes that this process may still take.
pub fn free() -> u64 {
    Machine { root: Path::new("/") }.free().unwrap_or(Memory::UNKNOWN)
}

/// Why images that are needed together are not read: they would take more than they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it needs {} of images at once, and they may take {}: show fewer or thinner slices, or give it more with --memory \
     or {VARIABLE}",
    amount(*.needed as u64),
    amount(*.most as u64)
)]
pub struct TooMuch {
    /// Bytes of all images that are needed together.
    pub needed: usize,
    /// Bytes that images may take.
    pub most: usize,
}

impl TooMuch {
    /// An error where so many bytes are more than the most.
    pub fn check(needed: usize, most: usize) -> Result<(), Self> {
        if needed > most { Err(Self { needed, most }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let read = |words: &str| words.parse::<Memory>();
        assert_eq!(read("800M"), Ok(Memory::Fixed(838_860_800)));
        assert_eq!(read("1.5 GiB"), Ok(Memory::Fixed(1_610_612_736)));
        assert_eq!(read("2g"), Ok(Memory::Fixed(2_147_483_648)));
        assert_eq!(read(" 1048576 "), Ok(Memory::Fixed(1_048_576)));
        assert_eq!(read("AUTO"), Ok(Memory::Share));
        for wrong in ["", "much", "5X", "-1G", "1.2.3G", "G", "10K", "0"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_share_is_half_of_what_is_free_without_the_images() {
        assert_eq!(shared(600 << 20, 400 << 20), 500 << 20);
        assert_eq!(shared(0, 0), 32 << 20, "something is shown even then");
        assert_eq!(Memory::Fixed(7_000_000).bytes(9_000_000), 7_000_000);
        assert!(Memory::Share.bytes(0) >= 32 << 20);
    }

    #[test]
    fn what_does_not_fit_says_how_much_and_what_to_do() {
        assert_eq!(TooMuch::check(5, 5), Ok(()));
        let words = TooMuch::check(5_242_880_000, 512 << 20).unwrap_err().to_string();
        assert_eq!(
            words,
            "it needs 4.9 GiB of images at once, and they may take 512 MiB: show fewer or thinner slices, or give it \
             more with --memory or ISODENSE_MEMORY"
        );
    }
}
