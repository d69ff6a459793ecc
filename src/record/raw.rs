//! A record with everything that stands in its text: the order of keys, keys that come twice, the digits of numbers, and
//! where each value stands. For records that are complained of.

use super::cursor::{Cursor, MAX_DEPTH, NotJson, Number};
use std::borrow::Cow;
use std::ops::Range;

#[derive(Debug, Clone)]
pub(super) struct Raw<'a> {
    pub(super) range: Range<usize>,
    pub(super) value: RawValue<'a>,
}

#[derive(Debug, Clone)]
pub(super) enum RawValue<'a> {
    Null,
    Bool,
    Number(Number<'a>),
    Text(Cow<'a, str>),
    List(Vec<Raw<'a>>),
    Map(Vec<Member<'a>>),
}

#[derive(Debug, Clone)]
pub(super) struct Member<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) key_range: Range<usize>,
    pub(super) value: Raw<'a>,
}

impl<'a> Raw<'a> {
    /// Reads a text that holds one value and nothing else.
    pub(super) fn read(text: &'a str) -> Result<Raw<'a>, NotJson> {
        let mut cursor = Cursor::new(text);
        let value = value(&mut cursor, 0)?;
        cursor.space();
        if cursor.is_at_end() { Ok(value) } else { Err(NotJson) }
    }

    /// The value at a JSON pointer; of a key that comes twice, the last, as readers take it.
    pub(super) fn at(&self, pointer: &str) -> Option<&Raw<'a>> {
        pointer.split('/').skip(1).try_fold(self, |raw, part| raw.child(&part.replace("~1", "/").replace("~0", "~")))
    }

    fn child(&self, part: &str) -> Option<&Raw<'a>> {
        match &self.value {
            RawValue::List(items) => items.get(part.parse::<usize>().ok()?),
            RawValue::Map(members) => members.iter().rev().find(|member| member.key == part).map(|member| &member.value),
            RawValue::Null | RawValue::Bool | RawValue::Number(_) | RawValue::Text(_) => None,
        }
    }

    /// Where a key of this object stands.
    pub(super) fn key_range(&self, key: &str) -> Option<Range<usize>> {
        let RawValue::Map(members) = &self.value else { return None };
        members.iter().find(|member| member.key == key).map(|member| member.key_range.clone())
    }
}

fn value<'a>(cursor: &mut Cursor<'a>, depth: u32) -> Result<Raw<'a>, NotJson> {
    if depth > MAX_DEPTH {
        return Err(NotJson);
    }
    let sign = cursor.next_sign();
    let start = cursor.at();
    let value = match sign {
        b'"' => RawValue::Text(cursor.string()?.text()?),
        b'{' => RawValue::Map(map(cursor, depth)?),
        b'[' => RawValue::List(list(cursor, depth)?),
        b't' => cursor.word("true").map(|()| RawValue::Bool)?,
        b'f' => cursor.word("false").map(|()| RawValue::Bool)?,
        b'n' => cursor.word("null").map(|()| RawValue::Null)?,
        _ => RawValue::Number(cursor.number()?),
    };
    Ok(Raw { range: start..cursor.at(), value })
}

fn map<'a>(cursor: &mut Cursor<'a>, depth: u32) -> Result<Vec<Member<'a>>, NotJson> {
    let mut members = Vec::new();
    cursor.step();
    if cursor.next_sign() == b'}' {
        cursor.step();
        return Ok(members);
    }
    loop {
        cursor.space();
        let start = cursor.at();
        let key = cursor.string()?.text()?;
        let key_range = start..cursor.at();
        cursor.sign(b':')?;
        members.push(Member { key, key_range, value: value(cursor, depth + 1)? });
        if !goes_on(cursor, b'}')? {
            return Ok(members);
        }
    }
}

fn list<'a>(cursor: &mut Cursor<'a>, depth: u32) -> Result<Vec<Raw<'a>>, NotJson> {
    let mut items = Vec::new();
    cursor.step();
    if cursor.next_sign() == b']' {
        cursor.step();
        return Ok(items);
    }
    loop {
        items.push(value(cursor, depth + 1)?);
        if !goes_on(cursor, b']')? {
            return Ok(items);
        }
    }
}

/// Goes over a comma, or over the sign that ends the list or map.
pub(super) fn goes_on(cursor: &mut Cursor<'_>, end: u8) -> Result<bool, NotJson> {
    let sign = cursor.next_sign();
    cursor.step();
    match sign {
        b',' => Ok(true),
        sign if sign == end => Ok(false),
        _ => Err(NotJson),
    }
}
