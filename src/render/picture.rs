use crate::view::ViewportSize;

/// A rendered image: opaque RGBA, 8 bits each, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Columns and rows.
    pub size: ViewportSize,
    /// `size.width * size.height` pixels as red, green, blue and an alpha of 255.
    pub pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// What is outside every image.
    pub const BLACK: [u8; 4] = [0, 0, 0, 255];

    /// A black picture.
    pub fn new(size: ViewportSize) -> Self {
        Self { size, pixels: vec![Self::BLACK; size.width as usize * size.height as usize] }
    }

    /// Makes it that size, black where it grew; keeps the memory it has.
    pub fn resize(&mut self, size: ViewportSize) {
        self.size = size;
        self.pixels.resize(size.width as usize * size.height as usize, Self::BLACK);
    }

    /// The pixel at a column and row; `None` outside.
    pub fn pixel(&self, column: u32, row: u32) -> Option<[u8; 4]> {
        let inside = column < self.size.width && row < self.size.height;
        let index = row as usize * self.size.width as usize + column as usize;
        inside.then(|| self.pixels.get(index).copied()).flatten()
    }

    /// Lays another picture over it, its corner at a column and row; what hangs over the edge is cut off.
    pub fn put(&mut self, other: &Self, left: u32, top: u32) {
        let (width, own) = (other.size.width as usize, self.size.width as usize);
        let (left, top) = (left as usize, top as usize);
        let fits = width.min(own.saturating_sub(left));
        if fits == 0 {
            return;
        }
        let rows = self.pixels.chunks_exact_mut(own).skip(top);
        for (to, from) in rows.zip(other.pixels.chunks_exact(width)) {
            to[left..left + fits].copy_from_slice(&from[..fits]);
        }
    }

    /// Whether no pixel has a colour.
    pub fn is_grey(&self) -> bool {
        self.pixels.iter().all(|[r, g, b, _]| r == g && g == b)
    }
}
