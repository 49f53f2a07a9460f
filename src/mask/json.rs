//! A mask in a file, which may be anybody's.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Mask;
use super::runs::{Run, SliceRuns};
use super::voxels::MOST;

/// What is written: size, and the slices that are not empty.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Columns, rows, slices.
    size: [usize; 3],
    slices: Vec<WrittenSlice>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSlice {
    slice: usize,
    /// Pixels skipped in row-major order since the last run, pixels that follow in one row; and so on. As one text: a
    /// number a line would make a file of many megabytes.
    runs: String,
}

#[derive(Debug, PartialEq, thiserror::Error)]
enum Wrong {
    #[error("a mask of {0:?} voxels: each side is 1 to 65535")]
    Size([usize; 3]),
    #[error("slice {0} of a mask is not among its slices or not after the one before")]
    Slice(usize),
    #[error("the runs of slice {0} of a mask are not numbers")]
    Number(usize),
    #[error("slice {0} of a mask has no runs or half a run")]
    Halves(usize),
    #[error("run {run} of slice {slice} of a mask {what}")]
    Run { slice: usize, run: usize, what: &'static str },
}

impl Serialize for Mask {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let size = self.size();
        let slices = self.filled_slices().map(|slice| {
            let mut end = 0;
            let runs = self.slice_runs(slice).flat_map(|run| {
                let start = run.row * size[0] + run.first;
                let skipped = start - end;
                end = start + run.count();
                [skipped, run.count()]
            });
            let runs: Vec<String> = runs.map(|number| number.to_string()).collect();
            WrittenSlice { slice, runs: runs.join(" ") }
        });
        Written { size, slices: slices.collect() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Mask {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(&Written::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn read(written: &Written) -> Result<Mask, Wrong> {
    let size = written.size;
    if size.iter().any(|side| *side == 0 || *side > MOST) {
        return Err(Wrong::Size(size));
    }
    let mut mask = Mask::empty(size);
    let mut next = 0;
    for WrittenSlice { slice, runs } in &written.slices {
        if *slice < next || *slice >= size[2] {
            return Err(Wrong::Slice(*slice));
        }
        next = slice + 1;
        let numbers: Option<Vec<usize>> =
            runs.split_ascii_whitespace().map(|text| text.parse().ok()).collect();
        let numbers = numbers.ok_or(Wrong::Number(*slice))?;
        mask.put(*slice, read_slice(*slice, &numbers, [size[0], size[1]])?);
    }
    Ok(mask)
}

fn read_slice(slice: usize, numbers: &[usize], [columns, rows]: [usize; 2]) -> Result<SliceRuns, Wrong> {
    if numbers.is_empty() || !numbers.len().is_multiple_of(2) {
        return Err(Wrong::Halves(slice));
    }
    let mut end = 0_usize;
    let mut runs = Vec::with_capacity(numbers.len() / 2);
    for (run, pair) in numbers.chunks_exact(2).enumerate() {
        let wrong = |what| Wrong::Run { slice, run, what };
        let [skipped, count] = [pair[0], pair[1]];
        let start = end.checked_add(skipped).filter(|start| *start < columns * rows);
        let start = start.ok_or_else(|| wrong("begins outside of the slice"))?;
        let (row, first) = (start / columns, start % columns);
        if count == 0 {
            return Err(wrong("has no pixel"));
        }
        if count > columns - first {
            return Err(wrong("does not end in its row"));
        }
        if run > 0 && skipped == 0 && first != 0 {
            return Err(wrong("goes on where the last one ended"));
        }
        end = start + count;
        runs.push(Run { row, first, last: first + count - 1 });
    }
    Ok(SliceRuns::new(runs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mask_is_written_as_skips_and_lengths() {
        let mask = Mask::from_fn([5, 4, 3], |column, row, slice| {
            slice == 1 && ((row == 0 && column > 2) || (row == 1 && column < 2) || (row == 3 && column == 1))
        });
        let text = serde_json::to_string(&mask).unwrap();
        assert_eq!(text, r#"{"size":[5,4,3],"slices":[{"slice":1,"runs":"3 2 0 2 9 1"}]}"#);
        assert_eq!(serde_json::from_str::<Mask>(&text).unwrap(), mask);
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let cases = [
            (r#"{"size":[5,4,0],"slices":[]}"#, "each side is 1 to 65535"),
            (r#"{"size":[5,65536,1],"slices":[]}"#, "each side is 1 to 65535"),
            (r#"{"size":[18446744073709551615,4,3],"slices":[]}"#, "each side is 1 to 65535"),
            (r#"{"size":[5,4],"slices":[]}"#, "invalid length 2"),
            (r#"{"size":[5,4,3],"slices":[{"slice":3,"runs":"0 1"}]}"#, "slice 3"),
            (r#"{"size":[5,4,3],"slices":[{"slice":1,"runs":"0 1"},{"slice":1,"runs":"0 1"}]}"#, "slice 1"),
            (r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":""}]}"#, "no runs"),
            (r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"1 2 3"}]}"#, "half a run"),
            (r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"20 1"}]}"#, "begins outside"),
            (
                r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"2 1 18446744073709551615 1"}]}"#,
                "begins outside",
            ),
            (r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"3 3"}]}"#, "end in its row"),
            (r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"0 18446744073709551615"}]}"#, "end in its row"),
            (r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"0 0"}]}"#, "no pixel"),
            (
                r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"0 1 0 1"}]}"#,
                "run 1 of slice 0 of a mask goes on",
            ),
            (r#"{"size":[5,4,3],"slices":[{"slice":0,"runs":"-1 1"}]}"#, "not numbers"),
            (r#"{"size":[5,4,3],"slices":[],"more":1}"#, "unknown field"),
        ];
        for (text, why) in cases {
            let error = serde_json::from_str::<Mask>(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bits in proptest::collection::vec(any::<bool>(), 7 * 5 * 4)) {
            let mask = Mask::from_fn([7, 5, 4], |column, row, slice| bits[(slice * 5 + row) * 7 + column]);
            let text = serde_json::to_string(&mask).unwrap();
            prop_assert_eq!(serde_json::from_str::<Mask>(&text).unwrap(), mask);
        }

        #[test]
        fn no_numbers_make_it_panic(runs in proptest::collection::vec(0_usize..9, 0..12)) {
            let text = serde_json::json!({"size": [5, 4, 3], "slices": [{"slice": 2, "runs": runs}]}).to_string();
            if let Ok(mask) = serde_json::from_str::<Mask>(&text) {
                prop_assert_eq!(serde_json::to_string(&mask).unwrap(), text);
            }
        }
    }
}
