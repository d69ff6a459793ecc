//! When something is tried again, and when it is given up.

use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// Why a request did not do what it was to do.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It never will.
    Refused(String),
    /// A text is longer than GitHub takes.
    TooLong,
    /// It may work later: after so long, where GitHub says. It may even have worked.
    Later { why: String, after: Option<Duration> },
}

/// The first pause, and the longest.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(8);

/// Does the work until it is done, refused, or the time is over. The work looks at what is there before it makes
/// anything, so that what was done without our hearing of it is not done twice.
pub(super) async fn persistently<T>(limit: Duration, work: impl AsyncFnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let deadline = Instant::now() + limit;
    let late = |why: &str| Trouble::Refused(format!("{why}; given up after {} s", limit.as_secs()));
    match timeout_at(deadline, attempts(deadline, work)).await {
        Ok(Err(Trouble::Later { why, .. })) => Err(late(&why)),
        Ok(done) => done,
        Err(_) => Err(late("GitHub does not answer")),
    }
}

/// The last `Later` is returned where there is no time for another attempt.
async fn attempts<T>(deadline: Instant, mut work: impl AsyncFnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let mut pause = FIRST;
    loop {
        match work().await {
            Err(Trouble::Later { why, after }) => {
                let wait = after.unwrap_or(pause);
                if Instant::now() + wait >= deadline {
                    return Err(Trouble::Later { why, after });
                }
                sleep(wait).await;
                pause = LONGEST.min(pause * 2);
            }
            done => return done,
        }
    }
}
