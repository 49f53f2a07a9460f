//! Reads the primaries and curves of an ICC profile (ICC.1:2022).

/// Values of a curve's table at most.
const LONGEST_TABLE: usize = 65_536;

/// A profile that whole numbers can apply.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Profile {
    Rgb {
        /// Of red, green and blue: X, Y and Z in the light of D50.
        primaries: [[f64; 3]; 3],
        curves: [Curve; 3],
    },
    Grey(Curve),
}

/// From a sample to light, both of 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Curve {
    /// Table 65 of the standard: which function, and its values g, a, b, c, d, e, f.
    Parametric(u16, [f64; 7]),
    Table(Vec<u16>),
}

impl Curve {
    pub(super) fn gamma(gamma: f64) -> Self {
        Self::Parametric(0, [gamma, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    }

    pub(super) fn srgb() -> Self {
        Self::Parametric(3, [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045, 0.0, 0.0])
    }

    /// The light of a sample; 0 where the profile makes no sense.
    pub(super) fn at(&self, x: f64) -> f64 {
        let light = match self {
            Self::Table(table) => {
                let last = table.len().saturating_sub(1);
                let place = x * last as f64;
                let below = floor(place);
                let value = |at: usize| f64::from(table.get(at.min(last)).copied().unwrap_or(0)) / 65_535.0;
                let part = place - below as f64;
                value(below) * (1.0 - part) + value(below + 1) * part
            }
            Self::Parametric(function, [g, a, b, c, d, e, f]) => {
                let power = |x: f64| (a * x + b).max(0.0).powf(*g);
                let from_zero = -b / a;
                match function {
                    0 => x.powf(*g),
                    1 if x >= from_zero => power(x),
                    1 => 0.0,
                    2 if x >= from_zero => power(x) + c,
                    2 => *c,
                    3 if x >= *d => power(x),
                    3 => c * x,
                    _ if x >= *d => power(x) + e,
                    _ => c * x + f,
                }
            }
        };
        if light.is_finite() { light.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The profile, where it is one of primaries and curves; none for tables of colours and for nonsense.
pub(super) fn parse(bytes: &[u8]) -> Option<Profile> {
    match bytes.get(16..20)? {
        b"GRAY" => Some(Profile::Grey(curve(tag(bytes, *b"kTRC")?)?)),
        b"RGB " => Some(Profile::Rgb {
            primaries: [
                xyz(tag(bytes, *b"rXYZ")?)?,
                xyz(tag(bytes, *b"gXYZ")?)?,
                xyz(tag(bytes, *b"bXYZ")?)?,
            ],
            curves: [
                curve(tag(bytes, *b"rTRC")?)?,
                curve(tag(bytes, *b"gTRC")?)?,
                curve(tag(bytes, *b"bTRC")?)?,
            ],
        }),
        _ => None,
    }
}

fn tag(bytes: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let count = u32_at(bytes, 128)? as usize;
    let (entries, _) = bytes.get(132..)?.as_chunks::<12>();
    let entry = entries.iter().take(count).find(|entry| entry.starts_with(&name))?;
    let (at, length) = (u32_at(entry, 4)? as usize, u32_at(entry, 8)? as usize);
    bytes.get(at..at.checked_add(length)?)
}

fn xyz(data: &[u8]) -> Option<[f64; 3]> {
    data.starts_with(b"XYZ ").then_some(())?;
    Some([fixed(data, 8)?, fixed(data, 12)?, fixed(data, 16)?])
}

fn curve(data: &[u8]) -> Option<Curve> {
    match data.get(..4)? {
        b"curv" => {
            let count = u32_at(data, 8)? as usize;
            let values = data.get(12..)?;
            match count {
                0 => Some(Curve::gamma(1.0)),
                1 => Some(Curve::gamma(f64::from(u16_at(values, 0)?) / 256.0)),
                2..=LONGEST_TABLE => {
                    let values = values.get(..count * 2)?;
                    Some(Curve::Table(
                        values.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect(),
                    ))
                }
                _ => None,
            }
        }
        b"para" => {
            let function = u16_at(data, 8)?;
            let count = *[1, 3, 4, 5, 7].get(usize::from(function))?;
            // What a function lacks is its identity: a is 1, the others 0.
            let mut values = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
            for (index, value) in values.iter_mut().enumerate().take(count) {
                *value = fixed(data, 12 + index * 4)?;
            }
            Some(Curve::Parametric(function, values))
        }
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "of 0 to the table's length")]
fn floor(value: f64) -> usize {
    value as usize
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

fn fixed(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|bytes| f64::from(i32::from_be_bytes(*bytes)) / 65_536.0)
}
