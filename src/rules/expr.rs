//! CEL expressions over facts: checked against the tables of facts when a rule is loaded, compiled once, evaluated in
//! a scope that is built once for each subject. Knows facts, the policy and options; knows neither rules nor places.

use super::names;
use crate::config::{Config, OptionValue};
use crate::diagnostic::SubjectKind;
use crate::model::facts::{FactValue, Reading};
use cel::common::ast::IdedExpr;
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelNull, CelString, STRING_TYPE};
use cel::common::value::{CowVal, Val};
use cel::context::{Context, VariableResolver};
use cel::{Env, ExecutionError, Value};
use regex::Regex;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Longer expressions are refused: what does not fit into three lines is better said in Rust.
pub const MAX_EXPRESSION_BYTES: usize = 600;

/// How much memory one compiled regular expression may take.
const REGEX_SIZE_LIMIT: usize = 1 << 20;

/// The names that an expression may use.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    pub each: SubjectKind,
    pub options: &'a [(String, OptionValue)],
}

/// Why a text is not an expression of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    /// The byte in the text.
    pub at: usize,
    pub message: String,
    pub help: Option<String>,
}

impl ExprError {
    pub(super) fn new(at: usize, message: impl Into<String>, help: Option<String>) -> ExprError {
        ExprError { at, message: message.into(), help }
    }
}

/// What an expression or a template reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A fact of the subject, by its short name.
    Fact(&'static str),
    Policy(&'static str),
    Option(String),
}

/// A compiled expression.
pub struct Expression {
    /// Facts are single names in it (`feed.owner`), so that they are looked up in one step.
    ast: IdedExpr,
    reads: Vec<Name>,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expression").field("reads", &self.reads).finish_non_exhaustive()
    }
}

impl Expression {
    /// Parses `source` and holds every name in it to the vocabulary.
    pub fn compile(source: &str, vocabulary: Vocabulary<'_>) -> Result<Expression, ExprError> {
        if source.len() > MAX_EXPRESSION_BYTES {
            let message = format!("the expression has {} bytes, at most {MAX_EXPRESSION_BYTES} are taken", source.len());
            return Err(ExprError::new(0, message, None));
        }
        let program = environment().compile(source).map_err(|errors| parse_error(source, &errors))?;
        let mut ast = program.expression().clone();
        let reads = names::resolve(&mut ast, program.source_info(), vocabulary)?;
        Ok(Expression { ast, reads })
    }

    /// Every fact, policy and option that the expression reads, sorted.
    pub fn reads(&self) -> &[Name] {
        &self.reads
    }

    /// The facts among what it reads.
    pub fn facts(&self) -> impl Iterator<Item = &'static str> {
        self.reads.iter().filter_map(|name| if let Name::Fact(name) = name { Some(*name) } else { None })
    }

    /// True or false, or why it is neither.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<bool, String> {
        let mut context = root_context().new_inner_scope();
        context.set_variable_resolver(scope);
        let value = Value::resolve_val(&self.ast, &context).map_err(|error| explain(&error))?;
        match value.downcast_ref::<CelBool>() {
            Some(verdict) => Ok(*verdict.inner()),
            None => Err(format!("it gives a value of type `{}`, not true or false", value.get_type().name())),
        }
    }
}

/// The first words of the evaluator's complaint: what follows repeats values.
fn explain(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchOverload(overload) => {
            let operator = overload.function().trim_matches('_');
            format!("`{operator}` does not take {}", overload.argument_types().join(" and "))
        }
        other => other.to_string(),
    }
}

fn environment() -> &'static Arc<Env> {
    static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut env = Env::stdlib();
        env.add_member_overload("matches", "string_matches", STRING_TYPE, vec![STRING_TYPE], matches)
            .expect("the standard library without its regex feature has no `matches`");
        Arc::new(env)
    })
}

fn root_context() -> &'static Context<'static, 'static> {
    static ROOT: OnceLock<Context<'static, 'static>> = OnceLock::new();
    ROOT.get_or_init(|| Context::with_env(environment().clone()))
}

/// `text.matches(pattern)`: as the standard library has it, but each pattern is compiled once for each thread.
fn matches<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    thread_local! {
        static COMPILED: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
    }
    let text = |index: usize| arguments.get(index).and_then(|value| value.downcast_ref::<CelString<'_>>());
    let (Some(subject), Some(pattern)) = (text(0), text(1)) else {
        return Err(ExecutionError::missing_argument_or_target());
    };
    let is_match = COMPILED.with_borrow_mut(|compiled| {
        if let Some(regex) = compiled.get(pattern.inner()) {
            return Ok(regex.is_match(subject.inner()));
        }
        let regex = compile_regex(pattern.inner()).map_err(|why| ExecutionError::function_error("matches", why))?;
        Ok(compiled.entry(pattern.inner().to_owned()).or_insert(regex).is_match(subject.inner()))
    })?;
    Ok(CowVal::owned(CelBool::from(is_match)))
}

pub(super) fn compile_regex(pattern: &str) -> Result<Regex, String> {
    let compiled = regex::RegexBuilder::new(pattern).size_limit(REGEX_SIZE_LIMIT).build();
    compiled.map_err(|error| {
        let text = error.to_string();
        let last = text.lines().last().unwrap_or_default();
        last.trim_start_matches("error: ").to_owned()
    })
}

fn parse_error(source: &str, errors: &cel::ParseErrors) -> ExprError {
    let Some(first) = errors.errors.first() else { return ExprError::new(0, "not an expression", None) };
    let line = usize::try_from(first.pos.0 - 1).unwrap_or(0);
    let column = usize::try_from(first.pos.1 - 1).unwrap_or(0);
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    // The parser lists every token that could have come; none of them helps.
    let message = first.msg.lines().next().unwrap_or_default();
    let message = message.split(" expecting ").next().unwrap_or(message);
    ExprError::new((before + column).min(source.len()), message.to_owned(), None)
}

/// What expressions and messages of one rule see of one subject.
pub struct Scope<'a> {
    each: SubjectKind,
    facts: &'a [(&'static str, Reading<'a>)],
    config: &'a Config,
    options: &'a [(String, OptionValue)],
}

impl<'a> Scope<'a> {
    /// `facts` holds a reading for each name that is asked for.
    pub fn new(
        each: SubjectKind,
        facts: &'a [(&'static str, Reading<'a>)],
        config: &'a Config,
        options: &'a [(String, OptionValue)],
    ) -> Scope<'a> {
        Scope { each, facts, config, options }
    }

    /// As messages show it.
    pub fn show(&self, name: &Name) -> String {
        self.value(name).to_string()
    }

    /// The reading of a fact of the subject.
    pub fn fact(&self, name: &str) -> Option<&'a Reading<'a>> {
        self.facts.iter().find(|(known, _)| *known == name).map(|(_, reading)| reading)
    }

    fn value(&self, name: &Name) -> FactValue<'a> {
        match name {
            Name::Fact(name) => self.fact(name).map_or(FactValue::Null, |reading| reading.value.clone()),
            Name::Policy(name) => policy(self.config, name),
            Name::Option(name) => self.option(name),
        }
    }

    fn option(&self, name: &str) -> FactValue<'a> {
        let value = self.options.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        match value {
            None => FactValue::Null,
            Some(OptionValue::Bool(value)) => FactValue::Bool(*value),
            Some(OptionValue::Int(value)) => FactValue::Count(*value),
            Some(OptionValue::Text(text)) => FactValue::Text(text.as_str().into()),
            Some(OptionValue::List(texts)) => FactValue::Texts(texts.iter().map(String::as_str).collect()),
        }
    }
}

/// Whether the configuration says anything of this part of the policy.
pub fn is_set(config: &Config, name: &str) -> bool {
    policy(config, name) != FactValue::Null
}

fn policy<'a>(config: &Config, name: &str) -> FactValue<'a> {
    match name {
        "retention_days" => config.policy.retention_days.map_or(FactValue::Null, |days| FactValue::Number(f64::from(days.value))),
        _ => FactValue::Null,
    }
}

impl VariableResolver for Scope<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let (root, member) = variable.split_once('.')?;
        match root {
            "policy" => Some(cel_value(&policy(self.config, member))),
            "option" => Some(cel_value(&self.option(member))),
            root if root == self.each.name() => self.fact(member).map(|reading| cel_value(&reading.value)),
            _ => None,
        }
    }
}

fn cel_value<'v>(value: &FactValue<'v>) -> CowVal<'v, 'v> {
    match value {
        // A rule is not evaluated on an unknown fact; null is what is left to say.
        FactValue::Null | FactValue::Unknown(_) => CowVal::owned(CelNull),
        FactValue::Bool(value) => CowVal::owned(CelBool::from(*value)),
        FactValue::Count(value) => CowVal::owned(CelInt::from(*value)),
        FactValue::Number(value) => CowVal::owned(CelDouble::from(*value)),
        FactValue::Text(std::borrow::Cow::Borrowed(text)) => CowVal::owned(CelString::from(*text)),
        FactValue::Text(std::borrow::Cow::Owned(text)) => CowVal::owned(CelString::from(text.clone())),
        FactValue::Texts(texts) => {
            let items = texts.iter().map(|text| Box::new(CelString::from(*text)) as Box<dyn Val + 'v>);
            CowVal::owned(CelList::from(items.collect::<Vec<_>>()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(source: &str) -> Result<Expression, ExprError> {
        let options = [("names".to_owned(), OptionValue::List(vec!["a".to_owned()]))];
        Expression::compile(source, Vocabulary { each: SubjectKind::Feed, options: &options })
    }

    fn error(source: &str) -> String {
        let error = compile(source).expect_err("the expression is wrong");
        format!("{}: {}; {}", error.at, error.message, error.help.unwrap_or_default())
    }

    #[test]
    fn names_are_held_to_the_tables_of_facts() {
        assert_eq!(error("feed.onwer != null"), "4: there is no `feed.onwer`; did you mean `feed.owner`?");
        assert_eq!(
            error("true || bucket.name != null"),
            "14: `bucket` is not known here; with `each: feed` there are `feed`, `policy` and `option`"
        );
        assert_eq!(error("feed != null"), "0: `feed` alone is not a value; name a fact of it, as in `feed.name`");
        assert_eq!(
            error("has(feed.owner)"),
            "3: `has` is not needed; write `feed.owner != null`: a fact that is missing is null"
        );
        assert_eq!(error("feed.owner.team == 'x'"), "10: facts are flat, nothing has a `.team`; ");
        assert_eq!(error("feed.clustering.all(c, d != '')"), "23: `d` alone is not a value; facts are named `feed.…`");
        assert_eq!(error("feed.owner.startWith('a')"), "20: there is no function `startWith`; did you mean `startsWith`?");
        assert_eq!(error("feed.owner.matches('(')"), "18: the regular expression is broken: unclosed group; ");
        assert_eq!(error("option.name == 1"), "6: there is no `option.name`; did you mean `option.names`?");
    }

    #[test]
    fn what_is_not_an_expression_says_where() {
        assert_eq!(error("feed.owner !="), "13: Syntax error: mismatched input '<EOF>'; ");
        assert!(error(&"1 + ".repeat(1_000)).contains("at most 600"));
        assert!(error(&format!("{}true{}", "(".repeat(200), ")".repeat(200))).contains("ecursion"));
        assert!(error("[1].all(a, [1].all(b, [1].all(c, true)))").contains("more than 2 loops"));
    }

    #[test]
    fn what_is_read_is_known_before_it_is_read() {
        let expression =
            compile("feed.rows == null || feed.clustering.exists(c, c in option.names) || feed.rows > 1").expect("it is right");
        assert_eq!(expression.reads(), [Name::Fact("clustering"), Name::Fact("rows"), Name::Option("names".to_owned())]);
    }
}
