//! The beginnings of a feed and of a configuration, as texts: from samples and a few answers. Knows how files of ours are
//! written, and nothing of where they come to lie or who is asked.

pub mod configuration;
pub mod entry;
pub mod feed;
pub mod hook;
pub mod infer;
pub mod name;
pub mod sample;
pub mod workflow;

/// A text as a YAML scalar: plain where every reader takes it for the same text, else quoted.
pub(crate) fn scalar(text: &str) -> String {
    let is_plain_start = text.trim_start_matches("../").starts_with(|first: char| first.is_ascii_alphabetic());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | ' ');
    let is_word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if is_plain_start && text.chars().all(is_plain) && !text.ends_with(' ') && !is_word {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn what_might_be_misread_is_quoted() {
        for plain in ["desk@example.com", "Sales data", "trades/eu"] {
            assert_eq!(scalar(plain), plain);
        }
        for quoted in ["", "no", "1h", "a: b", "#x", "*/5 * * * *", "a ", "é", "{feed}", "\"", "a\nb"] {
            assert!(scalar(quoted).starts_with('"'), "{quoted}");
        }
    }
}
