//! BigQuery as the parser should know it: the library's dialect with two gaps closed.

use sqlparser::ast::{CastKind, Expr, Statement};
use sqlparser::dialect::{BigQueryDialect, Dialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;
use std::any::TypeId;

const BASE: BigQueryDialect = BigQueryDialect;

/// Everything is answered by the library's dialect but shift operators and typed array literals.
#[derive(Debug)]
pub(super) struct Wrapped;

impl Dialect for Wrapped {
    // The library asks for the type in many places; ours must pass for the one it knows.
    fn dialect(&self) -> TypeId {
        TypeId::of::<BigQueryDialect>()
    }
    fn supports_match_recognize(&self) -> bool {
        true
    }
    fn supports_lambda_functions(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }
    /// `ARRAY<T>[…]` is read as two comparisons otherwise, silently.
    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let is_typed_array = parser.peek_keyword(Keyword::ARRAY) && parser.peek_nth_token_ref(1).token == Token::Lt;
        is_typed_array.then(|| typed_array(parser))
    }
    fn parse_statement(&self, parser: &mut Parser) -> Option<Result<Statement, ParserError>> {
        BASE.parse_statement(parser)
    }
    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        BASE.is_delimited_identifier_start(ch)
    }
    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        BASE.identifier_quote_style(identifier)
    }
    fn is_identifier_start(&self, ch: char) -> bool {
        BASE.is_identifier_start(ch)
    }
    fn is_identifier_part(&self, ch: char) -> bool {
        BASE.is_identifier_part(ch)
    }
    fn is_column_alias(&self, keyword: &Keyword, parser: &mut Parser) -> bool {
        BASE.is_column_alias(keyword, parser)
    }
    fn supports_projection_trailing_commas(&self) -> bool {
        true
    }
    fn supports_column_definition_trailing_commas(&self) -> bool {
        true
    }
    fn supports_triple_quoted_string(&self) -> bool {
        true
    }
    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }
    fn supports_string_literal_backslash_escape(&self) -> bool {
        true
    }
    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }
    fn supports_parenthesized_set_variables(&self) -> bool {
        true
    }
    fn supports_select_wildcard_except(&self) -> bool {
        true
    }
    fn supports_select_wildcard_replace(&self) -> bool {
        true
    }
    fn require_interval_qualifier(&self) -> bool {
        true
    }
    fn supports_struct_literal(&self) -> bool {
        true
    }
    fn supports_select_expr_star(&self) -> bool {
        true
    }
    fn supports_from_first_select(&self) -> bool {
        true
    }
    fn supports_execute_immediate(&self) -> bool {
        true
    }
    fn supports_table_versioning(&self) -> bool {
        true
    }
    fn supports_group_by_expr(&self) -> bool {
        true
    }
    fn supports_pipe_operator(&self) -> bool {
        true
    }
    fn supports_create_table_multi_schema_info_sources(&self) -> bool {
        true
    }
    fn supports_comma_separated_trim(&self) -> bool {
        true
    }
}

fn typed_array(parser: &mut Parser) -> Result<Expr, ParserError> {
    let data_type = parser.parse_data_type()?;
    parser.expect_token(&Token::LBracket)?;
    let list = parser.parse_array_expr(false)?;
    Ok(Expr::Cast { kind: CastKind::Cast, expr: Box::new(list), data_type, format: None })
}
