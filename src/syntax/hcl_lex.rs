//! A forgiving lexer of HCL: where strings, heredocs, comments, template holes and brackets begin and end.
//! It cuts a broken file into its top-level items and finds what was left open. Knows no expressions.

use std::ops::Range;

/// What is open at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Open {
    /// `{`, `[` or `(`, and where.
    Bracket(u8, usize),
    /// A quoted string.
    Quote(usize),
    /// A heredoc: its `<<` and the range of its delimiter.
    Heredoc(usize, Range<usize>),
    /// `${` or `%{`.
    Hole(usize),
}

/// What the lexer reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Newline,
    Comment,
    /// Text of a string or a heredoc.
    Text,
    /// A run of anything else that stands between blanks.
    Code,
    Flaw(Flaw),
}

/// What is wrong with strings and brackets; the ranges are where it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    OpenQuote(Range<usize>),
    OpenHeredoc(Range<usize>),
    NeverClosed(Range<usize>),
    /// The bracket that closes, and what it meets.
    Mismatch(Range<usize>, Option<Range<usize>>),
}

/// A top-level item of a file: an attribute or a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) range: Range<usize>,
    pub(super) flaw: Option<Flaw>,
}

pub(super) struct Lexer<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    stack: Vec<Open>,
    /// How many of `stack` are strings and heredocs.
    n_texts: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str, at: usize) -> Lexer<'s> {
        Lexer { text, bytes: text.as_bytes(), at, stack: Vec::new(), n_texts: 0 }
    }

    fn peek(&self, offset: usize) -> Option<u8> {
        self.bytes.get(self.at + offset).copied()
    }

    /// The brackets `{`, `[`, `(` and holes that are open, outermost first.
    pub(super) fn innermost(&self) -> Option<u8> {
        match self.stack.last()? {
            Open::Bracket(byte, _) => Some(*byte),
            Open::Quote(_) | Open::Heredoc(..) => Some(b'"'),
            Open::Hole(_) => Some(b'$'),
        }
    }

    /// Whether the innermost bracket is the brace of `{ for … }`.
    fn is_in_for_object(&self) -> bool {
        let Some(Open::Bracket(b'{', at)) = self.stack.last() else { return false };
        let inside = self.text.get(*at + 1..).unwrap_or("").trim_start();
        inside.strip_prefix("for").is_some_and(|rest| rest.starts_with(char::is_whitespace))
    }

    pub(super) fn next(&mut self) -> Option<(Token, Range<usize>)> {
        let start = self.at;
        self.peek(0)?;
        let token = match self.stack.last().cloned() {
            Some(Open::Quote(open)) => self.quoted(open),
            Some(Open::Heredoc(_, delimiter)) => self.heredoc(&delimiter),
            _ => self.code(),
        };
        // Every arm moves; this holds the promise against an arm that does not.
        self.at = self.at.max(start + 1);
        Some((token, start..self.at))
    }

    fn code(&mut self) -> Token {
        match (self.peek(0), self.peek(1)) {
            (Some(b'\n'), _) => self.take(1, Token::Newline),
            (Some(b'#'), _) | (Some(b'/'), Some(b'/')) => self.line_comment(),
            (Some(b'/'), Some(b'*')) => self.block_comment(),
            (Some(b'"'), _) => self.open(Open::Quote(self.at), 1),
            (Some(b'<'), Some(b'<')) => self.open_heredoc(),
            (Some(byte @ (b'{' | b'[' | b'(')), _) => self.open(Open::Bracket(byte, self.at), 1),
            (Some(byte @ (b'}' | b']' | b')')), _) => self.close(byte),
            _ => self.run(),
        }
    }

    fn take(&mut self, n_bytes: usize, token: Token) -> Token {
        self.at = (self.at + n_bytes).min(self.bytes.len());
        token
    }

    fn open(&mut self, open: Open, n_bytes: usize) -> Token {
        self.n_texts += usize::from(matches!(open, Open::Quote(_) | Open::Heredoc(..)));
        self.stack.push(open);
        self.take(n_bytes, Token::Code)
    }

    fn close(&mut self, byte: u8) -> Token {
        let here = self.at..self.at + 1;
        self.at += 1;
        match self.stack.last() {
            Some(Open::Hole(_)) if byte == b'}' => {}
            Some(Open::Bracket(open, _)) if closing(*open) == byte => {}
            Some(Open::Bracket(_, at) | Open::Hole(at)) => return Token::Flaw(Flaw::Mismatch(here, Some(*at..at + 1))),
            _ => return Token::Flaw(Flaw::Mismatch(here, None)),
        }
        self.stack.pop();
        Token::Code
    }

    fn rest(&self) -> &'s [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    fn line_comment(&mut self) -> Token {
        let length = memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
        self.take(length, Token::Comment)
    }

    fn block_comment(&mut self) -> Token {
        let end = self.rest().get(2..).and_then(|body| memchr::memmem::find(body, b"*/"));
        self.take(end.map_or(self.rest().len(), |end| end + 4), Token::Comment)
    }

    /// Blanks, or letters, digits and signs up to the next byte that means something to the lexer.
    fn run(&mut self) -> Token {
        let stops =
            |byte: &u8| matches!(byte, b'\n' | b'#' | b'/' | b'"' | b'<' | b'{' | b'[' | b'(' | b'}' | b']' | b')' | b' ');
        let length = self.rest().iter().skip(1).position(stops).map_or(self.rest().len(), |length| length + 1);
        self.take(length, Token::Code)
    }

    fn open_heredoc(&mut self) -> Token {
        let dash = usize::from(self.peek(2) == Some(b'-'));
        let start = self.at + 2 + dash;
        let name = self.text.get(start..).unwrap_or("");
        let length = name.find(|next: char| !is_word(next)).unwrap_or(name.len());
        let after = name.get(length..).unwrap_or("");
        if length == 0 || !(after.starts_with('\n') || after.starts_with("\r\n")) {
            return self.take(2, Token::Code);
        }
        self.open(Open::Heredoc(self.at, start..start + length), 2 + dash + length)
    }

    fn quoted(&mut self, open: usize) -> Token {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(b'"'), _, _) => {
                self.end_text();
                self.take(1, Token::Text)
            }
            (Some(b'\n'), _, _) => {
                self.end_text();
                Token::Flaw(Flaw::OpenQuote(open..open + 1))
            }
            (Some(b'\\'), Some(next), _) if next != b'\n' => self.take(2, Token::Text),
            _ => self.template(|byte| matches!(byte, b'"' | b'\n' | b'\\' | b'$' | b'%')),
        }
    }

    fn heredoc(&mut self, delimiter: &Range<usize>) -> Token {
        if self.peek(0) != Some(b'\n') {
            return self.template(|byte| matches!(byte, b'\n' | b'$' | b'%'));
        }
        let line = self.text.get(self.at + 1..).unwrap_or("");
        let trimmed = line.trim_start_matches([' ', '\t']);
        let name = self.text.get(delimiter.clone()).unwrap_or("");
        let ends = trimmed.strip_prefix(name).is_some_and(|after| !after.starts_with(is_word));
        if ends {
            self.end_text();
            return self.take(1 + line.len() - trimmed.len() + name.len(), Token::Text);
        }
        self.take(1, Token::Text)
    }

    /// Template text up to a byte that `stops`, or the beginning of a hole.
    fn template(&mut self, stops: impl Fn(u8) -> bool) -> Token {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (Some(b'$'), Some(b'$'), Some(b'{')) | (Some(b'%'), Some(b'%'), Some(b'{')) => self.take(3, Token::Text),
            (Some(b'$' | b'%'), Some(b'{'), _) => self.open(Open::Hole(self.at), 2),
            _ => {
                let length =
                    self.rest().iter().skip(1).position(|byte| stops(*byte)).map_or(self.rest().len(), |length| length + 1);
                self.take(length, Token::Text)
            }
        }
    }

    /// What is still open, as a flaw: the string if there is one, else the outermost bracket.
    fn left_open(&self) -> Option<Flaw> {
        let quote = self.stack.iter().find_map(|open| match open {
            Open::Quote(at) => Some(Flaw::OpenQuote(*at..at + 1)),
            Open::Heredoc(at, delimiter) => Some(Flaw::OpenHeredoc(*at..delimiter.end)),
            Open::Bracket(..) | Open::Hole(_) => None,
        });
        quote.or_else(|| match self.stack.first()? {
            Open::Bracket(_, at) | Open::Hole(at) => Some(Flaw::NeverClosed(*at..at + 1)),
            Open::Quote(_) | Open::Heredoc(..) => None,
        })
    }

    fn end_text(&mut self) {
        self.stack.pop();
        self.n_texts = self.n_texts.saturating_sub(1);
    }
}

/// The end of the hole that begins with `${` or `%{` at `at`: behind its `}`.
pub(super) fn hole_end(text: &str, at: usize) -> usize {
    let mut lexer = Lexer::new(text, at + 2);
    lexer.stack.push(Open::Hole(at));
    while !lexer.stack.is_empty() && lexer.next().is_some() {}
    lexer.at
}

/// Cuts a file into its top-level items, each with the first flaw of its strings and brackets.
pub(super) fn items(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut lexer = Lexer::new(text, 0);
    let mut current: Option<Item> = None;
    while let Some((token, range)) = lexer.next() {
        let is_line_end = token == Token::Newline || text.get(range.clone()) == Some("\n");
        if is_line_end && !lexer.stack.is_empty() && lexer.n_texts == 0 && begins_block(text, range.end) {
            let open = lexer.left_open();
            if let Some(item) = &mut current {
                item.flaw = item.flaw.take().or(open);
            }
            lexer.stack.clear();
        }
        if let (Token::Flaw(flaw), Some(item)) = (&token, &mut current) {
            item.flaw.get_or_insert(flaw.clone());
        }
        if is_line_end && lexer.stack.is_empty() {
            items.extend(current.take());
            continue;
        }
        let is_blank = token == Token::Comment || text.get(range.clone()).is_some_and(|text| text.trim().is_empty());
        if current.is_some() || !is_blank {
            let flaw = if let Token::Flaw(flaw) = token { Some(flaw) } else { None };
            current.get_or_insert(Item { range: range.clone(), flaw }).range.end = range.end;
        }
    }
    if let Some(mut item) = current {
        item.flaw = item.flaw.or(lexer.left_open());
        items.push(item);
    }
    items
}

/// A line that begins a block of Terraform at its very start: the block before it was not closed.
fn begins_block(text: &str, at: usize) -> bool {
    const BLOCKS: [&str; 13] = [
        "resource",
        "data",
        "variable",
        "output",
        "module",
        "provider",
        "terraform",
        "locals",
        "moved",
        "import",
        "removed",
        "check",
        "ephemeral",
    ];
    let line = text.get(at..).unwrap_or("");
    let word = line.get(..line.find(|next: char| !is_word(next)).unwrap_or(line.len())).unwrap_or("");
    let after = line.get(word.len()..).unwrap_or("").trim_start_matches(' ');
    BLOCKS.contains(&word) && after.starts_with(['"', '{'])
}

/// A copy of the same length in which line breaks and comments are blank where HCL gives them no meaning:
/// inside parentheses, brackets and `for` objects, and behind `=>`. The parser does not read all of these places.
pub(super) fn flattened(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut lexer = Lexer::new(text, 0);
    let mut is_after_arrow = false;
    while let Some((token, range)) = lexer.next() {
        let written = text.get(range.clone()).unwrap_or("");
        let means_nothing = is_after_arrow || matches!(lexer.innermost(), Some(b'(' | b'[')) || lexer.is_in_for_object();
        let is_removable = token == Token::Newline || token == Token::Comment || written == "\r";
        if means_nothing && is_removable {
            bytes.iter_mut().take(range.end).skip(range.start).for_each(|byte| *byte = b' ');
        } else if !written.trim().is_empty() {
            is_after_arrow = written.ends_with("=>");
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn closing(open: u8) -> u8 {
    match open {
        b'{' => b'}',
        b'[' => b']',
        _ => b')',
    }
}

fn is_word(next: char) -> bool {
    next.is_alphanumeric() || next == '_' || next == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        items(text).into_iter().map(|item| text.get(item.range).expect("an item lies in its text")).collect()
    }

    #[test]
    fn a_file_is_cut_into_attributes_and_blocks() {
        let text = "# one\na = [\n 1,\n]\n\nb \"x\" { # {\n  c = \"}${f(\"{\")}\"\n  d = <<EOT\n}\n  EOT\n}\ne = 1";
        assert_eq!(cut(text), ["a = [\n 1,\n]", "b \"x\" { # {\n  c = \"}${f(\"{\")}\"\n  d = <<EOT\n}\n  EOT\n}", "e = 1"]);
    }

    #[test]
    fn an_item_that_is_left_open_ends_where_the_next_block_begins() {
        let text = "resource \"a\" \"b\" {\n  x = [\n\nvariable \"v\" {}\n";
        assert_eq!(cut(text), ["resource \"a\" \"b\" {\n  x = [\n", "variable \"v\" {}"]);
        assert_eq!(items(text)[0].flaw, Some(Flaw::NeverClosed(17..18)));
    }

    #[test]
    fn line_breaks_without_meaning_become_blanks() {
        assert_eq!(
            flattened("a = f(\n1 # x\n,2\n)\nb = {\n for k in x : k =>\n k\n}\n"),
            "a = f( 1     ,2 )\nb = {  for k in x : k =>  k }\n"
        );
        assert_eq!(
            flattened("b = {\n for k in x : k =>\n c\n ? {\n d = 1\n }\n : 2\n}\n"),
            "b = {  for k in x : k =>  c  ? {\n d = 1\n }  : 2 }\n"
        );
        assert_eq!(flattened("a = (<<X\n(\nX\n)\n"), "a = (<<X\n(\nX )\n");
    }

    #[test]
    fn a_hole_ends_at_its_own_brace() {
        assert_eq!(hole_end("${f({a = \"}\"})} }", 0), 15);
    }
}
