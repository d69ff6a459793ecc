//! Tries whether an expression says true or false whatever is missing.

use super::expr::{Expression, Name, Scope, Vocabulary};
use crate::config::{Config, Policy};
use crate::diagnostic::SubjectKind;
use crate::model::facts::{self, FactType, FactValue, Reading};
use crate::text::{FileId, Span, Spanned};

/// Of more facts than these, the rest is never tried as null: each doubles the work.
const MAX_TRIED: usize = 10;

/// Evaluates the expression with each fact that may be null, and the policy, null and not null, in every combination.
/// `Err` says what it gave instead, and what was null then.
pub fn check_total(expression: &Expression, vocabulary: Vocabulary<'_>) -> Result<(), String> {
    let is_nullable = |name: &Name| match name {
        Name::Fact(name) => facts::find(vocabulary.each, name).is_some_and(|fact| fact.nullable),
        Name::Policy(_) => true,
        Name::Option(_) => false,
    };
    let tried: Vec<&Name> = expression.reads().iter().filter(|name| is_nullable(name)).take(MAX_TRIED).collect();
    // Bit `i` says whether the name `i` is null.
    for combination in 0..1_u32 << tried.len() {
        let nulls: Vec<&Name> =
            (0..).zip(&tried).filter(|(bit, _)| combination & (1 << bit) != 0).map(|(_, name)| *name).collect();
        try_with(expression, vocabulary, &nulls).map_err(|why| match nulls.as_slice() {
            [] => format!("{why}, with every fact there"),
            nulls => format!("{why}, with null for {}", shown(vocabulary.each, nulls)),
        })?;
    }
    Ok(())
}

fn try_with(expression: &Expression, vocabulary: Vocabulary<'_>, nulls: &[&Name]) -> Result<bool, String> {
    let reading = |name: &'static str| {
        let is_null = nulls.iter().any(|null| **null == Name::Fact(name));
        (name, Reading { value: if is_null { FactValue::Null } else { sample(vocabulary.each, name) }, span: None })
    };
    let readings: Vec<_> = expression.facts().map(reading).collect();
    let has_policy = !nulls.iter().any(|null| matches!(null, Name::Policy(_)));
    let days = has_policy.then(|| Spanned::new(1, Span::start_of(FileId::from_index(0))));
    let config = Config { policy: Policy { retention_days: days, ..Policy::default() }, ..Config::default() };
    expression.evaluate(&Scope::new(vocabulary.each, &readings, &config, vocabulary.options))
}

fn sample(each: SubjectKind, name: &str) -> FactValue<'static> {
    match facts::find(each, name).map(|fact| fact.fact_type) {
        None => FactValue::Null,
        Some(FactType::Text) => FactValue::Text("1".into()),
        Some(FactType::Count) => FactValue::Count(1),
        Some(FactType::Number) => FactValue::Number(1.0),
        Some(FactType::Bool) => FactValue::Bool(true),
        Some(FactType::Texts) => FactValue::Texts(vec!["1"]),
    }
}

fn shown(each: SubjectKind, names: &[&Name]) -> String {
    let shown = names.iter().map(|name| match name {
        Name::Fact(name) => format!("`{}.{name}`", each.name()),
        Name::Policy(name) => format!("`policy.{name}`"),
        Name::Option(name) => format!("`option.{name}`"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_that_forgets_null_is_not_total() {
        let vocabulary = Vocabulary { each: SubjectKind::Feed, options: &[] };
        let total = |source: &str| check_total(&Expression::compile(source, vocabulary).expect("it compiles"), vocabulary);
        let null_rows = || Err("`>` does not take null_type and int, with null for `feed.rows`".to_owned());
        assert_eq!(total("feed.rows == null || feed.rows > 3"), Ok(()));
        assert_eq!(total("feed.owner == null || feed.owner.matches('^[a-z]+$')"), Ok(()));
        assert_eq!(total("feed.owner == null || feed.rows > 3"), null_rows());
        assert_eq!(total("feed.owner != '3' || feed.rows > 3"), Ok(()));
        assert_eq!(total("feed.owner != '1' || feed.rows > 3"), null_rows());
        assert_eq!(total("feed.name.size() > 3 && feed.consumers > 0"), Ok(()));
        let policy = total("feed.rows == null || feed.rows > policy.retention_days");
        assert_eq!(policy, Err("`>` does not take int and null_type, with null for `policy.retention_days`".to_owned()));
    }
}
