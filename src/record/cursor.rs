//! A cursor over one JSON text: what stands next, and where it ends. Takes exactly what RFC 8259 takes, and copies nothing
//! but strings that hold escapes.

use std::borrow::Cow;
use std::ops::Range;

/// The text is no JSON, or deeper than is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotJson;

/// Deeper values are not read: as deep as `serde_json` goes.
pub(super) const MAX_DEPTH: u32 = 127;

#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A string as it stands in the text, without its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quoted<'a> {
    pub(super) raw: &'a str,
    pub(super) has_escapes: bool,
}

/// A number, taken apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number<'a> {
    pub(super) text: &'a str,
    pub(super) is_negative: bool,
    /// All digits without the point, when there are at most 18 of them after leading zeros.
    pub(super) digits: Option<u64>,
    /// Digits before the point, without leading zeros, exponent left aside.
    pub(super) n_whole: usize,
    /// Digits after the point.
    pub(super) n_fraction: usize,
    pub(super) exponent: Option<i64>,
}

/// Digits that always fit into 64 bits.
const MAX_DIGITS: usize = 18;

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes back to a place where it was.
    pub(super) fn rewind(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    /// The next byte; NUL, which stands in no JSON outside of strings, at the end.
    pub(super) fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// The next byte that is no white space; NUL at the end.
    pub(super) fn next_sign(&mut self) -> u8 {
        self.space();
        self.peek()
    }

    /// Goes over one byte that is known to be there.
    pub(super) fn step(&mut self) {
        self.at += 1;
    }

    /// Goes over this sign, with white space before it.
    pub(super) fn sign(&mut self, sign: u8) -> Result<(), NotJson> {
        if self.next_sign() != sign {
            return Err(NotJson);
        }
        self.at += 1;
        Ok(())
    }

    /// Goes over this text if it is the next.
    pub(super) fn skip_over(&mut self, text: &str) -> bool {
        let is_next = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()));
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    pub(super) fn word(&mut self, word: &str) -> Result<(), NotJson> {
        if self.skip_over(word) { Ok(()) } else { Err(NotJson) }
    }

    /// A string; the cursor stands on its quote.
    pub(super) fn string(&mut self) -> Result<Quoted<'a>, NotJson> {
        if self.peek() != b'"' {
            return Err(NotJson);
        }
        let start = self.at + 1;
        let mut at = start;
        let mut has_escapes = false;
        loop {
            at = next_special(self.text.as_bytes(), at);
            match self.text.as_bytes().get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(_) | None => return Err(NotJson),
            }
            has_escapes = true;
        }
        self.at = at + 1;
        // Behind a backslash at the end of a text there is no boundary to cut at.
        let raw = self.text.get(start..at).ok_or(NotJson)?;
        Ok(Quoted { raw, has_escapes })
    }

    pub(super) fn number(&mut self) -> Result<Number<'a>, NotJson> {
        let start = self.at;
        let is_negative = self.peek() == b'-';
        self.at += usize::from(is_negative);
        let begins_with_zero = self.peek() == b'0';
        let mut digits = Digits::default();
        let n_whole = self.digits(&mut digits);
        if n_whole == 0 || (begins_with_zero && n_whole > 1) {
            return Err(NotJson);
        }
        let mut n_fraction = 0;
        if self.peek() == b'.' {
            self.at += 1;
            n_fraction = self.digits(&mut digits);
            if n_fraction == 0 {
                return Err(NotJson);
            }
        }
        let exponent = if matches!(self.peek(), b'e' | b'E') { Some(self.exponent()?) } else { None };
        let n_whole = if begins_with_zero { 0 } else { n_whole };
        let digits = (digits.n <= MAX_DIGITS).then_some(digits.value);
        Ok(Number { text: self.slice(start..self.at), is_negative, digits, n_whole, n_fraction, exponent })
    }

    fn digits(&mut self, digits: &mut Digits) -> usize {
        let start = self.at;
        while let digit @ b'0'..=b'9' = self.peek() {
            digits.push(digit - b'0');
            self.at += 1;
        }
        self.at - start
    }

    fn exponent(&mut self) -> Result<i64, NotJson> {
        self.at += 1;
        let is_negative = self.peek() == b'-';
        self.at += usize::from(matches!(self.peek(), b'-' | b'+'));
        let mut digits = Digits::default();
        if self.digits(&mut digits) == 0 {
            return Err(NotJson);
        }
        let size = if digits.n <= MAX_DIGITS { i64::try_from(digits.value).unwrap_or(i64::MAX) } else { i64::MAX };
        Ok(if is_negative { -size } else { size })
    }
}

/// Decimal digits as they come in.
#[derive(Default)]
struct Digits {
    value: u64,
    /// Without leading zeros.
    n: usize,
}

impl Digits {
    fn push(&mut self, digit: u8) {
        self.value = self.value.wrapping_mul(10).wrapping_add(u64::from(digit));
        self.n += usize::from(self.n > 0 || digit != 0);
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Where the next quote, backslash or control character stands, eight bytes at a time.
fn next_special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        let special = zero_bytes(word ^ (ONES * 0x22)) | zero_bytes(word ^ (ONES * 0x5c)) | below_space(word);
        if special != 0 {
            // The lowest mark is exact: borrows run upwards only.
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\') || *byte < 0x20;
    let rest = bytes.get(at..).unwrap_or(&[]);
    at + rest.iter().position(is_special).unwrap_or(rest.len())
}

fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

fn below_space(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGH
}

impl<'a> Quoted<'a> {
    /// The string that is meant; an escape that means nothing is no JSON.
    pub(super) fn text(self) -> Result<Cow<'a, str>, NotJson> {
        if !self.has_escapes {
            return Ok(Cow::Borrowed(self.raw));
        }
        unescape(self.raw).map(Cow::Owned)
    }
}

fn unescape(raw: &str) -> Result<String, NotJson> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let escape = after.chars().next().ok_or(NotJson)?;
        rest = after.get(escape.len_utf8()..).unwrap_or("");
        text.push(match escape {
            '"' | '\\' | '/' => escape,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => code_point(&mut rest)?,
            _ => return Err(NotJson),
        });
    }
    text.push_str(rest);
    Ok(text)
}

/// The character of `\uXXXX`, of which the `\u` is read, or of two of them.
fn code_point(rest: &mut &str) -> Result<char, NotJson> {
    let high = four_digits(rest)?;
    if let Some(character) = char::from_u32(high) {
        return Ok(character);
    }
    *rest = rest.strip_prefix("\\u").ok_or(NotJson)?;
    let low = four_digits(rest)?;
    if !(0xd800..0xdc00).contains(&high) || !(0xdc00..0xe000).contains(&low) {
        return Err(NotJson);
    }
    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or(NotJson)
}

fn four_digits(rest: &mut &str) -> Result<u32, NotJson> {
    let (digits, after) = rest.split_at_checked(4).ok_or(NotJson)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(NotJson);
    }
    *rest = after;
    u32::from_str_radix(digits, 16).map_err(|_| NotJson)
}

impl Number<'_> {
    /// Written without point and exponent.
    pub(super) fn is_whole(&self) -> bool {
        self.n_fraction == 0 && self.exponent.is_none()
    }

    /// The integer, when it is written as one and is not too long.
    pub(super) fn as_i64(&self) -> Option<i64> {
        let digits = i64::try_from(self.digits.filter(|_| self.is_whole())?).ok()?;
        Some(if self.is_negative { -digits } else { digits })
    }

    /// The nearest double, when one division or multiplication gives it and every reader agrees on it.
    pub(super) fn as_exact_f64(&self) -> Option<f64> {
        const POWERS: [f64; 23] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
            1e21, 1e22,
        ];
        let digits = self.digits.filter(|digits| *digits <= 1 << 53)?;
        let power = self.exponent.unwrap_or(0).checked_sub(i64::try_from(self.n_fraction).ok()?)?;
        let factor = POWERS.get(usize::try_from(power.unsigned_abs()).ok()?)?;
        // At most 2^53: exact.
        let size = digits as f64;
        let size = if power < 0 { size / factor } else { size * factor };
        Some(if self.is_negative { -size } else { size })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, next_special};

    fn number(text: &str) -> Option<(Option<i64>, Option<f64>)> {
        let mut cursor = Cursor::new(text);
        let number = cursor.number().ok()?;
        cursor.is_at_end().then_some((number.as_i64(), number.as_exact_f64()))
    }

    fn string(text: &str) -> Option<String> {
        let mut cursor = Cursor::new(text);
        let quoted = cursor.string().ok()?;
        if !cursor.is_at_end() {
            return None;
        }
        quoted.text().ok().map(std::borrow::Cow::into_owned)
    }

    #[test]
    fn numbers_are_those_of_json() {
        assert_eq!(number("-12"), Some((Some(-12), Some(-12.0))));
        assert_eq!(number("0.5"), Some((None, Some(0.5))));
        assert_eq!(number("1.25e2"), Some((None, Some(125.0))));
        assert_eq!(number("9007199254740993"), Some((Some(9_007_199_254_740_993), None)));
        assert_eq!(number("123456789012345678901"), Some((None, None)));
        for wrong in ["01", "-", "1.", ".5", "1e", "+1", "NaN", ""] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn strings_are_those_of_json() {
        assert_eq!(string(r#""plain text, long""#).as_deref(), Some("plain text, long"));
        assert_eq!(string(r#""a\"b\\\/\n\u00e9\ud83d\ude00""#).as_deref(), Some("a\"b\\/\n\u{e9}\u{1f600}"));
        for wrong in [r#""open"#, r#""\x""#, r#""\ud83d""#, r#""\ude00""#, r#""\u12""#, "\"a\tb\"", "\"\\", "\"\\é"] {
            assert_eq!(string(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_next_special_byte_is_found_at_any_distance() {
        for length in 0..40 {
            for special in ['"', '\\', '\n', '\u{1f}'] {
                let text = format!("{}{special}xxxxxxxxx\"", "\u{e9}".repeat(length / 2) + &"~".repeat(length % 2));
                assert_eq!(next_special(text.as_bytes(), 0), text.find(special).expect("it is there"));
            }
        }
    }
}
