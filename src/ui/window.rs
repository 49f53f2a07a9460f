use std::path::PathBuf;
use std::sync::Arc;

use super::{App, FileDialogs, fonts, wheel};
use crate::files::Existing;
use crate::memory::Memory;
use crate::sample;
use crate::session::{self, Action, Environment, FontFinder, Session};
use crate::store;

struct Window(App);

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.0.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.0.ui(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.0.close();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// Opens the window on some paths, with as much memory for images; returns when it is closed. The error says why there is no window.
pub fn run(paths: Vec<PathBuf>, memory: Memory) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Isodense")
            .with_app_id("isodense")
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([480.0, 320.0])
            .with_drag_and_drop(true),
        renderer: eframe::Renderer::Glow,
        dithering: false,
        // Ours instead, which outlives a system without fonts.
        system_font_fallback: false,
        ..eframe::NativeOptions::default()
    };
    let start: eframe::AppCreator<'_> = Box::new(move |cc: &eframe::CreationContext<'_>| {
        let ctx = cc.egui_ctx.clone();
        ctx.add_font_provider(fonts::system());
        let mut session = Session::new(Environment {
            wake: Arc::new(move || ctx.request_repaint()),
            state_dir: store::state_dir(),
            fonts: Arc::default(),
            find_fonts: FontFinder::system(),
            memory,
            reads_ahead: true,
            autosave_every: session::AUTOSAVE_EVERY,
            // The system's dialogues ask before they name a file that is there, and so do ours.
            existing: Existing::Replace,
        });
        session.apply(Action::Open(if paths.is_empty() { bundled_case() } else { paths }));
        let app: Box<dyn eframe::App> = Box::new(Window(App::new(session, FileDialogs::native())));
        Ok(app)
    });
    wheel::run("Isodense", options, start)
}

/// The sample case: beside the program, or in the source tree that it was built from.
fn bundled_case() -> Vec<PathBuf> {
    let paths =
        sample::bundled_folders().iter().flat_map(|folder| [folder.join("case.json"), folder.clone()]);
    paths.into_iter().find(|path| path.exists()).into_iter().collect()
}
