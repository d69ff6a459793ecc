//! Rows of cells as aligned text, CSV and Markdown. Knows how each format is kept safe, and not what the cells say.

use super::clean;
use super::markdown::escape::prose_in_table;
use super::text::{BOLD, TextOptions, columns};
use std::fmt::Write as _;

/// A table with a heading. Every row has as many cells as the heading.
pub(super) struct Grid {
    pub(super) heading: Vec<&'static str>,
    /// The columns that hold figures, which stand to the right.
    pub(super) figures: Vec<usize>,
    pub(super) rows: Vec<Vec<String>>,
}

/// Characters of a cell of a text table; CSV has all of them.
const MAX_CELL: usize = 120;

impl Grid {
    pub(super) fn new(heading: &[&'static str], rows: Vec<Vec<String>>) -> Grid {
        Grid { heading: heading.to_vec(), figures: Vec::new(), rows }
    }

    /// Columns that are as wide as their widest cell.
    pub(super) fn text(&self, options: &TextOptions) -> String {
        let heading: Vec<String> = self.heading.iter().map(|&name| name.to_owned()).collect();
        let cell = |cell: &String| clean::line(&clean::clipped(cell, MAX_CELL)).into_owned();
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let widest =
            |index: usize| rows.iter().chain([&heading]).filter_map(|row| row.get(index)).map(|cell| columns(cell)).max();
        let widths: Vec<usize> = (0..heading.len()).map(|index| widest(index).unwrap_or(0)).collect();
        let mut out = format!("{}\n", options.paint(BOLD, &self.aligned(&heading, &widths)));
        for row in &rows {
            out.push_str(&self.aligned(row, &widths));
            out.push('\n');
        }
        out
    }

    fn aligned(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let padding = " ".repeat(width.saturating_sub(columns(cell)));
            let (before, after) = if self.figures.contains(&index) { (padding.as_str(), "") } else { ("", padding.as_str()) };
            let _ = write!(line, "  {before}{cell}{after}");
        }
        line.trim_end().to_owned()
    }

    /// RFC 4180, with a heading; no cell is a formula to the program that opens it.
    pub(super) fn csv(&self) -> String {
        let heading = self.heading.iter().map(|&name| name.to_owned()).collect();
        let lines = [&heading].into_iter().chain(&self.rows);
        lines.map(|row| format!("{}\r\n", row.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(","))).collect()
    }

    pub(super) fn markdown(&self) -> String {
        let mut out = format!("| {} |\n|", self.heading.join(" | "));
        for index in 0..self.heading.len() {
            out.push_str(if self.figures.contains(&index) { "--:|" } else { "---|" });
        }
        out.push('\n');
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| prose_in_table(cell)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        out
    }
}

/// A cell of CSV. Spreadsheets run what begins with one of these characters: a quote before it makes it text.
fn csv_cell(raw: &str) -> String {
    let clean: String = raw.lines().map(clean::line).collect::<Vec<_>>().join("\n");
    let is_formula = clean.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let safe = if is_formula { format!("'{clean}") } else { clean };
    if safe.contains([',', '"', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::{Grid, csv_cell};
    use crate::report::text::TextOptions;

    fn grid() -> Grid {
        let rows = vec![vec!["trades".to_owned(), "85,000".to_owned()], vec!["a|b <i>\nc".to_owned(), "7".to_owned()]];
        Grid { figures: vec![1], ..Grid::new(&["feed", "rows"], rows) }
    }

    #[test]
    fn figures_stand_to_the_right() {
        let text = grid().text(&TextOptions::default());
        assert_eq!(text, "  feed         rows\n  trades     85,000\n  a|b <i>␊c       7\n");
    }

    #[test]
    fn a_cell_of_csv_is_never_a_formula() {
        for formula in ["=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", " =1", "＝1"] {
            assert!(csv_cell(formula).trim_start_matches('"').starts_with('\''), "{formula}");
        }
        assert_eq!(csv_cell("\t=1"), "␉=1");
        assert_eq!(csv_cell("a,b"), "\"a,b\"");
        assert_eq!(csv_cell("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(csv_cell("two\nlines"), "\"two\nlines\"");
        assert_eq!(csv_cell("plain"), "plain");
    }

    #[test]
    fn a_cell_of_markdown_is_never_markup() {
        assert_eq!(grid().markdown(), "| feed | rows |\n|---|--:|\n| trades | 85,000 |\n| a\\|b &lt;i&gt;␊c | 7 |\n");
    }
}
