//! What statements read, by construct.

use super::reads;

pub(super) const CASES: &[(&str, &str)] = &[
    ("SELECT id FROM shop.broken_view", "broken_view(id); ~ the query of `broken_view` is not understood @shop.broken_view"),
    ("SELECT id FROM shop.loop_view", "loop_view(id); ~ views are nested too deeply at `loop_view` @shop.loop_view"),
    (
        "SELECT user_email FROM `region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT WHERE creation_time > '2026-01-01'",
        "metadata INFORMATION_SCHEMA.JOBS_BY_PROJECT(creation_time user_email | creation_time!)",
    ),
    ("SELECT table_name FROM p.`region-eu`.information_schema.TABLES", "metadata INFORMATION_SCHEMA.TABLES(table_name)"),
    (
        "SELECT job_id, l.value FROM `region-us.INFORMATION_SCHEMA.JOBS`, UNNEST(labels) AS l WHERE l.key = 'team'",
        "metadata INFORMATION_SCHEMA.JOBS(job_id labels.key labels.value)",
    ),
    (
        "SELECT destination_table.table_id FROM region-us.INFORMATION_SCHEMA.JOBS",
        "metadata INFORMATION_SCHEMA.JOBS(destination_table.table_id)",
    ),
    (
        "SELECT table_id FROM `p.region-us`.INFORMATION_SCHEMA.JOBS, UNNEST(referenced_tables)",
        "metadata INFORMATION_SCHEMA.JOBS(referenced_tables.table_id)",
    ),
    ("SELECT COUNT(*) FROM shop.INFORMATION_SCHEMA.COLUMNS", "metadata INFORMATION_SCHEMA.COLUMNS()"),
    ("SELECT MAX(size_bytes) FROM `p.shop.__TABLES__`", "metadata __TABLES__(size_bytes)"),
    (
        "SELECT query FROM `region-us`.INFORMATION_SCHEMA.JOBS_BY_ORGANIZATION",
        "metadata INFORMATION_SCHEMA.JOBS_BY_ORGANIZATION(); ~ no column is called `query` @query",
    ),
    (
        "SELECT name FROM INFORMATION_SCHEMA.TABLEZ",
        "metadata INFORMATION_SCHEMA.TABLEZ(name); ~ `INFORMATION_SCHEMA.TABLEZ` is not a view that BigQuery has, as of 2026-08-22; did you mean `INFORMATION_SCHEMA.TABLES`? @INFORMATION_SCHEMA.TABLEZ",
    ),
    ("SELECT id FROM shop.nothing", "shop.nothing(id); ~ no schema of `shop.nothing` is known @shop.nothing"),
    (
        "SELECT n.a, o.id FROM shop.nothing n, shop.orders o",
        "shop.nothing(a); orders(id); ~ no schema of `shop.nothing` is known @shop.nothing",
    ),
    ("SELECT nmae FROM shop.customers", "customers(); ~ no column is called `nmae`; did you mean `name`? @nmae"),
    (
        "SELECT o.address.zipp FROM shop.orders o",
        "orders(address.city address.zip); ~ the struct has no field `zipp`; did you mean `zip`? @zipp",
    ),
    ("CREATE TABLE x.y PARTITION BY dt AS SELECT id, dt FROM shop.orders", "orders(dt id)"),
    ("INSERT INTO x.y (a) SELECT id FROM shop.customers", "customers(id)"),
    ("INSERT x.y (a) VALUES (1, (SELECT MAX(id) FROM shop.customers))", "customers(id)"),
    (
        "DECLARE d DATE DEFAULT (SELECT MAX(dt) FROM shop.orders); SELECT id FROM shop.orders WHERE dt = d",
        "orders(dt); orders(dt id | dt!)",
    ),
    (
        "BEGIN IF EXISTS (SELECT 1 FROM shop.orders WHERE id = 1) THEN SELECT name FROM shop.customers; END IF; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END",
        "orders(id | id!); customers(name)",
    ),
    (
        "FOR r IN (SELECT id FROM shop.customers) DO INSERT INTO x.y SELECT note FROM shop.orders WHERE id = r.id; END FOR",
        "customers(id); orders(id note | id?)",
    ),
    ("CREATE PROCEDURE x.p(lim INT64) BEGIN SELECT id FROM shop.orders WHERE amount > lim; END", "orders(amount id | amount!)"),
    ("CREATE TEMP FUNCTION f(x INT64) AS (x + 1); SELECT f(id) FROM shop.customers", "customers(id)"),
    ("SELECT net.host(name), fns.f(country) FROM shop.customers", "customers(country name)"),
    ("SELECT * FROM ML.PREDICT(MODEL x.m, (SELECT name FROM shop.customers))", "customers(name)"),
    ("SELECT * FROM ML.PREDICT(MODEL x.m, TABLE shop.customers)", "customers(country id name since)"),
    ("SELECT * FROM x.tvf(1)", "~ what the table function `x.tvf` reads is not known @x.tvf"),
    (
        "SELECT id FROM {{ ref('orders') }}",
        "{{ ref('orders') }}(id); ~ no schema of `{{ ref('orders') }}` is known @{{ ref('orders') }}",
    ),
    ("SELECT id FROM `{{ params.project }}.shop.orders` WHERE dt = '{{ ds }}'", "orders(dt id | dt!)"),
    ("SELECT id FROM ${project}.shop.orders", "orders(id)"),
    ("{% if x %} SELECT id FROM shop.orders {% endif %}", "orders(id)"),
    (r#"SELECT id FROM `${dataset}.orders` WHERE note = "${x}""#, "orders(id note | note!)"),
    (
        "SELECT {cols} FROM shop.orders WHERE id = %s",
        "orders(id | id?); ~ what the template puts here is not known @{cols}; ~ what the template puts here is not known @%s",
    ),
    ("SELECT a FROM [p:d.t]", "- this looks like legacy SQL, which is not analysed @SELECT a FROM [p:d.t]"),
    (
        "SELECT id FROM shop.orders WHERE {% if a %} dt = @d {% elif b %} note = 1 {% else %} TRUE {% endif %}",
        "orders(dt id | dt!); ~ only the first branch of this template is read @{% elif b %} note = 1 {% else %} TRUE ",
    ),
    ("SELECT items[0]._id FROM shop.orders", "orders(items.price items.sku); ~ the struct has no field `_id` @_id"),
    ("SELECT a FROM UNNEST([1 ${join(ranges)} (2)])", "- not understood around what the template fills in @("),
    (
        "EXECUTE IMMEDIATE 'SELECT id FROM shop.customers' INTO x; EXECUTE IMMEDIATE r\"\"\"UPDATE shop.orders SET note = '' WHERE id = @a\"\"\" USING 1 AS a",
        "customers(id); target orders(id note | id!)",
    ),
    (
        "EXECUTE IMMEDIATE FORMAT('SELECT id, %s FROM shop.customers', x)",
        "customers(id); ~ what the template puts here is not known @%s",
    ),
    ("EXECUTE IMMEDIATE 'SELECT id' || x; EXECUTE IMMEDIATE x", ""),
    ("SELECT 1; EXECUTE IMMEDIATE 'SELECT FROM t'", "! expected an expression after `SELECT`, found `FROM` @FROM"),
    (
        "CREATE TABLE FUNCTION f(d DATE) AS SELECT id FROM shop.orders WHERE dt = d; SELECT d FROM t",
        "orders(dt id | dt!); t(d); ~ no schema of `t` is known @t",
    ),
    ("CREATE TABLE FUNCTION f(d DATE) AS (SELECT id FROM shop.orders)", "orders(id)"),
    (
        "CREATE FUNCTION f(x STRUCT<id STRING, y INT64>, z ANY TYPE) AS ((SELECT MAX(id) FROM shop.customers WHERE name = z))",
        "customers(id name | name!)",
    ),
    ("CREATE FUNCTION f(id STRING) AS (id || 'x'); SELECT id FROM shop.customers", "customers(id)"),
    ("CREATE FUNCTION f(a) AS (a +); SELECT 1", "! expected an expression after `+`, found `)` @)"),
    ("CREATE FUNCTION f(a STRING) RETURNS STRING LANGUAGE js AS 'return a +;'", ""),
    (
        "CREATE PROCEDURE p(id STRING) BEGIN SELECT name FROM shop.customers WHERE name = id; END; SELECT id FROM shop.customers",
        "customers(id name | id? name!); customers(id)",
    ),
    ("{% for t in tables %}{% if not loop.first %} UNION ALL {% endif %} SELECT id FROM shop.orders {% endfor %}", "orders(id)"),
    ("SELECT {% for c in x %} id {{ ',' if not loop.last }} {% endfor %} FROM shop.customers", "customers(id)"),
    (
        "-- Licence\n/* of many */ config { type: \"table\" }\npre_operations {\n  DELETE FROM shop.orders WHERE id = 'x'\n}\nSELECT id FROM ${ref(\"customers\")}",
        "target orders(id | id!); ${ref(\"customers\")}(id); ~ no schema of `${ref(\"customers\")}` is known @${ref(\"customers\")}",
    ),
    (
        "SELECT x FROM GRAPH_TABLE(g MATCH (a)-[b]->(c) RETURN a.x) AS h",
        "~ what the table function `GRAPH_TABLE` reads is not known @GRAPH_TABLE",
    ),
    (
        "SELECT a, d FROM shop.orders MATCH_RECOGNIZE (PARTITION BY id ORDER BY dt MEASURES FIRST(A.amount) AS d PATTERN (A B) DEFINE A AS note = 'x')",
        "orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)",
    ),
    ("SELECT id FROM `%s.orders`", "orders(id)"),
    ("SELECT 1", ""),
];

#[test]
fn statements_read_just_these_columns() {
    for (text, expected) in CASES {
        assert_eq!(reads(text), *expected, "{text}");
    }
}
