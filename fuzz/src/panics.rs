use std::collections::BTreeSet;
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

/// What a panic means: in our own code it is a find, in a codec's crate it must be contained.
///
/// libFuzzer's own hook aborts on every panic, also on one that the program catches and names. This hook
/// aborts where our code panics, contained or not; a panic inside a dependency is written down once
/// (`contained: PLACE`) and goes on. If nobody catches it, it reaches libfuzzer-sys, which aborts: a find.
pub(crate) fn rule() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|info| {
            let place = info.location().map_or_else(|| "unknown place".to_owned(), ToString::to_string);
            // Crates of the registry, and what the compiler's library finds at its own place.
            let foreign = place.contains("/registry/src/")
                || place.contains("/rustc/")
                || place.contains("/rustlib/src/rust/library/");
            if !foreign {
                eprintln!("panic in our own code: {info}");
                eprintln!("{}", std::backtrace::Backtrace::force_capture());
                std::process::abort();
            }
            static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
            let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.insert(place.clone()) {
                eprintln!("contained, if the run goes on: {place}");
            }
        }));
    });
}
