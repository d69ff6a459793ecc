//! The first line of our comments, by which we find them again: whose they are, of which commit, and of which run.

use super::RunId;

/// `<!-- feedgate:v1 key=default head=<commit> run=<run>.<attempt> -->`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) key: String,
    pub(super) head: String,
    pub(super) run: RunId,
}

const OPEN: &str = "<!-- feedgate:v1 ";
const CLOSE: &str = " -->\n";

impl Marker {
    /// A comment that begins with this marker.
    pub(super) fn before(&self, body: &str) -> String {
        format!("{OPEN}key={} head={} run={}{CLOSE}{}", self.key, self.head, self.run, body.trim_end())
    }

    /// The marker of a comment and what stands below it; `None` where it does not begin with one.
    pub(super) fn read(comment: &str) -> Option<(Marker, String)> {
        let comment = comment.replace("\r\n", "\n");
        let (line, body) = comment.strip_prefix(OPEN)?.split_once(CLOSE)?;
        let mut parts = line.split(' ');
        let mut part = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
        let (key, head, run) = (part("key")?, part("head")?, part("run")?);
        let (run, attempt) = run.split_once('.')?;
        let run = RunId { run: run.parse().ok()?, attempt: attempt.parse().ok()? };
        parts.next().is_none().then(|| (Marker { key, head, run }, body.trim_end().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_known_by_its_first_line_alone() {
        let marker = Marker { key: "default".into(), head: "0a".into(), run: RunId { run: 12, attempt: 2 } };
        let comment = marker.before("### text\n\nmore\n");
        assert_eq!(comment, "<!-- feedgate:v1 key=default head=0a run=12.2 -->\n### text\n\nmore");
        assert_eq!(Marker::read(&comment.replace('\n', "\r\n")), Some((marker, "### text\n\nmore".to_owned())));
        assert_eq!(Marker::read(&format!("\n{comment}")), None);
        assert_eq!(Marker::read("> <!-- feedgate:v1 key=default head=0a run=12.2 -->\n"), None);
        assert_eq!(Marker::read("<!-- feedgate:v1 key=a head=0a run=1.1 x -->\n"), None);
    }

    #[test]
    fn a_later_attempt_is_a_later_run() {
        assert!(RunId { run: 12, attempt: 2 } > RunId { run: 12, attempt: 1 });
        assert!(RunId { run: 13, attempt: 1 } > RunId { run: 12, attempt: 9 });
    }
}
