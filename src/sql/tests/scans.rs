//! What statements read, by construct.

use super::reads;

pub(super) const CASES: &[(&str, &str)] = &[
    ("SELECT id FROM shop.orders", "orders(id)"),
    ("SELECT id, address.zip FROM shop.orders", "orders(address.zip id)"),
    ("SELECT address FROM shop.orders", "orders(address.city address.zip)"),
    ("SELECT o.address.zip, ID FROM `p.shop.orders` AS o", "orders(address.zip id)"),
    ("SELECT COUNT(*) FROM shop.orders", "orders()"),
    ("SELECT COUNT(1), 'x' FROM shop.orders", "orders()"),
    ("SELECT COUNT(*) FROM shop.orders WHERE dt = '2026-01-01'", "orders(dt | dt!)"),
    ("SELECT * FROM shop.customers", "customers(country id name since); *customers"),
    ("SELECT c.* EXCEPT (name) FROM shop.customers AS c", "customers(country id since); *customers-"),
    ("SELECT * REPLACE (UPPER(name) AS country) FROM shop.customers", "customers(id name since); *customers"),
    ("SELECT id FROM (SELECT * FROM shop.customers)", "customers(id); *customers"),
    ("WITH c AS (SELECT * FROM shop.customers) SELECT name FROM c", "customers(name); *customers"),
    ("WITH a AS (SELECT id, SUM(amount) AS s, MAX(note) AS n FROM shop.orders GROUP BY id) SELECT s FROM a", "orders(amount id)"),
    (
        "WITH a AS (SELECT id, ROW_NUMBER() OVER (PARTITION BY note ORDER BY dt) AS r FROM shop.orders) SELECT id FROM a",
        "orders(id)",
    ),
    ("WITH a AS (SELECT id, amount FROM shop.orders), b AS (SELECT id AS k FROM a) SELECT k FROM b", "orders(id)"),
    (
        "WITH RECURSIVE r AS (SELECT id, customer_id FROM shop.orders UNION ALL SELECT o.id, o.customer_id FROM shop.orders AS o JOIN r ON o.id = r.customer_id) SELECT id FROM r",
        "orders(customer_id id); orders(customer_id id | id?)",
    ),
    (
        "SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.id",
        "orders(customer_id id | customer_id?); customers(id name | id?)",
    ),
    ("SELECT amount, name FROM shop.orders JOIN shop.customers USING (id)", "orders(amount id); customers(id name)"),
    (
        "SELECT * FROM shop.customers JOIN shop.date ON name = date.date",
        "customers(country id name since | name?); date(date year | date?); *customers+date",
    ),
    ("SELECT name FROM shop.customers, shop.date WHERE since = year", "customers(name since | since?); date(year | year?)"),
    (
        "SELECT id FROM shop.orders WHERE customer_id IN (SELECT id FROM shop.customers WHERE country = 'FR')",
        "orders(customer_id id | customer_id?); customers(country id | country!)",
    ),
    (
        "SELECT id FROM shop.orders o WHERE EXISTS (SELECT * FROM shop.customers c WHERE c.id = o.customer_id)",
        "orders(customer_id id); customers(country id name since | id?)",
    ),
    (
        "SELECT (SELECT MAX(name) FROM shop.customers c WHERE c.id = o.customer_id) FROM shop.orders o",
        "orders(customer_id); customers(id name | id?)",
    ),
    ("SELECT i.sku FROM shop.orders, UNNEST(items) AS i", "orders(items.sku)"),
    ("SELECT i.sku, pos FROM shop.orders o, o.items AS i WITH OFFSET AS pos", "orders(items.sku)"),
    ("SELECT o.id FROM shop.orders o LEFT JOIN o.items AS i", "orders(id items.price items.sku)"),
    ("SELECT price FROM shop.orders CROSS JOIN UNNEST(orders.items)", "orders(items.price)"),
    ("SELECT COUNT(*) FROM shop.orders, UNNEST(tags) t WHERE t = 'x'", "orders(tags)"),
    ("SELECT items[OFFSET(0)].price FROM shop.orders", "orders(items.price)"),
    ("SELECT (SELECT SUM(i.price) FROM UNNEST(items) AS i) FROM shop.orders", "orders(items.price)"),
    ("WITH a AS (SELECT address FROM shop.orders) SELECT a.address.city FROM a", "orders(address.city)"),
    ("SELECT s.x FROM (SELECT STRUCT(id AS x, note AS y) AS s FROM shop.orders)", "orders(id note)"),
    ("SELECT id FROM shop.orders UNION ALL SELECT id FROM shop.customers", "orders(id); customers(id)"),
    (
        "SELECT a FROM (SELECT id AS a, note AS b FROM shop.orders UNION ALL SELECT id, name FROM shop.customers)",
        "orders(id); customers(id)",
    ),
    (
        "SELECT a FROM (SELECT id AS a, note AS b FROM shop.orders UNION DISTINCT SELECT id, name FROM shop.customers)",
        "orders(id note); customers(id name)",
    ),
    ("SELECT DISTINCT country FROM shop.customers ORDER BY 1", "customers(country)"),
    ("SELECT UPPER(name) AS id FROM shop.customers ORDER BY id", "customers(name)"),
    ("SELECT country AS k, COUNT(*) FROM shop.customers GROUP BY k HAVING COUNT(*) > 1", "customers(country)"),
    ("SELECT country, COUNT(*) FROM shop.customers GROUP BY ALL", "customers(country)"),
    (
        "SELECT id FROM shop.orders QUALIFY ROW_NUMBER() OVER w = 1 WINDOW w AS (PARTITION BY customer_id ORDER BY dt DESC)",
        "orders(customer_id dt id)",
    ),
    (
        "SELECT id FROM shop.orders WHERE dt BETWEEN DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY) AND CURRENT_DATE()",
        "orders(dt id | dt!)",
    ),
    (
        "SELECT id FROM shop.orders WHERE dt >= @start AND amount > 5 AND (note = 'a' OR id = 1)",
        "orders(amount dt id note | dt! amount! id? note?)",
    ),
    ("SELECT id FROM shop.orders WHERE FORMAT_DATE('%Y', dt) = '2026'", "orders(dt id | dt?)"),
    ("SELECT id FROM shop.orders WHERE dt = (SELECT MAX(since) FROM shop.customers)", "orders(dt id | dt?); customers(since)"),
    ("SELECT id FROM shop.orders WHERE dt = '2026-01-01' OR dt = '2026-01-02'", "orders(dt id | dt!)"),
    ("SELECT id FROM shop.orders WHERE dt = '2026-01-01' OR note = 'x'", "orders(dt id note | note? dt?)"),
    (
        "SELECT id FROM shop.orders WHERE DATE_TRUNC(dt, MONTH) = '2026-01-01' AND EXTRACT(YEAR FROM dt) = 2026",
        "orders(dt id | dt! dt!)",
    ),
    ("SELECT id FROM shop.events WHERE DATE(_PARTITIONTIME) = '2026-01-01'", "events(_PARTITIONTIME id | _PARTITIONTIME!)"),
    ("WITH a AS (SELECT * FROM shop.orders) SELECT id FROM a WHERE dt = '2026-01-01'", "orders(dt id | dt!); *orders"),
    ("WITH a AS (SELECT id, DATE(ts) AS d FROM shop.events) SELECT id FROM a WHERE d = '2026-01-01'", "events(id ts | ts!)"),
    ("WITH a AS (SELECT id, dt FROM shop.orders LIMIT 10) SELECT id FROM a WHERE dt = '2026-01-01'", "orders(dt id)"),
    (
        "WITH a AS (SELECT id, dt FROM shop.orders) SELECT id FROM a WHERE dt = '2026-01-01' UNION ALL SELECT id FROM a",
        "orders(dt id)",
    ),
    (
        "SELECT o.id FROM shop.customers c LEFT JOIN shop.orders o ON o.customer_id = c.id AND o.dt = '2026-01-01'",
        "customers(id); orders(customer_id dt id | customer_id? dt!)",
    ),
    (
        "SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON o.customer_id = c.id AND o.dt = '2026-01-01'",
        "orders(customer_id dt id); customers(id | id?)",
    ),
    (
        "SELECT o.id FROM shop.orders o FULL JOIN shop.customers c USING (id) WHERE o.dt = '2026-01-01'",
        "orders(dt id); customers(id)",
    ),
    ("SELECT total FROM shop.big_orders", "orders(amount | amount!)"),
    ("SELECT total FROM shop.big_orders WHERE dt = '2026-01-01'", "orders(amount dt | amount! dt!)"),
    ("SELECT * FROM shop.big_orders", "orders(amount dt id | amount!); *big_orders"),
    (
        "SELECT id FROM shop.broken_view",
        "broken_view(id); ~ the query of the view `broken_view` is not understood @shop.broken_view",
    ),
    ("SELECT id FROM shop.loop_view", "loop_view(id); ~ views are nested too deeply at `loop_view` @shop.loop_view"),
    (
        "SELECT id FROM `p.shop.log_*` WHERE _TABLE_SUFFIX BETWEEN '20260101' AND '20260131'",
        "wildcard log_*(_TABLE_SUFFIX id | _TABLE_SUFFIX!)",
    ),
    (
        "SELECT user_email FROM `region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT WHERE creation_time > '2026-01-01'",
        "metadata INFORMATION_SCHEMA.JOBS_BY_PROJECT(creation_time user_email | creation_time!)",
    ),
    ("SELECT table_name FROM p.`region-eu`.information_schema.TABLES", "metadata INFORMATION_SCHEMA.TABLES(table_name)"),
    ("SELECT id FROM shop.nothing", "shop.nothing(id); ~ no schema of `shop.nothing` is known @shop.nothing"),
    (
        "SELECT n.a, o.id FROM shop.nothing n, shop.orders o",
        "shop.nothing(a); orders(id); ~ no schema of `shop.nothing` is known @shop.nothing",
    ),
    ("SELECT nmae FROM shop.customers", "customers(); ~ no column is called `nmae`; did you mean `name`? @nmae"),
    (
        "SELECT o.address.zipp FROM shop.orders o",
        "orders(address.city address.zip); ~ no column is called `zipp`; did you mean `zip`? @zipp",
    ),
    ("CREATE TABLE x.y PARTITION BY dt AS SELECT id, dt FROM shop.orders", "orders(dt id)"),
    ("CREATE OR REPLACE VIEW x.v AS SELECT name FROM shop.customers", "customers(name)"),
    ("EXPORT DATA OPTIONS (uri = 'gs://b/*') AS SELECT name FROM shop.customers", "customers(name)"),
    ("INSERT INTO x.y (a) SELECT id FROM shop.customers", "customers(id)"),
    ("INSERT x.y (a) VALUES (1, (SELECT MAX(id) FROM shop.customers))", "customers(id)"),
    ("UPDATE shop.orders SET amount = amount * 2 WHERE id = 5", "target orders(amount id | id!)"),
    (
        "UPDATE shop.orders o SET note = c.name FROM shop.customers c WHERE c.id = o.customer_id",
        "target orders(customer_id note | customer_id?); customers(id name | id?)",
    ),
    ("DELETE FROM shop.orders WHERE dt < '2020-01-01'", "target orders(dt | dt!)"),
    ("DELETE shop.orders WHERE id = 1", "target orders(id | id!)"),
    (
        "MERGE shop.orders t USING (SELECT id, name FROM shop.customers) s ON t.id = s.id AND t.dt = '2026-01-01' WHEN MATCHED THEN UPDATE SET note = s.name",
        "target orders(dt id note | id? dt!); customers(id name | id?)",
    ),
    (
        "MERGE shop.orders t USING shop.customers s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW",
        "target orders(id | id?); customers(country id name since)",
    ),
    (
        "SELECT * FROM (SELECT id, country FROM shop.customers) PIVOT (COUNT(*) FOR country IN ('FR', 'DE'))",
        "customers(country id)",
    ),
    (
        "SELECT id, v FROM (SELECT * FROM shop.customers) UNPIVOT (v FOR k IN (name, country))",
        "customers(country id name since); *customers",
    ),
    (
        "FROM shop.orders |> WHERE dt = '2026-01-01' |> AGGREGATE SUM(amount) AS s GROUP BY customer_id |> WHERE s > 5",
        "orders(amount customer_id dt | dt!)",
    ),
    ("FROM shop.orders AS o |> EXTEND amount * 2 AS twice |> SELECT twice, o.id", "orders(amount id)"),
    ("FROM shop.orders |> DROP note, items |> SET amount = customer_id |> SELECT amount", "orders(customer_id)"),
    ("SELECT id FROM shop.orders TABLESAMPLE SYSTEM (10 PERCENT)", "orders(id)"),
    ("SELECT id FROM shop.orders FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01' WHERE amount = 1", "orders(amount id | amount!)"),
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
    ("SELECT TO_JSON_STRING(c) FROM shop.customers c", "customers(country id name since)"),
    ("SELECT AS STRUCT id, name FROM shop.customers", "customers(id name)"),
    ("SELECT ARRAY_AGG(STRUCT(id, note) ORDER BY dt LIMIT 1)[OFFSET(0)].note FROM shop.orders", "orders(dt id note)"),
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
    ("SELECT id FROM shop.orders WHERE note IN ('a' 'b', 'c')", "orders(id note | note!)"),
    ("SELECT items[0]._id FROM shop.orders", "orders(items.price items.sku); ~ no column is called `_id` @_id"),
    ("SELECT 1", ""),
];

#[test]
fn statements_read_just_these_columns() {
    for (text, expected) in CASES {
        assert_eq!(reads(text), *expected, "{text}");
    }
}
