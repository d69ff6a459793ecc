//! A line on standard error that says what a long run is doing: only on a terminal, only after a second.

use super::output::to_stderr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const QUIET: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);
const FRAMES: [&str; 4] = ["⠋", "⠙", "⠸", "⠴"];

/// What is being done, shown until it is dropped.
pub struct Progress(Option<Running>);

struct Running {
    shown: Arc<Mutex<Shown>>,
    /// Dropping it ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the line says.
struct Shown {
    stage: &'static str,
    /// How much is done, and how much there is.
    amount: Option<(Arc<AtomicU64>, u64)>,
}

/// The cells of a bar.
const WIDTH: u64 = 24;

impl Shown {
    fn line(&self) -> String {
        let Some((done, all)) = self.amount.as_ref().filter(|(_, all)| *all > 0) else { return self.stage.to_owned() };
        let done = done.load(Ordering::Relaxed).min(*all);
        let full = usize::try_from(done.saturating_mul(WIDTH) / all).unwrap_or(0);
        let empty = usize::try_from(WIDTH).unwrap_or(0).saturating_sub(full);
        format!("{} {}{} {:>3} %", self.stage, "█".repeat(full), "░".repeat(empty), done.saturating_mul(100) / all)
    }
}

impl Progress {
    /// Nothing happens unless `is_terminal`.
    pub fn start(is_terminal: bool) -> Progress {
        if !is_terminal {
            return Progress(None);
        }
        let shown = Arc::new(Mutex::new(Shown { stage: "starting", amount: None }));
        let of_thread = Arc::clone(&shown);
        let (stop, stopped) = channel();
        let thread = thread::spawn(move || {
            let mut wait = QUIET;
            let mut frames = FRAMES.iter().cycle();
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let frame = frames.next().unwrap_or(&"");
                let line = of_thread.lock().unwrap_or_else(PoisonError::into_inner).line();
                to_stderr(&format!("\r\u{1b}[K{frame} {line}"));
                wait = TICK;
            }
            if wait == TICK {
                to_stderr("\r\u{1b}[K");
            }
        });
        Progress(Some(Running { shown, stop: Some(stop), thread: Some(thread) }))
    }

    /// Says what is done from now on.
    pub fn stage(&self, name: &'static str) {
        self.show(Shown { stage: name, amount: None });
    }

    /// The same for work whose size is known: a bar that fills.
    pub fn amount(&self, name: &'static str, done: Arc<AtomicU64>, all: u64) {
        self.show(Shown { stage: name, amount: Some((done, all)) });
    }

    fn show(&self, shown: Shown) {
        if let Some(running) = &self.0 {
            *running.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(running) = &mut self.0 {
            running.stop = None;
            let _ = running.thread.take().map(JoinHandle::join);
        }
    }
}
