//! The name pattern that files of samples share: what is the same in all stands as it is, days, times and numbers become
//! tokens.

use crate::text::Date;

/// What one name is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    /// A token, with the text that it stands for.
    Token(&'static str, String),
    /// Digits that are no day: with the token of a time of day that they may be.
    Digits(String, Option<&'static str>),
}

/// The template of these names, without folders; `Err` says what they do not share.
pub fn template(names: &[&str]) -> Result<String, String> {
    let all: Vec<Vec<Piece>> = names.iter().map(|name| pieces(name)).collect();
    let Some((first, rest)) = all.split_first() else { return Err("there are no names".to_owned()) };
    if let Some((_, name)) = rest.iter().zip(names.iter().skip(1)).find(|(other, _)| !alike(first, other)) {
        return Err(format!("`{}` and `{name}` are not built alike", names.first().unwrap_or(&"")));
    }
    let of = |index: usize| all.iter().filter_map(move |pieces| pieces.get(index)).collect::<Vec<_>>();
    let mut template = String::new();
    for (index, piece) in first.iter().enumerate() {
        match piece {
            Piece::Literal(text) => template.push_str(text),
            Piece::Token(token, _) => template.push_str(token),
            Piece::Digits(..) => template.push_str(&time(&of(index)).map_or_else(|| number(&of(index)), str::to_owned)),
        }
    }
    Ok(template)
}

/// Whether the name has a time of day in it.
pub fn has_time(template: &str) -> bool {
    template.contains("{time:")
}

/// The same pieces in the same order; the texts of literals too.
fn alike(a: &[Piece], b: &[Piece]) -> bool {
    let same = |(a, b): (&Piece, &Piece)| match (a, b) {
        (Piece::Literal(a), Piece::Literal(b)) => a == b,
        (Piece::Token(a, _), Piece::Token(b, _)) => a == b,
        (Piece::Digits(..), Piece::Digits(..)) => true,
        (Piece::Literal(_) | Piece::Token(..) | Piece::Digits(..), _) => false,
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// The time of day that all of them are.
fn time(pieces: &[&Piece]) -> Option<&'static str> {
    let of = |piece: &&Piece| if let Piece::Digits(_, time) = piece { *time } else { None };
    let first = pieces.first().and_then(of)?;
    pieces.iter().all(|piece| of(piece) == Some(first)).then_some(first)
}

/// A number that is the same in several names, or a short one in a single name, is a part of the name: `v2`.
fn number(pieces: &[&Piece]) -> String {
    let texts: Vec<&str> =
        pieces.iter().filter_map(|piece| if let Piece::Digits(text, _) = piece { Some(text.as_str()) } else { None }).collect();
    let first = texts.first().copied().unwrap_or("");
    let differ = texts.iter().any(|text| *text != first);
    let counts = differ || (texts.len() == 1 && first.len() >= 3);
    let is_padded = texts.iter().all(|text| text.len() == first.len()) && first.len() > 1;
    match (counts, is_padded) {
        (false, _) => first.to_owned(),
        (true, true) => format!("{{seq:{}}}", first.len()),
        (true, false) => "{seq}".to_owned(),
    }
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (piece, length) = piece(rest, &pieces);
        match (pieces.last_mut(), piece) {
            (Some(Piece::Literal(text)), Piece::Literal(more)) => text.push_str(&more),
            (_, piece) => pieces.push(piece),
        }
        rest = rest.get(length..).unwrap_or("");
    }
    pieces
}

/// The piece that a text begins with, and its length in bytes.
fn piece(rest: &str, before: &[Piece]) -> (Piece, usize) {
    if let Some(id) = rest.get(..36).filter(|text| is_uuid(text)) {
        return (Piece::Token("{uuid}", id.to_owned()), 36);
    }
    if let Some(day) = rest.get(..10).filter(|day| Date::parse(day).is_some()) {
        return (Piece::Token("{date:%Y-%m-%d}", day.to_owned()), 10);
    }
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let digits = rest.get(..length).unwrap_or("");
    let has_day = before.iter().any(|piece| matches!(piece, Piece::Token(token, _) if token.starts_with("{date:")));
    match length {
        0 => {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            (Piece::Literal(rest.get(..first).unwrap_or("").to_owned()), first)
        }
        8 | 12 | 14 if day(digits, "ymd") => (Piece::Token("{date:%Y%m%d}", digits[..8].to_owned()), 8),
        8 if day(digits, "dmy") => (Piece::Token("{date:%d%m%Y}", digits.to_owned()), 8),
        // A count begins with zeros; so does the first hour of a day, which is the rarer of the two.
        4 if has_day && is_time(digits) && !digits.starts_with("00") => {
            (Piece::Digits(digits.to_owned(), Some("{time:%H%M}")), 4)
        }
        6 if has_day && is_time(digits) && !digits.starts_with("00") => {
            (Piece::Digits(digits.to_owned(), Some("{time:%H%M%S}")), 6)
        }
        _ => (Piece::Digits(digits.to_owned(), None), length),
    }
}

fn day(digits: &str, order: &str) -> bool {
    let cut = |range| digits.get(range).unwrap_or("");
    let (year, month, day) = if order == "ymd" { (cut(0..4), cut(4..6), cut(6..8)) } else { (cut(4..8), cut(2..4), cut(0..2)) };
    let is_near = ("1990".."2100").contains(&year);
    let rest = digits.get(8..).unwrap_or("");
    is_near && Date::parse(&format!("{year}-{month}-{day}")).is_some() && (rest.is_empty() || is_time(rest))
}

fn is_time(digits: &str) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|text| text.parse::<u32>().ok());
    let seconds = if digits.len() == 4 { Some(0) } else { part(4..6) };
    matches!((part(0..2), part(2..4), seconds), (Some(0..=23), Some(0..=59), Some(0..=59)))
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn days_times_and_numbers_become_tokens() {
        let cases: [(&[&str], &str); 11] = [
            (&["trades_20260801_0001.json"], "trades_{date:%Y%m%d}_{seq:4}.json"),
            (&["quotes_20260801_0905.json"], "quotes_{date:%Y%m%d}_{time:%H%M}.json"),
            (&["trades_20260801_0061.json"], "trades_{date:%Y%m%d}_{seq:4}.json"),
            (
                &["trades_20260801_0001.json", "trades_20260801_0002.json", "trades_20260802_9901.json"],
                "trades_{date:%Y%m%d}_{seq:4}.json",
            ),
            (&["orders-2026-08-01.ndjson.gz"], "orders-{date:%Y-%m-%d}.ndjson.gz"),
            (&["quotes_20260801093000.json"], "quotes_{date:%Y%m%d}{time:%H%M%S}.json"),
            (&["v2/x_31082026.json"], "v2/x_{date:%d%m%Y}.json"),
            (&["x_v2_20260801.json", "x_v2_20260802.json"], "x_v2_{date:%Y%m%d}.json"),
            (&["part-7.json", "part-12.json"], "part-{seq}.json"),
            (&["a_0b1c2d3e-0000-4000-8000-00000000000f.json"], "a_{uuid}.json"),
            (&["plain.json"], "plain.json"),
        ];
        for (names, expected) in cases {
            assert_eq!(template(names).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn names_that_are_not_built_alike_are_no_pattern() {
        assert_eq!(
            template(&["a_20260801.json", "b_20260801.json"]),
            Err("`a_20260801.json` and `b_20260801.json` are not built alike".to_owned())
        );
        assert!(template(&["a_1.json", "a_1.json.gz"]).is_err());
        assert!(template(&[]).is_err());
    }
}
