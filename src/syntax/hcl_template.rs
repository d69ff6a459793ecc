//! A template of Terraform in pieces: the text between its holes, decoded, and the expressions in them. A file that
//! `templatefile` reads, and a template that stands in a `.tf` file, come to the same pieces.

use super::embed::Embedded;
use super::hcl_lex::hole_end;
use super::hcl_lower::{Host, Lowering};
use super::hcl_text::{Style, decode, heredoc};
use super::node::{Document, Format, NodeId, Operator, Value};
use crate::text::{FileId, Span, offset};
use std::ops::Range;
use std::sync::Arc;

/// A piece of a template.
#[derive(Debug, Clone)]
pub enum Piece {
    Text(Embedded),
    /// `${…}`: the expression, and where the hole stands.
    Hole(NodeId, Span),
    /// `${…}` that is no expression of Terraform.
    Broken(Span),
    /// `%{…}`: what it does to the text around it is not worked out.
    Directive(Span),
}

/// Reads a file as `templatefile` does: the document holds the expressions of its holes.
pub fn parse(file: FileId, source: &Arc<str>) -> (Document, Vec<Piece>) {
    let mut document = Document::new(file, source.clone());
    document.format = Format::Hcl;
    let (mut pieces, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = source.get(at..).and_then(|rest| rest.find(['$', '%'])) {
        let start = at + found;
        let rest = source.get(start..).unwrap_or_default().as_bytes();
        match rest {
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => at = start + 3,
            [mark @ (b'$' | b'%'), b'{', ..] => {
                let end = source.floor_char_boundary(hole_end(source, start).max(start + 2));
                pieces.extend(text(file, source, from..start, Style::Bare));
                let span = Span::new(file, start..end);
                pieces.push(if *mark == b'%' { Piece::Directive(span) } else { hole(&mut document, source, span) });
                (from, at) = (end, end);
            }
            _ => at = start + 1,
        }
    }
    pieces.extend(text(file, source, from..source.len(), Style::Bare));
    (document, pieces)
}

fn text(file: FileId, source: &str, range: Range<usize>, style: Style) -> Option<Piece> {
    let (text, map) = decode(source, range.clone(), style).into_map(file, range);
    (!text.is_empty()).then_some(Piece::Text(Embedded { text, map }))
}

fn hole(document: &mut Document, source: &str, span: Span) -> Piece {
    let written = source.get(span.range()).unwrap_or_default();
    let Ok(template) = hcl_edit::parser::parse_template(written) else { return Piece::Broken(span) };
    let mut problems = Vec::new();
    let host = Host::File(span.range().start);
    let mut lowering = Lowering { document, problems: &mut problems, text: written, host, depth: 0 };
    let value = lowering.bare_template(&template);
    match value {
        Value::Expression { operator: Operator::Template, operands, .. } => match document.items(operands) {
            [expression] => Piece::Hole(*expression, span),
            _ => Piece::Broken(span),
        },
        _ => Piece::Broken(span),
    }
}

/// The pieces of a string or a template of a `.tf` file; `None` for anything else, and for templates in JSON.
pub fn pieces(document: &Document, node: NodeId) -> Option<Vec<Piece>> {
    if let Value::String(_) = document.value(node) {
        return Some(vec![Piece::Text(super::embed::embedded(document, node)?)]);
    }
    let Value::Expression { operator: Operator::Template, operands, .. } = document.value(node) else { return None };
    let (source, whole) = (document.source(), document.span(node));
    if document.format != Format::Hcl || whole.file != document.file() {
        return None;
    }
    let is_heredoc = source.get(whole.range()).is_some_and(|written| written.starts_with("<<"));
    let style = if is_heredoc { heredoc(source, whole.range())?.1 } else { Style::Quoted };
    let piece = |operand: &NodeId| {
        let span = document.span(*operand);
        match document.value(*operand) {
            _ if is_directive(source, span) => Some(Piece::Hole(*operand, span)),
            Value::String(_) if !is_in_hole(source, span) => text(document.file(), source, span.range(), style),
            _ => Some(Piece::Hole(*operand, widened(source, span))),
        }
    };
    Some(document.items(operands).iter().filter_map(piece).collect())
}

fn is_directive(source: &str, span: Span) -> bool {
    source.get(span.range()).is_some_and(|written| written.starts_with("%{"))
}

/// A string may be the text between holes, or the expression in one.
fn is_in_hole(source: &str, span: Span) -> bool {
    let before = source.get(..span.start as usize).unwrap_or_default().trim_end();
    before.ends_with("${") || before.ends_with("${~")
}

/// The hole around an expression.
fn widened(source: &str, span: Span) -> Span {
    let before = source.get(..span.start as usize).unwrap_or_default();
    let start = before.rfind("${").unwrap_or(before.len());
    let after = source.get(span.end as usize..).unwrap_or_default();
    let end = after.find('}').map_or(0, |at| at + 1);
    Span { start: offset(start), end: span.end + offset(end), ..span }
}

#[cfg(test)]
mod tests {
    use super::{Piece, parse, pieces};
    use crate::syntax::hcl;
    use crate::syntax::testing::{file, for_each_mutation};
    use crate::text::{Files, Side, SourceFile};

    fn shown(source: &str, pieces: &[Piece]) -> String {
        let slice = |span: &crate::text::Span| source.get(span.range()).unwrap_or("?").to_owned();
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => format!("{:?}", text.text),
            Piece::Hole(_, span) => format!("hole {}", slice(span)),
            Piece::Broken(span) => format!("broken {}", slice(span)),
            Piece::Directive(span) => format!("directive {}", slice(span)),
        };
        pieces.iter().map(piece).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_file_falls_into_text_and_holes() {
        let text = "a: $${b}\nc: ${d.e} $$ %%{f} ${sys.get_env(\"x\")}\n%{ if g }h%{ endif }";
        let (_, pieces) = parse(file(), &text.into());
        assert_eq!(
            shown(text, &pieces),
            "\"a: ${b}\\nc: \" | hole ${d.e} | \" $$ %{f} \" | broken ${sys.get_env(\"x\")} | \"\\n\" | \
             directive %{ if g } | \"h\" | directive %{ endif }"
        );
    }

    #[test]
    fn a_heredoc_falls_into_the_same_pieces() {
        let text = "a = <<-EOT\n    b: $${c}\n      d: ${ e.f }\n  EOT\n";
        let parsed = hcl::parse(file(), &text.into());
        let node = parsed.document.get(parsed.document.roots[0], "a").expect("it is there");
        let pieces = pieces(&parsed.document, node).expect("it is a template");
        assert_eq!(shown(text, &pieces), "\"b: ${c}\\n  d: \" | hole ${ e.f } | \"\\n\"");
    }

    #[test]
    fn no_mutation_leads_out_of_the_file() {
        for_each_mutation(&["a: $${b}\nc: ${d.é} %{ if g }h%{ endif } ${jsonencode({a=\"}\"})}\n"], 3_000, |text| {
            let mut files = Files::default();
            let path = crate::text::RepoPath::new("a.yaml").expect("a plain name");
            let id = files.push(SourceFile::new(Side::Head, path, text.clone()));
            for piece in parse(id, text).1 {
                if let Piece::Hole(_, span) | Piece::Broken(span) | Piece::Directive(span) = piece {
                    assert!(text.get(span.range()).is_some(), "{text:?}");
                }
            }
        });
    }
}
