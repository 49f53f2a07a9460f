//! A signal that ends the program leaves nothing half written behind.

/// From now on SIGINT, SIGTERM and SIGHUP clear what is unfinished and end the program with 128 and their number.
///
/// A signal that whoever started the program wants ignored (`nohup`, a job in the background) stays ignored.
#[cfg(unix)]
pub fn clear_up_on_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    let ignored = ignored();
    let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| (ignored >> (signal - 1)) & 1 == 0);
    let mut signals = match Signals::new(wanted) {
        Ok(signals) => signals,
        Err(error) => {
            log::debug!("signals are not waited for: {error}");
            return;
        }
    };
    let waits = std::thread::Builder::new().name("isodense-signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            super::part::clear_and_exit(128 + signal);
        }
    });
    if let Err(error) = waits {
        log::debug!("signals are not waited for: {error}");
    }
}

/// Elsewhere what is left is cleared by the next run that writes there.
#[cfg(not(unix))]
pub fn clear_up_on_signals() {}

/// The signals that were ignored from the start, a bit each (Linux says so; elsewhere none is known).
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
