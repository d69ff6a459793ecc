//! Gets commits that a shallow clone lacks from its remote `origin`, and only where that is asked for.

use super::program::Git;
use crate::outside::Failure;
use std::env;

/// How much history is asked for, step by step, until two commits have one in common.
const DEPTHS: [u32; 3] = [30, 300, 3_000];

/// Leave to fetch, and who asks.
pub struct Fetch {
    /// The setting that carries a token to the server of the workflow, and to no other.
    header: Option<(String, String)>,
}

impl Fetch {
    /// In a workflow, the token is in `GITHUB_TOKEN`; the action of ours puts it there.
    pub fn from_environment() -> Fetch {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let header = |server: String, token: String| {
            let name = format!("http.{}/.extraheader", server.trim_end_matches('/'));
            (name, format!("AUTHORIZATION: basic {}", base64(format!("x-access-token:{token}").as_bytes())))
        };
        let (server, token) = (variable("GITHUB_SERVER_URL"), variable("GITHUB_TOKEN"));
        Fetch { header: server.zip(token).map(|(server, token)| header(server, token)) }
    }

    /// Gets one commit, without its history; whether git was content.
    pub(super) fn commit(&self, git: &Git, id: &str) -> Result<bool, Failure> {
        self.run(git, &["--depth=1", "--end-of-options", "origin", id])
    }

    /// Gets a commit or branch with more and more of the history behind it and behind `HEAD`, until `is_enough`.
    pub(super) fn history<T>(
        &self,
        git: &Git,
        what: &str,
        is_enough: impl Fn() -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        let head = git.line(&["rev-parse", "HEAD"])?;
        for depth in DEPTHS {
            let depth = format!("--depth={depth}");
            let arguments: Vec<&str> =
                [depth.as_str(), "--end-of-options", "origin", what].into_iter().chain(head.as_deref()).collect();
            // A commit of this machine alone cannot be asked for.
            let fetched = self.run(git, &arguments)? || self.run(git, &arguments[..4])?;
            if !fetched {
                return Ok(None);
            }
            if let Some(found) = is_enough()? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The clone's own settings first: where they carry a token already, a second one would be refused.
    fn run(&self, git: &Git, arguments: &[&str]) -> Result<bool, Failure> {
        let fetch = [&FETCH[..], arguments].concat();
        if git.run(&fetch)?.is_good {
            return Ok(true);
        }
        let Some(header) = &self.header else { return Ok(false) };
        Ok(git.run_with(&fetch, &[(&header.0, &header.1)])?.is_good)
    }
}

/// A server that does not answer ends the wait after half a minute.
const FETCH: [&str; 9] = [
    "-c",
    "http.lowSpeedLimit=1",
    "-c",
    "http.lowSpeedTime=30",
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
];

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * place)) as usize & 63).copied().unwrap_or(b'=');
            out.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_that_of_the_standard() {
        let pairs = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in pairs {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
        assert_eq!(base64(&[0xff, 0xfe, 0xfd]), "//79");
    }
}
