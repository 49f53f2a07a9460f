//! A wheel that comes as plain buttons (VNC, Xvfb, some remote desktops): one notch, not two.
//!
//! X11 reports a modern wheel as a valuator of `XInput` 2, and winit drops the buttons 4 to 7 that the server emulates
//! for it. A wheel that is nothing but those buttons is not emulated, and winit 0.30 makes a whole notch of the press
//! and another one of the release (`xinput2_button_input`, which does not look at the state). Only the raw events of
//! the device, which come before, say which of the two it is: hence an event loop of our own around eframe's.

use eframe::{AppCreator, NativeOptions};

/// Which of the two halves of a click of a wheel's button comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct PlainWheel {
    /// The button came up, and the wheel's event of that has not come yet.
    released: bool,
}

impl PlainWheel {
    /// A button of a device went down or came up.
    fn button(&mut self, button: u32, pressed: bool) {
        self.released = (4..=7).contains(&button) && !pressed;
    }

    /// A device did something else: a release before it was over another window.
    fn other(&mut self) {
        self.released = false;
    }

    /// Whether a wheel's event of that many lines is the second one of its notch, which counts no more.
    fn is_second(&mut self, [right, down]: [f32; 2]) -> bool {
        let whole = (right.abs() + down.abs() - 1.0).abs() < 1e-6;
        std::mem::take(&mut self.released) && whole
    }
}

/// Runs the window until it is closed; the error says why there is none.
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(super) fn run(name: &str, options: NativeOptions, start: AppCreator<'_>) -> Result<(), String> {
    use std::cell::Cell;
    use std::rc::Rc;

    use winit::event_loop::{DeviceEvents, EventLoop};

    let no_display = |error: &dyn std::fmt::Display| {
        log::debug!("{error}");
        "there is no display".to_owned()
    };
    let events = EventLoop::<eframe::UserEvent>::with_user_event().build().map_err(|e| no_display(&e))?;
    // Also while another window has the focus: the wheel turns what is under the pointer.
    events.listen_device_events(DeviceEvents::Always);
    // eframe keeps the error of a start that fails to itself.
    let begun = Rc::new(Cell::new(false));
    let begins = Rc::clone(&begun);
    let start: AppCreator<'_> = Box::new(move |context| {
        begins.set(true);
        start(context)
    });
    let window = eframe::create_native(name, options, start, &events);
    let mut window = x11::OneNotch::new(window);
    events.run_app(&mut window).map_err(|e| no_display(&e))?;
    if begun.get() { Ok(()) } else { Err("the graphics system does not start".to_owned()) }
}

/// Runs the window until it is closed; the error says why there is none.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
pub(super) fn run(name: &str, options: NativeOptions, start: AppCreator<'_>) -> Result<(), String> {
    eframe::run_native(name, options, start).map_err(|error| match error {
        eframe::Error::WinitEventLoop(why) => {
            log::debug!("{why}");
            "there is no display".to_owned()
        }
        other => format!("the graphics system does not start ({other})"),
    })
}

#[cfg(all(unix, not(target_vendor = "apple")))]
mod x11 {
    use eframe::{EframeWinitApplication, UserEvent};
    use winit::application::ApplicationHandler;
    use winit::event::{DeviceEvent, DeviceId, MouseScrollDelta, StartCause, WindowEvent};
    use winit::event_loop::ActiveEventLoop;
    use winit::window::WindowId;

    use super::PlainWheel;

    /// eframe's window without the second half of each notch.
    pub(super) struct OneNotch<'a> {
        window: EframeWinitApplication<'a>,
        wheel: PlainWheel,
    }

    impl<'a> OneNotch<'a> {
        pub(super) fn new(window: EframeWinitApplication<'a>) -> Self {
            Self { window, wheel: PlainWheel::default() }
        }
    }

    impl ApplicationHandler<UserEvent> for OneNotch<'_> {
        fn new_events(&mut self, events: &ActiveEventLoop, cause: StartCause) {
            self.window.new_events(events, cause);
        }

        fn resumed(&mut self, events: &ActiveEventLoop) {
            self.window.resumed(events);
        }

        fn user_event(&mut self, events: &ActiveEventLoop, event: UserEvent) {
            self.window.user_event(events, event);
        }

        fn window_event(&mut self, events: &ActiveEventLoop, window: WindowId, event: WindowEvent) {
            let second = match &event {
                WindowEvent::MouseWheel { delta: MouseScrollDelta::LineDelta(right, down), .. } => {
                    self.wheel.is_second([*right, *down])
                }
                _ => false,
            };
            if !second {
                self.window.window_event(events, window, event);
            }
        }

        fn device_event(&mut self, events: &ActiveEventLoop, device: DeviceId, event: DeviceEvent) {
            match &event {
                DeviceEvent::Button { button, state } => self.wheel.button(*button, state.is_pressed()),
                _ => self.wheel.other(),
            }
            self.window.device_event(events, device, event);
        }

        fn about_to_wait(&mut self, events: &ActiveEventLoop) {
            self.window.about_to_wait(events);
        }

        fn suspended(&mut self, events: &ActiveEventLoop) {
            self.window.suspended(events);
        }

        fn exiting(&mut self, events: &ActiveEventLoop) {
            self.window.exiting(events);
        }

        fn memory_warning(&mut self, events: &ActiveEventLoop) {
            self.window.memory_warning(events);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happened: a device's button (and whether it went down), or the wheel by some lines.
    enum Event {
        Button(u32, bool),
        Wheel(f32, f32),
        Other,
    }
    use Event::{Button, Other, Wheel};

    fn notches(events: &[Event]) -> f32 {
        let mut plain = PlainWheel::default();
        let mut sum = 0.0;
        for event in events {
            match event {
                Button(button, pressed) => plain.button(*button, *pressed),
                Wheel(right, down) if !plain.is_second([*right, *down]) => sum += right + down,
                Wheel(..) => {}
                Other => plain.other(),
            }
        }
        sum
    }

    fn turned(events: &[Event], expected: f32) {
        let sum = notches(events);
        assert!((sum - expected).abs() < 1e-6, "{sum} notches, not {expected}");
    }

    #[test]
    fn a_wheel_of_plain_buttons_turns_one_notch_a_click() {
        let click = || [Button(5, true), Wheel(0.0, -1.0), Button(5, false), Wheel(0.0, -1.0)];
        let ten: Vec<Event> = (0..10).flat_map(|_| click()).collect();
        turned(&ten, -10.0);
        let sideways = [Button(6, true), Wheel(1.0, 0.0), Button(6, false), Wheel(1.0, 0.0)];
        turned(&sideways, 1.0);
    }

    #[test]
    fn a_wheel_of_valuators_keeps_every_notch() {
        turned(&[Wheel(0.0, -1.0), Wheel(0.0, -1.0), Wheel(0.0, -0.25)], -2.25);
        // A click of another button between them means nothing.
        turned(&[Button(1, true), Button(1, false), Wheel(0.0, 1.0)], 1.0);
        // A release over another window does not eat what another device turns here.
        turned(&[Button(4, false), Wheel(0.0, 2.0), Wheel(0.0, 1.0)], 3.0);
        turned(&[Button(4, false), Other, Wheel(0.0, 1.0)], 1.0);
    }
}
