//! The lines around the labels of one finding, made safe and short, as a source that miette can draw.
//!
//! miette draws what it is given: a line of 70,000 columns makes it panic, an escape code reaches the terminal, and its
//! own sources scan the file from its first byte for every label. So it is given a text of our own making: only the lines
//! that are shown, clipped around their labels, each character safe, and a line break at the end even where the file has
//! none. Offsets of labels are offsets of this text.

use super::clean;
use crate::text::{BOM, SourceFile};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::collections::BTreeSet;
use std::ops::Range;

/// A label over more lines than this is drawn on its first line only.
const MAX_LABEL_LINES: usize = 6;

/// Lines of a file, ready to be drawn.
#[derive(Debug)]
pub(crate) struct Excerpt {
    text: String,
    lines: Vec<ShownLine>,
}

#[derive(Debug)]
struct ShownLine {
    /// Counted from 0, as in the file.
    number: usize,
    /// Of `Excerpt::text`, with the line break.
    shown: Range<usize>,
    /// Bytes of the file, and where they stand in `Excerpt::text`; the last pair is the end.
    places: Vec<(usize, usize)>,
}

/// Where a label stands in lines.
#[derive(Clone)]
struct Marked {
    range: Range<usize>,
    lines: Range<usize>,
}

impl Excerpt {
    /// Cuts the lines around `ranges` out of `file`, each line at most `width` characters wide. The first range is the
    /// one that must be seen. Gives where each range stands in the excerpt; `None` where it was clipped away.
    pub(crate) fn cut(file: &SourceFile, ranges: &[Range<usize>], width: usize) -> (Excerpt, Vec<Option<Range<usize>>>) {
        let marked: Vec<Marked> = ranges.iter().map(|range| mark(file, range)).collect();
        // What follows the last line break is a line only where a label says so.
        let n_lines = file.line_starts().len() - usize::from(file.text.ends_with(['\n', '\r']));
        let numbers: BTreeSet<usize> = marked
            .iter()
            .flat_map(|mark| mark.lines.start.saturating_sub(1)..(mark.lines.end + 1).min(n_lines.max(mark.lines.end)))
            .collect();
        let mut excerpt = Excerpt { text: String::new(), lines: Vec::new() };
        for number in numbers {
            excerpt.push_line(file, number, &marked, width);
        }
        let shown = marked.iter().map(|mark| excerpt.place(mark)).collect();
        (excerpt, shown)
    }

    fn push_line(&mut self, file: &SourceFile, number: usize, marked: &[Marked], width: usize) {
        let line = file.line_range(crate::text::offset(number) + 1);
        let anchor = marked.iter().find(|mark| mark.lines.contains(&number)).map_or(line.start, |mark| mark.range.start);
        let window = window(&file.text, line.clone(), anchor, width);
        let start = self.text.len();
        if window.start > line.start {
            self.text.push('…');
        }
        let mut places = Vec::new();
        for (at, character) in file.text.get(window.clone()).unwrap_or("").char_indices() {
            places.push((window.start + at, self.text.len()));
            match character {
                BOM if window.start + at == 0 => {}
                // miette widens tabs to the next stop, and draws its marks accordingly.
                '\t' => self.text.push('\t'),
                character => clean::push(&mut self.text, character),
            }
        }
        places.push((window.end, self.text.len()));
        if window.end < line.end {
            self.text.push('…');
        }
        self.text.push('\n');
        self.lines.push(ShownLine { number, shown: start..self.text.len(), places });
    }

    fn place(&self, mark: &Marked) -> Option<Range<usize>> {
        let first = self.line(mark.lines.start)?;
        let last = self.line(mark.lines.end.saturating_sub(1))?;
        let is_seen = |line: &ShownLine, at: usize| line.places.first().is_some_and(|(start, _)| *start <= at);
        let ends_before = first.places.last().is_some_and(|(end, _)| *end < mark.range.start);
        if !is_seen(first, mark.range.start) || ends_before {
            return None;
        }
        let start = first.shown_at(mark.range.start);
        let end = last.shown_at(mark.range.end).max(start);
        Some(start..end)
    }

    fn line(&self, number: usize) -> Option<&ShownLine> {
        self.lines.binary_search_by_key(&number, |line| line.number).ok().and_then(|index| self.lines.get(index))
    }
}

impl ShownLine {
    fn shown_at(&self, at: usize) -> usize {
        let index = self.places.partition_point(|(original, _)| *original < at);
        self.places.get(index).or(self.places.last()).map_or(self.shown.start, |(_, shown)| *shown)
    }
}

/// The lines that a range touches; shortened to its first line when it is long.
fn mark(file: &SourceFile, range: &Range<usize>) -> Marked {
    let starts = file.line_starts();
    let line_of = |at: usize| starts.partition_point(|start| (*start as usize) <= at).max(1) - 1;
    let start = file.text.floor_char_boundary(range.start);
    let end = file.text.ceil_char_boundary(range.end.min(file.text.len())).max(start);
    let first = line_of(start);
    let last = line_of(end.saturating_sub(1).max(start));
    if last - first < MAX_LABEL_LINES {
        return Marked { range: start..end, lines: first..last + 1 };
    }
    let end = file.line_range(crate::text::offset(first) + 1).end.max(start);
    Marked { range: start..end, lines: first..first + 1 }
}

/// The part of a line that is shown: `width` characters, `anchor` in its first third.
fn window(text: &str, line: Range<usize>, anchor: usize, width: usize) -> Range<usize> {
    let anchor = anchor.clamp(line.start, line.end);
    let before = text.get(line.start..anchor).unwrap_or("");
    let after = text.get(anchor..line.end).unwrap_or("");
    let fits = |text: &str, limit: usize| text.char_indices().nth(limit).is_none();
    if fits(before, width) && fits(after, width) && before.chars().count() + after.chars().count() <= width {
        return line;
    }
    let n_before = width / 3;
    let start = before.char_indices().rev().nth(n_before.saturating_sub(1)).map_or(line.start, |(at, _)| line.start + at);
    let n_after = width - before.get(start - line.start..).unwrap_or("").chars().count();
    let end = after.char_indices().nth(n_after).map_or(line.end, |(at, _)| anchor + at);
    start..end
}

impl SourceCode for Excerpt {
    /// The lines of a span with their neighbours. Only lines that are neighbours in the file are put together.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        context_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let line_of = |at: usize| self.lines.partition_point(|line| line.shown.end <= at);
        let mut first = line_of(span.offset());
        let mut last = line_of((span.offset() + span.len()).saturating_sub(1).max(span.offset()));
        if last >= self.lines.len() {
            return Err(MietteError::OutOfBounds);
        }
        let follows = |index: usize| match (self.lines.get(index.wrapping_sub(1)), self.lines.get(index)) {
            (Some(before), Some(after)) => before.number + 1 == after.number,
            _ => false,
        };
        for _ in 0..context_before {
            first -= usize::from(follows(first));
        }
        for _ in 0..context_after {
            last += usize::from(follows(last + 1));
        }
        let (Some(from), Some(to)) = (self.lines.get(first), self.lines.get(last)) else {
            return Err(MietteError::OutOfBounds);
        };
        let range = from.shown.start..to.shown.end;
        let data = self.text.as_bytes().get(range.clone()).ok_or(MietteError::OutOfBounds)?;
        let shown = SourceSpan::from((range.start, range.len()));
        Ok(Box::new(MietteSpanContents::new(data, shown, from.number, 0, last - first + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{RepoPath, Side};

    fn cut(text: &str, ranges: &[(usize, usize)]) -> (String, Vec<Option<String>>) {
        let path = RepoPath::new("a.yaml").expect("a plain name");
        let file = SourceFile::new(Side::Head, path, text.into());
        let ranges: Vec<Range<usize>> = ranges.iter().map(|(start, end)| *start..*end).collect();
        let (excerpt, places) = Excerpt::cut(&file, &ranges, 30);
        let shown = places.into_iter().map(|place| place.map(|place| excerpt.text[place].to_owned())).collect();
        (excerpt.text, shown)
    }

    #[test]
    fn only_the_lines_around_a_label_are_kept() {
        let (text, shown) = cut("a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\ne: 5\r\n", &[(15, 16)]);
        assert_eq!(text, "b: 2\nc: 3\nd: 4\n");
        assert_eq!(shown, [Some("3".to_owned())]);
    }

    #[test]
    fn a_long_line_is_clipped_around_its_label() {
        let long = format!("{}HERE{}", "x".repeat(70_000), "y".repeat(70_000));
        let (text, shown) = cut(&long, &[(70_000, 70_004)]);
        assert_eq!(text, format!("…{}HERE{}…\n", "x".repeat(10), "y".repeat(16)));
        assert_eq!(shown, [Some("HERE".to_owned())]);
        let (_, shown) = cut(&long, &[(70_000, 70_004), (0, 3)]);
        assert_eq!(shown, [Some("HERE".to_owned()), None]);
    }

    #[test]
    fn the_end_of_the_file_is_a_place() {
        let (text, shown) = cut("a: 1", &[(4, 4)]);
        assert_eq!((text.as_str(), shown), ("a: 1\n", vec![Some(String::new())]));
        let (text, shown) = cut("", &[(0, 0)]);
        assert_eq!((text.as_str(), shown), ("\n", vec![Some(String::new())]));
    }

    #[test]
    fn a_label_keeps_its_place_beside_replaced_characters() {
        let (text, shown) = cut("\u{feff}k\u{1b}[1m: \u{202e}value", &[(13, 18)]);
        assert_eq!(text, "k␛[1m: �value\n");
        assert_eq!(shown, [Some("value".to_owned())]);
    }
}
