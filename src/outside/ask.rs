//! Asks the user, where there is one.

use super::Failure;
use std::io::{self, BufRead, IsTerminal as _, Read as _, Write};

/// No answer is longer; what is longer is no answer.
const MAX_ANSWER: u64 = 1 << 16;

/// Whether somebody can answer: questions go to standard error, answers come from standard input.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks until the answer is one that `read` takes; `Err` of `read` is what is wrong with it. Fails where input ends.
pub fn ask<T>(question: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    ask_over(&mut io::stdin().lock(), &mut io::stderr().lock(), question, read)
}

fn ask_over<T>(
    answers: &mut impl BufRead,
    questions: &mut impl Write,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    loop {
        // Who cannot see the question gives no answer, and that is told below.
        let _ = write!(questions, "{question}: ").and_then(|()| questions.flush());
        let why = match answer(answers)? {
            Some(answer) => match read(answer.trim()) {
                Ok(value) => return Ok(value),
                Err(why) => why,
            },
            None => "an answer is one line of text".to_owned(),
        };
        let _ = writeln!(questions, "  {why}");
    }
}

/// The next line; `None` for one that is no text.
fn answer(answers: &mut impl BufRead) -> Result<Option<String>, Failure> {
    let mut line = Vec::new();
    let n_bytes = answers.take(MAX_ANSWER).read_until(b'\n', &mut line);
    match n_bytes.map_err(|error| Failure::new("cannot read standard input").source(error))? {
        0 => Err(Failure::new("there is no answer").help("give the answers as options; `--help` lists them")),
        _ => Ok(String::from_utf8(line).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value, or the message of the failure, and what was shown.
    fn asked(answers: &[u8]) -> (Result<u32, String>, String) {
        let mut shown = Vec::new();
        let number = |text: &str| text.parse().map_err(|_| "a number is made of digits".to_owned());
        let value = ask_over(&mut &answers[..], &mut shown, "How many", number);
        (value.map_err(|failure| failure.message), String::from_utf8(shown).expect("questions are text"))
    }

    #[test]
    fn a_wrong_answer_is_told_why_and_asked_again() {
        let again = "How many:   a number is made of digits\nHow many: ";
        assert_eq!(asked(b"many\n 7 \r\n"), (Ok(7), again.to_owned()));
        assert_eq!(asked(b"7"), (Ok(7), "How many: ".to_owned()));
        assert_eq!(asked(b"\xff\n7\n").1, "How many:   an answer is one line of text\nHow many: ");
    }

    #[test]
    fn where_input_ends_nothing_is_asked_any_more() {
        let ended = Err("there is no answer".to_owned());
        assert_eq!(asked(b"").0, ended);
        assert_eq!(asked(b"many\n").0, ended);
        assert_eq!(asked(&[b'x'; 200_000]).0, ended);
    }
}
