//! RLE Lossless of 16-bit grey frames (PS3.5 annex G).

/// One frame of little endian samples, row by row: header of 16 numbers, then the high bytes and the low bytes as one segment each.
pub(super) fn encode_frame(samples: &[u8], columns: usize) -> Vec<u8> {
    let segments = [1, 0].map(|offset| {
        let plane: Vec<u8> = samples.iter().skip(offset).step_by(2).copied().collect();
        let mut packed = Vec::new();
        for row in plane.chunks(columns.max(1)) {
            pack_bits(&mut packed, row);
        }
        if packed.len() % 2 == 1 {
            packed.push(0);
        }
        packed
    });
    let mut header = [0_u32; 16];
    header[0] = 2;
    header[1] = 64;
    header[2] = 64 + u32::try_from(segments[0].len()).unwrap_or(0);
    let mut out: Vec<u8> = header.iter().flat_map(|n| n.to_le_bytes()).collect();
    for segment in &segments {
        out.extend_from_slice(segment);
    }
    out
}

/// Replicate runs of three or more, literal runs for the rest, at most 128 bytes each.
fn pack_bits(out: &mut Vec<u8>, row: &[u8]) {
    let mut at = 0;
    while at < row.len() {
        let run = run_length(&row[at..]);
        if run >= 3 {
            out.push(count_byte(257 - run));
            out.push(row[at]);
            at += run;
        } else {
            let mut end = at + run;
            while end < row.len() && end - at < 128 && run_length(&row[end..]) < 3 {
                end += 1;
            }
            let end = end.min(at + 128);
            out.push(count_byte(end - at - 1));
            out.extend_from_slice(&row[at..end]);
            at = end;
        }
    }
}

fn count_byte(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(0)
}

fn run_length(bytes: &[u8]) -> usize {
    bytes.first().map_or(0, |first| bytes.iter().take(128).take_while(|byte| *byte == first).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decoder of PS3.5 G.3.2.
    fn unpack(mut packed: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        while let [count, rest @ ..] = packed {
            let count = usize::from(*count);
            if count < 128 {
                out.extend_from_slice(&rest[..=count]);
                packed = &rest[count + 1..];
            } else {
                out.extend(std::iter::repeat_n(rest[0], 257 - count));
                packed = &rest[1..];
            }
        }
        out
    }

    #[test]
    fn packed_rows_unpack() {
        let mut row: Vec<u8> = (0..=255).collect();
        row.extend([7; 300]);
        row.extend([1, 1, 2, 2, 3, 9]);
        let mut packed = Vec::new();
        pack_bits(&mut packed, &row);
        assert_eq!(unpack(&packed), row);
        assert!(packed.len() < 280, "{}", packed.len());
    }
}
