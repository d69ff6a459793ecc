//! Tells SQL of other databases by words that BigQuery does not have. Asked only of texts that seem to be wrong: a file
//! for PostgreSQL beside those for BigQuery is no mistake of its author.

/// Words that stand in no BigQuery statement, in small letters, with single blanks between them.
const SIGNS: [&str; 44] = [
    "::",
    "$$",
    "auto_increment",
    "bigserial",
    "character varying",
    "comment on column",
    "comment on table",
    "copy into",
    "create extension",
    "create sequence",
    "dbms_",
    "delimiter //",
    "delimiter $",
    "distkey",
    "engine=",
    "engine =",
    "from dual",
    "getdate()",
    "identity(",
    "ilike",
    "language plpgsql",
    "lateral flatten",
    "nolock",
    "nvarchar",
    "on conflict",
    "on duplicate key",
    "owner to",
    "pragma ",
    "replace into",
    "rownum",
    "row format delimited",
    "serial primary key",
    "set linesize",
    "set serveroutput",
    "show tables",
    "sortkey",
    "spool ",
    "stored as ",
    "sysdate",
    "tblproperties",
    "use warehouse",
    "varchar2",
    "with time zone",
    "without time zone",
];

/// The word that gives it away.
pub(super) fn sign(text: &str) -> Option<&'static str> {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    SIGNS.into_iter().find(|sign| plain.contains(sign))
}

#[cfg(test)]
mod tests {
    use crate::sql::parse::parse;

    #[test]
    fn sql_of_another_database_is_no_mistake() {
        for text in [
            "CREATE TABLE t (id serial PRIMARY KEY);\nCOMMENT ON TABLE t IS 'x';",
            "SPOOL out.txt\nSELECT a FROM dual;\nSPOOL OFF",
            "SELECT a::int FROM t",
            "SELECT a FROM t WHERE a ILIKE 'x%'",
        ] {
            let script = parse(text);
            assert_eq!(script.errors, [], "{text}");
            assert!(script.not_analysed.iter().any(|gap| gap.message.contains("another database")), "{text}");
        }
        assert!(!parse("SELEC a FROM t").errors.is_empty());
    }
}
