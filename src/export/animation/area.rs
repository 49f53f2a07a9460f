use crate::render::Picture;

/// A rectangle of pixels inside a picture, at least one pixel large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    /// The first column.
    pub(super) left: usize,
    /// The first row.
    pub(super) top: usize,
    /// Columns.
    pub(super) width: usize,
    /// Rows.
    pub(super) height: usize,
}

impl Area {
    /// All of a picture.
    pub(super) fn whole(picture: &Picture) -> Self {
        let (width, height) = (picture.size.width as usize, picture.size.height as usize);
        Self { left: 0, top: 0, width, height }
    }

    /// The smallest area that has every difference between two pictures of one size.
    ///
    /// One pixel when there is none: neither format knows an empty frame.
    pub(super) fn changed(before: &Picture, after: &Picture) -> Self {
        let width = (after.size.width as usize).max(1);
        let mut rows = None;
        let (mut left, mut right) = (width, 0);
        for (row, (old, new)) in before.pixels.chunks(width).zip(after.pixels.chunks(width)).enumerate() {
            if old == new {
                continue;
            }
            let differs = |column: &usize| old[*column] != new[*column];
            let (first, last) = ((0..width).find(differs), (0..width).rev().find(differs));
            left = left.min(first.unwrap_or(left));
            right = right.max(last.unwrap_or(right));
            rows = Some((rows.map_or(row, |(top, _)| top), row));
        }
        match rows {
            Some((top, bottom)) => Self { left, top, width: right - left + 1, height: bottom - top + 1 },
            None => Self { left: 0, top: 0, width: 1, height: 1 },
        }
    }

    /// The pixels of a picture inside the area, row by row.
    pub(super) fn pixels(self, picture: &Picture) -> impl Iterator<Item = [u8; 4]> + Clone {
        let rows = picture.pixels.chunks((picture.size.width as usize).max(1));
        rows.skip(self.top)
            .take(self.height)
            .flat_map(move |row| row.iter().skip(self.left).take(self.width).copied())
    }
}
