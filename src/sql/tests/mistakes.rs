//! Plain mistakes are errors at the word that is wrong; whatever may be right is never one.

use crate::sql::parse::parse;

/// The errors and the texts they point at.
fn mistakes(text: &str) -> String {
    let script = parse(text);
    let errors = script.errors.iter().map(|error| format!("{} @{}", error.message, &text[error.range.clone()]));
    errors.collect::<Vec<_>>().join("; ")
}

#[test]
fn certain_mistakes_are_errors_at_the_wrong_word() {
    for (text, expected) in [
        ("SELEC a FROM t", "`SELEC` begins no statement; did you mean `SELECT`? @SELEC"),
        ("SELECT a FROM t WHERE a == 1", "BigQuery compares with `=`, it has no `==` @=="),
        ("SELECT a % 2 FROM t", "BigQuery has no `%`: write `MOD(…, …)` @%"),
        ("SELECT a -> '$.b' FROM t", "BigQuery reads JSON by its functions, such as `JSON_VALUE` @->"),
        ("SELECT a FROM 'p.d.t'", "the name of a table is written in backticks @'p.d.t'"),
        ("SELECT TOP 10 a FROM t", "BigQuery has no `TOP`: put `LIMIT` at the end @TOP"),
        ("SELECT a b c FROM t", "`c` cannot stand after `b`: is a comma missing? @c"),
        ("SELECT a.x b.y FROM t", "`.` cannot stand after `b`: is a comma missing? @."),
        ("SELECT a FROM t WHERE (a = 1", "this `(` is never closed @("),
        ("SELECT a) FROM t", "this `)` closes nothing @)"),
        ("SELECT 'abc FROM t", "this string is never closed: its closing quote is missing @'abc FROM t"),
        ("SELECT a /* b FROM t", "this comment is never closed: `*/` is missing @/*"),
        ("SELECT a FROM `p.d.t", "this quoted name is never closed: a backtick is missing @`p.d.t"),
        ("SELECT a FROM", "expected a table after `FROM`, found the end of the statement @FROM"),
        ("SELECT a FROM WHERE a = 1", "expected a table after `FROM`, found `WHERE` @WHERE"),
        ("SELECT a FROM t WHERE", "expected an expression after `WHERE`, found the end of the statement @WHERE"),
        ("SELECT FROM t", "expected an expression after `SELECT`, found `FROM` @FROM"),
        ("SELECT a FROM t WHERE a = AND b = 1", "expected an expression after `=`, found `AND` @AND"),
        ("SELECT a FROM t WHERE a =", "expected an expression after `=`, found the end of the statement @="),
        ("SELECT a FROM t GROUP BY", "expected an expression after `BY`, found the end of the statement @BY"),
        ("SELECT a FROM t JOIN WHERE a = 1", "expected a table after `JOIN`, found `WHERE` @WHERE"),
        ("SELECT a FROM t WHERE a = 1 AND", "expected an expression after `AND`, found the end of the statement @AND"),
        ("SELECT SUM( FROM t", "this `(` is never closed @("),
        ("BEGIN SELECT 1; SELECT 2", "this `BEGIN` is never closed by its `END` @BEGIN"),
        ("SELECT a, b FROM t GROUP a", "expected `BY` after `GROUP`, found `a` @a"),
        ("SELECT a FROM t LIMIT", "expected an expression after `LIMIT`, found the end of the statement @LIMIT"),
        ("SELECT a FROM t ORDER b", "expected `BY` after `ORDER`, found `b` @b"),
        ("SELECT a FROM t x y WHERE 1=1", "`y` cannot stand after `x`: is a comma missing? @y"),
        ("SELECT 1 2", "`2` cannot stand after `1`: is a comma missing? @2"),
        ("UPDATE t SET WHERE a = 1", "expected an assignment after `SET`, found `WHERE` @WHERE"),
        ("INSERT INTO t (a) SELEC 1", "`1` cannot stand after `SELEC`: is a comma missing? @1"),
        ("SELECT a FROM t WHERE a IN ()", "expected an expression after `IN (`, found `)` @)"),
        ("SELECT a,, b FROM t", "expected an expression after `,`, found `,` @,"),
        ("SELECT * FROM a, , b", "expected an expression after `,`, found `,` @,"),
        ("DELETE FROM WHERE a = 1", "expected a table after `FROM`, found `WHERE` @WHERE"),
        ("CREATE TABLE x AS SELECT FROM t", "expected an expression after `SELECT`, found `FROM` @FROM"),
        ("CREATE TABLE x AS", "expected a query after `AS`, found the end of the statement @AS"),
        ("WITH a AS (SELECT 1 SELECT * FROM a", "this `(` is never closed @("),
        ("WITH a AS (SELECT 1) b AS (SELECT 2) SELECT 1", "`b` cannot stand after `)`: is a comma missing? @b"),
        ("SELECT a FROM t HAVING", "expected an expression after `HAVING`, found the end of the statement @HAVING"),
        ("SELECT a FORM t WHERE x", "`FORM` begins no clause; did you mean `FROM`? @FORM"),
        ("SELECT a FROM t WERE x = 1", "`WERE` begins no clause; did you mean `WHERE`? @WERE"),
    ] {
        assert_eq!(mistakes(text), expected, "{text}");
    }
}

#[test]
fn offsets_count_bytes_of_the_text_as_given() {
    let text = "\u{feff}-- é\r\n\tSELECT '日本' AS x, a b c\r\nFROM t";
    assert_eq!(mistakes(text), "`c` cannot stand after `b`: is a comma missing? @c");
    let script = parse(text);
    let range = script.statements.first().map(|statement| statement.range.clone()).expect("one statement");
    assert_eq!(&text[range], "SELECT '日本' AS x, a b c\r\nFROM t");
}

/// Right, or not surely wrong, though the parser library knows some of it not at all.
#[test]
fn what_may_be_right_is_no_error() {
    for text in [
        "SELECT a, FROM t",
        "",
        ";;",
        "-- nothing",
        "#standardSQL\nSELECT 1",
        "SELECT x.null(1), t.from, t.select FROM t",
        "SELECT 1 << 2, 8 >> 1",
        "SELECT ARRAY<INT64>[1, 2], ARRAY<STRUCT<a INT64, b ARRAY<STRING>>>[], STRUCT<a INT64>(1).a",
        r#"SELECT r"['\"]", rb'\'', br"""x"y""", b'a'"#,
        "SELECT '''a\nb''', \"\"\"c\nd\"\"\"",
        "SELECT 'a'\n'b'",
        "SELECT * FROM a FULL OUTER UNION ALL BY NAME SELECT * FROM b",
        "SELECT 1 UNION ALL STRICT CORRESPONDING SELECT 1 AS x",
        "SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (epsilon = 1, privacy_unit_column = id) SUM(x) FROM t",
        "SELECT RANGE<DATE> '[2020-01-01, 2020-12-31)'",
        "SELECT * FROM t AS a FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP() WHERE x",
        "FROM t |> DISTINCT |> AGGREGATE COUNT(*) GROUP AND ORDER BY x",
        "GRAPH g MATCH (a)-[b]->(c) RETURN a",
        "SELECT * FROM GRAPH_TABLE(g MATCH (a) RETURN a)",
        "SELECT SUM(x GROUP BY y) FROM t",
        "SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY a ORDER BY b MEASURES c AS d PATTERN (A B) DEFINE A AS TRUE)",
        "SELECT * FROM a JOIN b JOIN c ON b.x = c.x ON a.x = b.x",
        "SELECT WITH(a AS 1, b AS a + 1, a + b)",
        "SELECT CAST(x AS STRING FORMAT ('YYYY')) FROM t",
        "SELECT a FROM t WHERE (a, b) IN ((SELECT AS STRUCT 1, 2), (3, 4))",
        "LOAD DATA INTO x.y FROM FILES (format = 'CSV', uris = ['gs://b/*'])",
        "CREATE TABLE FUNCTION x.f(a INT64) AS SELECT * FROM t WHERE x = a",
        "CREATE MODEL x.m OPTIONS (model_type = 'linear_reg') AS SELECT * FROM t",
        "CREATE SNAPSHOT TABLE a.b CLONE c.d",
        "CREATE SEARCH INDEX i ON t (ALL COLUMNS)",
        "CREATE ROW ACCESS POLICY p ON t GRANT TO ('x') FILTER USING (a = 1)",
        "ALTER TABLE t ADD COLUMN c STRING, DROP COLUMN d",
        "GRANT `roles/x` ON SCHEMA s TO 'user:a@b.c'",
        "EXECUTE IMMEDIATE 'SELECT 1' INTO x USING 1 AS y",
        "ASSERT (SELECT COUNT(*) FROM t) > 0 AS 'empty'",
        "BEGIN TRANSACTION; COMMIT TRANSACTION;",
        "BEGIN; ROLLBACK;",
        "DECLARE a, b INT64 DEFAULT 1; SET (a, b) = (1, 2); SET a = 3;",
        "x: LOOP LEAVE x; END LOOP x;",
        "REPEAT SET a = 1; UNTIL a > 2 END REPEAT;",
        "WHILE a < 2 DO CONTINUE; END WHILE;",
        "CASE WHEN a = 1 THEN SELECT 1; ELSE SELECT 2; END CASE;",
        "CASE a WHEN 1 THEN SELECT 1; END CASE;",
        "IF a THEN SELECT 1; ELSEIF b THEN SELECT CASE WHEN c THEN 1 END; ELSE SELECT 3; END IF;",
        "CREATE FUNCTION f(x INT64) RETURNS INT64 LANGUAGE js AS r\"\"\"return x; // it's\"\"\"",
        "a + b * 2",
        "CASE WHEN a THEN 1 END",
        "{{ config(materialized='table') }}\nSELECT a FROM {{ ref('x') }} {% if y %} WHERE {{ z }} {% endif %}",
        "{% macro m() %} a, b {% endmacro %}",
        "config { type: \"table\" }\nSELECT a FROM ${ref(\"x\")} ${when(incremental(), `WHERE a > 1`)}",
        "SELECT %(a)s, %s FROM {table} WHERE x = {x}",
        "SELECT a FROM t WHERE ${cond}",
        "SELECT $${x} FROM t",
        "SELECT @@project_id, @p, ?",
        "SELECT '{{', '{%' FROM t",
        "SELECT EXTRACT(DAY FROM '2026-01-01'), a IS DISTINCT FROM 'b', EXTRACT(WEEK(MONDAY) FROM DATE '2026-01-01')",
        "CREATE MODEL m AS (training_data AS (SELECT 1), custom_holiday AS (SELECT 2))",
    ] {
        assert_eq!(mistakes(text), "", "{text}");
    }
}

/// The statements that a script is cut into.
#[test]
fn scripts_are_cut_into_statements() {
    for (text, expected) in [
        ("SELECT 1; ; INSERT INTO a SELECT 2", "SELECT, INSERT"),
        ("DECLARE x INT64; SET x = 1; CALL p(x)", "DECLARE, SET, CALL"),
        ("IF (SELECT TRUE) THEN DROP TABLE a; END IF", "SELECT, DROP TABLE"),
        (
            "CREATE OR REPLACE PROCEDURE p() BEGIN DELETE FROM a WHERE b; END; ALTER TABLE a SET OPTIONS ()",
            "CREATE PROCEDURE, DELETE, ALTER TABLE",
        ),
        (
            "CREATE TABLE a (b INT64 DEFAULT (1)); CREATE TABLE a AS (SELECT 1); CREATE MATERIALIZED VIEW v AS SELECT 1",
            "CREATE_TABLE, CREATE_TABLE_AS_SELECT, CREATE_VIEW",
        ),
        (
            "CREATE TEMP FUNCTION f() AS (1); EXPORT DATA OPTIONS () AS SELECT 1; MERGE a USING b ON TRUE WHEN MATCHED THEN DELETE",
            "CREATE_FUNCTION, EXPORT_DATA, MERGE",
        ),
        (
            "CREATE TABLE FUNCTION f() AS SELECT 1; CREATE MODEL m AS SELECT 1; EXECUTE IMMEDIATE x; EXECUTE IMMEDIATE 'DELETE FROM t'",
            "CREATE_TABLE_FUNCTION, CREATE MODEL, EXECUTE IMMEDIATE, DELETE",
        ),
    ] {
        let script = parse(text);
        let kinds: Vec<&str> = script.statements.iter().map(|statement| statement.kind.name()).collect();
        assert_eq!(kinds.join(", "), expected, "{text}");
        assert!(script.errors.is_empty(), "{text}: {:?}", script.errors);
    }
}

/// Lists of words, as the tests of a formatter hold them, are not read as statements; of many mistakes the first are listed.
#[test]
fn many_mistakes_are_not_many_findings() {
    let words = parse("ABS(\n\nACOS(\n\n* ;\nALL;\nAND;\nANY_VALUE;\nARRAY;\nSELECT;\n");
    assert_eq!(words.errors, []);
    let said: Vec<&str> = words.not_analysed.iter().map(|gap| gap.message.as_str()).collect();
    assert_eq!(said, ["this is no SQL: 5 of its 6 parts begin with no word that begins a statement"]);
    let script = parse(&"SELECT 1 FROM WHERE TRUE; SELECT 1;".repeat(30));
    assert_eq!((script.statements.len(), script.errors.len()), (60, 10));
    assert_eq!(
        script.not_analysed.first().map(|gap| gap.message.as_str()),
        Some("20 more statements with mistakes are not listed")
    );
}
