use super::{Picture, SliceRenderer};
use crate::case::{Region, nearest_rank};
use crate::image::{Frame, ModalityTransform, Samples, ValueUnit, Voi, VoiFunction, Warning, Window};
use crate::view::{Framing, Look, Slice, View, ViewportSize};

/// Values that are looked at: more would not move a percentile visibly.
const MOST_VALUES: usize = 262_144;
/// As many tell whether a window fits; the answer is asked for with every drawing.
const MOST_VALUES_TO_JUDGE: usize = 4096;
/// Of the grey scale, what the stored values must span for a window to be one for them.
const LEAST_SPREAD: f64 = 0.25;
/// Left out at each end.
const TAIL: f64 = 0.01;

/// A window for the values of a frame, or of a region of it: 1st to 99th percentile, padding left out.
///
/// The width is never zero, also for a constant image. Colour frames get 0 to 255.
pub fn auto_window(frame: &Frame, samples: &Samples, region: Option<&Region>) -> Window {
    let mut values = Vec::new();
    // The number of a colour is no value.
    let colors = frame.stored.layout.supplemental().map_or(f64::INFINITY, |palette| palette.first().into());
    let mut add = |index: usize| {
        let stored = samples.stored(index).filter(|stored| *stored < colors);
        values.extend(stored.and_then(|stored| frame.measured(stored)));
    };
    if let Some(region) = region {
        region.for_each_run(frame.size, |row, first, last| {
            (first..=last).for_each(|column| add(row * frame.size.columns + column));
        });
    } else {
        // An odd step walks through all columns of the usual even row lengths.
        let count = samples.len();
        let step = count.div_ceil(MOST_VALUES);
        let step = if step > 1 { step | 1 } else { 1 };
        (0..count).step_by(step).for_each(&mut add);
    }
    window_of(&mut values)
}

fn window_of(values: &mut [f64]) -> Window {
    let mut between = |low: f64, high: f64| Some((nearest_rank(values, low)?, nearest_rank(values, high)?));
    // Where nearly all pixels are alike, what the rest spans.
    let found = between(TAIL, 1.0 - TAIL).filter(|(low, high)| high > low).or_else(|| between(0.0, 1.0));
    let Some((low, high)) = found else { return Window::linear(128.0, 256.0) };
    let center = f64::midpoint(low, high);
    let width = high - low;
    if width >= 1.0 {
        Window::linear(center + 0.5, width + 1.0)
    } else if width > 0.0 {
        // A linear window is at least 1 wide: values below that are shown by the exact function.
        Window { center, width, function: VoiFunction::LinearExact }.valid()
    } else {
        Window::linear(center + 0.5, center.abs().max(1.0))
    }
}

/// The window or table that a frame is first shown with: the file's first where it fits, otherwise automatic.
pub fn default_voi(frame: &Frame, samples: &Samples) -> Voi {
    let own = frame.presets.first().filter(|_| window_misfit(frame, samples).is_none());
    own.map_or_else(|| Voi::Window(auto_window(frame, samples, None)), |preset| preset.voi.clone())
}

/// What to say where the file's first window shows a frame all black or all white, and was meant for other values.
///
/// A dark slice in a good window is all black too. So the window must miss every value that the pixels could hold,
/// or it must fit the stored values of a frame that scales them: some writers give it in those.
pub fn window_misfit(frame: &Frame, samples: &Samples) -> Option<Warning> {
    let voi = &frame.presets.first()?.voi;
    let step = samples.len().div_ceil(MOST_VALUES_TO_JUDGE) | 1;
    let measured = |index| samples.stored(index).filter(|stored| frame.measured(*stored).is_some());
    let range = |step| {
        let stored = (0..samples.len()).step_by(step).filter_map(measured);
        stored.fold([f64::INFINITY, f64::NEG_INFINITY], |[least, most], value: f64| {
            [least.min(value), most.max(value)]
        })
    };
    // Any window shows one value alike; of none there is nothing to show.
    let shows = |[least, most]: [f64; 2]| least < most && !voi.hides(frame.transform.range([least, most]));
    // What a window shows of some values it shows of all: mostly a few are enough.
    if shows(range(step * 65)) {
        return None;
    }
    let [least, most] = range(step);
    let layout = &frame.stored.layout;
    let possible = if layout.float { [least, most] } else { layout.stored_range() };
    if least >= most || shows([least, most]) {
        return None;
    }
    let scaled = match frame.transform {
        ModalityTransform::Rescale { slope, .. } => {
            (slope - 1.0).abs() > f64::EPSILON && frame.unit != ValueUnit::Hounsfield
        }
        ModalityTransform::Lut { .. } => false,
    };
    let fits_stored = scaled && voi.brightness(most) - voi.brightness(least) >= LEAST_SPREAD;
    (fits_stored || voi.hides(frame.transform.range(possible))).then_some(Warning::WindowMisfit)
}

/// The whole frame in a square of `side` pixels.
pub fn thumbnail(frame: &Frame, samples: &Samples, voi: &Voi, side: u32) -> Picture {
    let size = ViewportSize { width: side, height: side };
    let look = Look { voi: voi.clone(), ..Look::with_window(Window::linear(0.0, 1.0)) };
    let view = View { of: Slice::Acquired(frame.of.clone()), framing: Framing::fit(frame, size), look };
    let mut picture = Picture::new(size);
    SliceRenderer::default().render(frame, samples, &view.resolve(frame, size), &view.look, &mut picture);
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::PaddingRange;
    use crate::image::testing::oblique_frame;

    #[test]
    fn outliers_and_padding_do_not_move_the_window() {
        let mut frame = oblique_frame();
        frame.size = crate::image::FrameSize { columns: 100, rows: 10 };
        frame.padding = Some(PaddingRange { low: -2000.0, high: -2000.0 });
        // HU = 2 * stored - 1000: 0 to 198 in steps of 2, one outlier, half of it padding.
        let mut stored: Vec<i16> =
            (0..1000).map(|i| if i % 2 == 0 { -2000 } else { 500 + (i / 2) % 100 }).collect();
        stored[1] = 30_000;
        let window = auto_window(&frame, &Samples::I16(stored), None);
        assert_eq!((window.brightness(2.0), window.brightness(198.0)), (0.0, 1.0));
        assert!((window.center - 100.5).abs() < 2.0, "{window:?}");
    }

    #[test]
    fn a_region_has_its_own_window_and_no_width_is_zero() {
        let frame = oblique_frame();
        let samples = Samples::I16((0..60).map(|i| if i % 10 < 5 { 500 } else { 700 + i }).collect());
        let corners = [(0.0, 0.0), (4.0, 0.0), (4.0, 5.0), (0.0, 5.0)];
        let points = corners.map(|(c, r)| crate::geometry::PixelPoint::new(c, r));
        let region = Region::new(crate::case::Kind::Rectangle, &points).unwrap();
        let flat = auto_window(&frame, &samples, Some(&region));
        assert_eq!(flat, Window::linear(0.5, 1.0));
        assert!(auto_window(&frame, &samples, None).width > 100.0);
        let empty = auto_window(&frame, &Samples::I16(Vec::new()), None);
        assert_eq!(empty, Window::linear(128.0, 256.0));
        let small = Samples::F32((0..60_u8).map(|i| f32::from(i) / 1e6).collect());
        let mut raw = frame;
        raw.transform = ModalityTransform::IDENTITY;
        let window = auto_window(&raw, &small, None);
        assert!(window.width < 1e-4 && window.function == VoiFunction::LinearExact);
    }
}
