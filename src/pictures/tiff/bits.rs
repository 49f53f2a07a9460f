//! Samples of any depth out of rows of bytes.

/// Unpacks a row, or as much of it as fits into `out`: the highest bit first, whatever the order of bytes.
pub(super) fn unpack(row: &[u8], bits: u32, out: &mut [u16]) {
    let (mut held, mut count) = (0u32, 0);
    let mut bytes = row.iter();
    for sample in out {
        while count < bits {
            held = held << 8 | u32::from(bytes.next().copied().unwrap_or(0));
            count += 8;
        }
        count -= bits;
        *sample = u16::try_from(held >> count & ((1 << bits) - 1)).unwrap_or(0);
    }
}

/// Undoes differences: each sample is added to the same one of the pixel before.
pub(super) fn undo_differences(row: &mut [u16], samples: usize, bits: u32) {
    let mask = u16::try_from((1u32 << bits) - 1).unwrap_or(u16::MAX);
    for at in samples..row.len() {
        row[at] = row[at].wrapping_add(row[at - samples]) & mask;
    }
}
