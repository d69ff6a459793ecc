//! A line on standard error that says what a long run is doing: only on a terminal, only after a second.

use super::output::to_stderr;
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
    stage: Arc<Mutex<&'static str>>,
    /// Dropping it ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Nothing happens unless `is_terminal`.
    pub fn start(is_terminal: bool) -> Progress {
        if !is_terminal {
            return Progress(None);
        }
        let stage = Arc::new(Mutex::new("starting"));
        let shown = Arc::clone(&stage);
        let (stop, stopped) = channel();
        let thread = thread::spawn(move || {
            let mut wait = QUIET;
            let mut frames = FRAMES.iter().cycle();
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let frame = frames.next().unwrap_or(&"");
                let name = *shown.lock().unwrap_or_else(PoisonError::into_inner);
                to_stderr(&format!("\r\u{1b}[K{frame} {name}"));
                wait = TICK;
            }
            if wait == TICK {
                to_stderr("\r\u{1b}[K");
            }
        });
        Progress(Some(Running { stage, stop: Some(stop), thread: Some(thread) }))
    }

    /// Says what is done from now on.
    pub fn stage(&self, name: &'static str) {
        if let Some(running) = &self.0 {
            *running.stage.lock().unwrap_or_else(PoisonError::into_inner) = name;
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
