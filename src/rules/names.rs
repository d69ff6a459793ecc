//! Holds an expression to the names that there are: facts of its subject, the policy, options, functions.
//! Knows the tables of facts and the syntax tree; evaluates nothing.

use super::expr::{ExprError, Name, Vocabulary, compile_regex};
use crate::model::facts;
use crate::text::nearest;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo};

/// `all`, `exists`, `map` and `filter` inside each other multiply their work.
const MAX_NESTED_LOOPS: usize = 2;

/// What may be called, apart from operators.
const FUNCTIONS: [&str; 8] = ["contains", "double", "endsWith", "int", "matches", "size", "startsWith", "string"];

/// Joins `feed` and `.owner` of the tree into one identifier, and gives everything that it reads, sorted.
pub(super) fn resolve(ast: &mut IdedExpr, places: &SourceInfo, vocabulary: Vocabulary<'_>) -> Result<Vec<Name>, ExprError> {
    let mut checker = Checker { vocabulary, places, reads: Vec::new(), bound: Vec::new(), loops: 0 };
    checker.check(ast)?;
    checker.reads.sort();
    checker.reads.dedup();
    Ok(checker.reads)
}

/// What `root.member` names; `Err` says what is wrong with it, and what helps.
pub(super) fn resolve_name(root: &str, member: &str, vocabulary: Vocabulary<'_>) -> Result<Name, (String, Option<String>)> {
    let unknown = |names: &mut dyn Iterator<Item = &str>| {
        let help = nearest(member, names).map(|near| format!("did you mean `{root}.{near}`?"));
        (format!("there is no `{root}.{member}`"), help.or_else(|| Some("docs/facts.md lists every fact".to_owned())))
    };
    match root {
        "policy" => {
            let known = facts::POLICY.iter().find(|(name, ..)| *name == member).map(|(name, ..)| Name::Policy(name));
            known.ok_or_else(|| unknown(&mut facts::POLICY.iter().map(|(name, ..)| *name)))
        }
        "option" => {
            let mut names = vocabulary.options.iter().map(|(name, _)| name.as_str());
            let known = names.clone().any(|name| name == member).then(|| Name::Option(member.to_owned()));
            known.ok_or_else(|| unknown(&mut names))
        }
        root if root == vocabulary.each.name() => {
            let known = facts::find(vocabulary.each, member).map(|fact| Name::Fact(fact.name));
            known.ok_or_else(|| unknown(&mut facts::of(vocabulary.each).iter().map(|fact| fact.name)))
        }
        other => {
            let each = vocabulary.each.name();
            let help = format!("with `each: {each}` there are `{each}`, `policy` and `option`");
            Err((format!("`{other}` is not known here"), Some(help)))
        }
    }
}

/// Walks an expression: checks names, and joins `feed` and `.owner` into one identifier.
struct Checker<'a> {
    vocabulary: Vocabulary<'a>,
    places: &'a SourceInfo,
    reads: Vec<Name>,
    bound: Vec<String>,
    loops: usize,
}

impl Checker<'_> {
    fn error(&self, expr: &IdedExpr, message: impl Into<String>, help: Option<String>) -> ExprError {
        let at = self.places.offset_for(expr.id).map_or(0, |(start, _)| start as usize);
        ExprError::new(at, message, help)
    }

    /// The parser bounds the depth of what it returns, and with it this recursion.
    fn check(&mut self, expr: &mut IdedExpr) -> Result<(), ExprError> {
        let fact = match &expr.expr {
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(root) if select.test => {
                    let help = format!("write `{root}.{} != null`: a fact that is missing is null", select.field);
                    return Err(self.error(expr, "`has` is not needed", Some(help)));
                }
                Expr::Ident(root) if !self.bound.contains(root) => (root.clone(), select.field.clone()),
                _ => return Err(self.error(expr, format!("facts are flat, nothing has a `.{}`", select.field), None)),
            },
            Expr::Ident(name) if self.bound.contains(name) || name.starts_with('@') => return Ok(()),
            Expr::Ident(name) => {
                let each = self.vocabulary.each.name();
                let help = if name == each {
                    format!("name a fact of it, as in `{each}.name`")
                } else {
                    format!("facts are named `{each}.…`")
                };
                return Err(self.error(expr, format!("`{name}` alone is not a value"), Some(help)));
            }
            _ => return self.check_parts(expr),
        };
        let (root, member) = fact;
        let name = resolve_name(&root, &member, self.vocabulary).map_err(|(message, help)| self.error(expr, message, help))?;
        self.reads.push(name);
        expr.expr = Expr::Ident(format!("{root}.{member}"));
        Ok(())
    }

    fn check_parts(&mut self, expr: &mut IdedExpr) -> Result<(), ExprError> {
        if let Expr::Call(call) = &expr.expr {
            self.check_call(expr, call)?;
        }
        if matches!(expr.expr, Expr::Map(_) | Expr::Struct(_)) {
            return Err(self.error(expr, "maps are not taken here", None));
        }
        match &mut expr.expr {
            Expr::Call(call) => {
                call.target.iter_mut().map(|target| &mut **target).chain(&mut call.args).try_for_each(|part| self.check(part))
            }
            Expr::List(list) => list.elements.iter_mut().try_for_each(|part| self.check(part)),
            Expr::Comprehension(_) => self.check_loop(expr),
            Expr::Map(_) | Expr::Struct(_) | Expr::Literal(_) | Expr::Unspecified | Expr::Ident(_) | Expr::Select(_) => Ok(()),
        }
    }

    fn check_call(&self, expr: &IdedExpr, call: &CallExpr) -> Result<(), ExprError> {
        let name = call.func_name.as_str();
        let is_operator = !name.starts_with(|first: char| first.is_ascii_alphabetic());
        if !is_operator && !FUNCTIONS.contains(&name) {
            let near = nearest(name, FUNCTIONS).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| format!("there are {}", FUNCTIONS.join(", ")));
            return Err(self.error(expr, format!("there is no function `{name}`"), Some(help)));
        }
        let Some(IdedExpr { expr: Expr::Literal(LiteralValue::String(pattern)), .. }) = call.args.first() else { return Ok(()) };
        if name == "matches" {
            let checked = compile_regex(pattern.inner());
            checked.map_err(|why| self.error(expr, format!("the regular expression is broken: {why}"), None))?;
        }
        Ok(())
    }

    fn check_loop(&mut self, expr: &mut IdedExpr) -> Result<(), ExprError> {
        if self.loops == MAX_NESTED_LOOPS {
            return Err(self.error(expr, format!("more than {MAX_NESTED_LOOPS} loops inside each other"), None));
        }
        let Expr::Comprehension(body) = &mut expr.expr else { return Ok(()) };
        self.check(&mut body.iter_range)?;
        let outer = self.bound.len();
        self.bound.extend([body.iter_var.clone(), body.accu_var.clone()]);
        self.bound.extend(body.iter_var2.clone());
        self.loops += 1;
        let parts = [&mut body.accu_init, &mut body.loop_cond, &mut body.loop_step, &mut body.result];
        let checked = parts.into_iter().try_for_each(|part| self.check(part));
        self.loops -= 1;
        self.bound.truncate(outer);
        checked
    }
}
