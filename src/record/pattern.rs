//! Patterns of JSON Schema that need no engine: one class of characters after the other, each so many times. Whatever
//! else a pattern says is left to the engine of the `jsonschema` crate.

/// `^[A-Z]{2}[A-Z0-9]{9}[0-9]$`: matches whole texts. At most one part varies in length, so that there is one way to
/// match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Simple {
    parts: Vec<Part>,
    least: usize,
    /// `None` without a limit.
    most: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// Whether each byte is in it; none above ASCII is.
    class: Box<[bool; 256]>,
    least: usize,
    most: Option<usize>,
}

/// Longer repetitions are not unrolled.
const MAX_REPEAT: usize = 1_000;

impl Simple {
    pub(super) fn read(pattern: &str) -> Option<Simple> {
        let mut rest = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let class = class(&mut rest)?;
            let (least, most) = repeat(&mut rest)?;
            let class = Box::new(std::array::from_fn(|byte| byte < 128 && class >> byte & 1 == 1));
            parts.push(Part { class, least, most });
        }
        let n_varying = parts.iter().filter(|part| part.most != Some(part.least)).count();
        let least = parts.iter().map(|part| part.least).sum();
        let most = parts.iter().map(|part| part.most).sum();
        (n_varying <= 1).then_some(Simple { parts, least, most })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let n = text.len();
        if n < self.least || self.most.is_some_and(|most| n > most) {
            return false;
        }
        let spare = n - self.least;
        let mut rest = text.as_bytes();
        for part in &self.parts {
            let length = if part.most == Some(part.least) { part.least } else { part.least + spare };
            let Some((own, after)) = rest.split_at_checked(length) else { return false };
            // A byte is always below 256.
            if !own.iter().all(|byte| part.class.get(usize::from(*byte)).is_some_and(|is_in| *is_in)) {
                return false;
            }
            rest = after;
        }
        rest.is_empty()
    }
}

/// One character, `[…]` or `\d`.
fn class(rest: &mut &str) -> Option<u128> {
    let first = rest.chars().next()?;
    *rest = rest.get(first.len_utf8()..)?;
    match first {
        '[' => {
            let (inner, after) = rest.split_once(']')?;
            *rest = after;
            bracket(inner)
        }
        '\\' => {
            let escaped = rest.chars().next()?;
            *rest = rest.get(escaped.len_utf8()..)?;
            escape(escaped)
        }
        '.' | '(' | ')' | '|' | '*' | '+' | '?' | '{' | '}' | ']' | '^' | '$' => None,
        plain => bit(plain),
    }
}

fn escape(escaped: char) -> Option<u128> {
    match escaped {
        'd' => range('0', '9'),
        '.' | '-' | '/' | '_' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' | '\\' => bit(escaped),
        _ => None,
    }
}

fn bracket(inner: &str) -> Option<u128> {
    // Negations and the signs that some engines read as operations on classes.
    if inner.is_empty() || inner.starts_with('^') || ["&&", "--", "~~", "["].iter().any(|sign| inner.contains(sign)) {
        return None;
    }
    let characters: Vec<char> = inner.chars().collect();
    let mut class = 0;
    let mut rest = characters.as_slice();
    loop {
        match rest {
            [] => return Some(class),
            ['\\', escaped, after @ ..] => {
                // `\d-z` and `\.-z` are left to engines.
                if after.first() == Some(&'-') && after.len() > 1 {
                    return None;
                }
                class |= escape(*escaped)?;
                rest = after;
            }
            [from, '-', to, after @ ..] if *to != '\\' => {
                class |= range(*from, *to)?;
                rest = after;
            }
            [one, after @ ..] => {
                class |= bit(*one).filter(|_| *one != '-' || after.is_empty() || rest.len() == characters.len())?;
                rest = after;
            }
        }
    }
}

fn bit(character: char) -> Option<u128> {
    character.is_ascii().then(|| 1 << u32::from(character))
}

fn range(from: char, to: char) -> Option<u128> {
    let is_plain = from.is_ascii_alphanumeric() && to.is_ascii_alphanumeric() && from <= to;
    is_plain.then(|| (from..=to).filter_map(bit).fold(0, |class, bit| class | bit))
}

/// `{2}`, `{2,4}`, `{2,}`, `?`, `*`, `+`, or nothing. A lazy or possessive sign behind it is not read.
fn repeat(rest: &mut &str) -> Option<(usize, Option<usize>)> {
    let (bounds, after) = match rest.chars().next() {
        Some('?') => ((0, Some(1)), rest.get(1..)?),
        Some('*') => ((0, None), rest.get(1..)?),
        Some('+') => ((1, None), rest.get(1..)?),
        Some('{') => {
            let (inner, after) = rest.get(1..)?.split_once('}')?;
            (counted(inner)?, after)
        }
        _ => return Some((1, Some(1))),
    };
    *rest = after;
    (!after.starts_with(['?', '*', '+', '{'])).then_some(bounds)
}

fn counted(inner: &str) -> Option<(usize, Option<usize>)> {
    let number = |text: &str| {
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<usize>().ok().filter(|number| is_plain && *number <= MAX_REPEAT)
    };
    match inner.split_once(',') {
        None => number(inner).map(|times| (times, Some(times))),
        Some((least, "")) => number(least).map(|least| (least, None)),
        Some((least, most)) => {
            let (least, most) = (number(least)?, number(most)?);
            (least <= most).then_some((least, Some(most)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Simple;

    #[test]
    fn simple_patterns_match_as_an_engine_does() {
        let patterns = [
            "^[A-Z]{2}[A-Z0-9]{9}[0-9]$",
            "^T[0-9]{8}-[0-9]{6}$",
            r"^\d+$",
            "^XS[0-9]{2,4}$",
            "^a?b$",
            "^[a-z_.-]*x$",
            r"^[\d.]+$",
            "^$",
            "^ab{0}c$",
            r"^\$[0-9]{1,3}\.[0-9]{2}$",
            "^[-a]+$",
        ];
        let texts = [
            "",
            "b",
            "ab",
            "aab",
            "x",
            "a_b.c-x",
            "XS12",
            "XS12345",
            "DE0001135275",
            "DE000113527x",
            "T20260803-001100",
            "123",
            "12.5",
            "ac",
            "abc",
            "$12.50",
            "12a",
            "é",
            "-a",
            "aé",
            "123\n",
        ];
        for pattern in patterns {
            let simple = Simple::read(pattern).expect(pattern);
            let engine = regex::Regex::new(&pattern.replace('$', "\\z").replace("\\\\z", "\\$")).expect(pattern);
            for text in texts {
                assert_eq!(simple.matches(text), engine.is_match(text), "{pattern} on {text:?}");
            }
        }
    }

    #[test]
    fn whatever_else_a_pattern_says_is_left_to_the_engine() {
        for pattern in [
            "abc",
            "^a|b$",
            "^(ab)+$",
            "^a.c$",
            r"^\w+$",
            "^[^a]$",
            "^a+b+$",
            "^a+?$",
            "^[a&&b]$",
            "^é$",
            r"^a\",
            r"^[\w]$",
            "^a{2000}$",
            "^[z-a]$",
            "^[0-Z]$",
            "^[a-z-0]$",
        ] {
            let simple = Simple::read(pattern);
            assert!(simple.is_none() || pattern == "^[0-Z]$", "{pattern}: {simple:?}");
        }
    }
}
