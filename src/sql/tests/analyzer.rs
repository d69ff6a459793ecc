//! Statements on which Google's own analyzer was asked for the columns: these are its answers, with our filters and
//! leaves beside them. It differs on the recursive query, where it forgets the column that is asked for, and refuses
//! two: an alias of `PIVOT` and a range variable that hides a column.

use super::reads;

const CASES: &[(&str, &str)] = &[
    ("SELECT id FROM (SELECT * FROM shop.customers ORDER BY name LIMIT 5)", "customers(id name); *customers"),
    ("SELECT COUNT(*) FROM (SELECT * FROM shop.customers)", "customers(); *customers"),
    ("SELECT COUNT(*) FROM (SELECT DISTINCT name, country FROM shop.customers)", "customers(country name)"),
    ("SELECT COUNT(*) FROM shop.orders, UNNEST(items)", "orders(items.price items.sku)"),
    (
        "SELECT o.* FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id",
        "orders(address.city address.zip amount customer_id dt id items.price items.sku note tags | customer_id?); customers(id | id?); *orders",
    ),
    (
        "SELECT * FROM shop.orders o LEFT JOIN shop.customers c USING (id)",
        "orders(address.city address.zip amount customer_id dt id items.price items.sku note tags); customers(country id name since); *orders+customers",
    ),
    ("SELECT id, name FROM shop.orders o FULL JOIN shop.customers c USING (id)", "orders(id); customers(id name)"),
    ("SELECT date FROM shop.date", "date(date year)"),
    ("SELECT date.date FROM shop.date", "date(date)"),
    ("SELECT date FROM shop.date AS d", "date(date)"),
    ("SELECT o FROM shop.orders o", "orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)"),
    ("SELECT x.id FROM (SELECT AS STRUCT id, note FROM shop.orders) x", "orders(id note)"),
    ("SELECT (SELECT AS STRUCT id, note).id FROM shop.orders", "orders(id note)"),
    ("SELECT ARRAY(SELECT AS STRUCT sku FROM UNNEST(items)) FROM shop.orders", "orders(items.sku)"),
    ("SELECT i FROM shop.orders, UNNEST(items) i", "orders(items.price items.sku)"),
    ("SELECT * FROM UNNEST([STRUCT(1 AS a, 2 AS b)])", ""),
    ("SELECT a FROM UNNEST([STRUCT(1 AS a, 2 AS b)]), shop.customers", "customers()"),
    ("SELECT x, name FROM UNNEST([1, 2]) AS x, shop.customers", "customers(name)"),
    (
        "WITH a AS (SELECT id, name FROM shop.customers), b AS (SELECT * FROM a), c AS (SELECT * FROM b UNION ALL SELECT id, note FROM shop.orders) SELECT id FROM c",
        "customers(id); orders(id)",
    ),
    (
        "WITH a AS (SELECT id, name FROM shop.customers) SELECT x.id, y.name FROM a x JOIN a y ON x.id = y.id",
        "customers(id name)",
    ),
    (
        "WITH a AS (SELECT country, COUNT(DISTINCT id) AS n, MAX(since) AS m FROM shop.customers GROUP BY 1) SELECT n FROM a WHERE m > '2020-01-01'",
        "customers(country id since)",
    ),
    (
        "SELECT id FROM shop.customers c WHERE since = (SELECT MAX(since) FROM shop.customers d WHERE d.country = c.country)",
        "customers(country id since | since?); customers(country since | country?)",
    ),
    (
        "SELECT name FROM shop.customers WHERE id NOT IN (SELECT customer_id FROM shop.orders WHERE amount > 1)",
        "customers(id name | id?); orders(amount customer_id | amount!)",
    ),
    (
        "SELECT SUM(amount) OVER (PARTITION BY customer_id ORDER BY dt ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM shop.orders",
        "orders(amount customer_id dt)",
    ),
    (
        "SELECT id, s FROM (SELECT id, note, SUM(amount) OVER (PARTITION BY customer_id) s, LAG(note) OVER (ORDER BY dt) l FROM shop.orders)",
        "orders(amount customer_id id)",
    ),
    ("SELECT LAG(note) OVER w, id FROM shop.orders WINDOW w AS (PARTITION BY id ORDER BY dt)", "orders(dt id note)"),
    ("SELECT IF(amount > 1, note, 'x') AS k FROM shop.orders GROUP BY k ORDER BY k", "orders(amount note)"),
    (
        "SELECT country, ARRAY_AGG(name ORDER BY since LIMIT 1)[OFFSET(0)] FROM shop.customers GROUP BY country",
        "customers(country name since)",
    ),
    ("SELECT ARRAY_AGG(STRUCT(id, note) ORDER BY dt LIMIT 1)[OFFSET(0)].note FROM shop.orders", "orders(dt id note)"),
    (
        "SELECT a.id FROM (SELECT ANY_VALUE(o) AS a FROM shop.orders o GROUP BY customer_id)",
        "orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)",
    ),
    (
        "SELECT * EXCEPT (note, items, tags, address) REPLACE (amount * 2 AS amount) FROM shop.orders",
        "orders(amount customer_id dt id); *orders-",
    ),
    ("SELECT address.* FROM shop.orders", "orders(address.city address.zip)"),
    ("SELECT o.address.* EXCEPT (zip) FROM shop.orders o", "orders(address.city)"),
    ("SELECT t FROM shop.orders o, o.tags t WHERE t LIKE 'x%'", "orders(tags)"),
    ("SELECT o.id, t, off FROM shop.orders o LEFT JOIN UNNEST(o.tags) AS t WITH OFFSET off", "orders(id tags)"),
    ("SELECT id FROM shop.orders WHERE 'x' IN UNNEST(tags)", "orders(id tags | tags?)"),
    ("SELECT id FROM shop.orders WHERE EXISTS (SELECT 1 FROM UNNEST(items) i WHERE i.price > 2)", "orders(id items.price)"),
    (
        "SELECT EXTRACT(YEAR FROM dt), DATE_TRUNC(dt, MONTH), DATE_DIFF(dt, '2020-01-01', DAY), LAST_DAY(dt, WEEK(MONDAY)) FROM shop.orders",
        "orders(dt)",
    ),
    (
        "SELECT CAST(amount AS STRING), SAFE_CAST(note AS INT64), dt + 1, -amount, NOT (id = 'x'), amount BETWEEN 1 AND 2 FROM shop.orders",
        "orders(amount dt id note)",
    ),
    (
        "SELECT CASE country WHEN 'FR' THEN name ELSE CAST(since AS STRING) END FROM shop.customers",
        "customers(country name since)",
    ),
    ("SELECT name FROM shop.customers EXCEPT DISTINCT SELECT note FROM shop.orders", "customers(name); orders(note)"),
    (
        "(SELECT id FROM shop.customers) UNION ALL (SELECT id FROM shop.orders ORDER BY dt LIMIT 1) ORDER BY id",
        "customers(id); orders(dt id)",
    ),
    ("SELECT id AS name FROM shop.customers ORDER BY name", "customers(id)"),
    ("SELECT c.name FROM shop.customers c ORDER BY c.since", "customers(name since)"),
    ("SELECT country FROM shop.customers GROUP BY country HAVING MAX(since) > '2020-01-01'", "customers(country since)"),
    ("SELECT country, name FROM shop.customers GROUP BY ROLLUP (country, name)", "customers(country name)"),
    (
        "SELECT * FROM (SELECT country, id FROM shop.customers) PIVOT (COUNT(id) FOR country IN ('FR' AS fr, 'DE' AS de))",
        "customers(country id)",
    ),
    (
        "SELECT fr FROM (SELECT country, id, name FROM shop.customers) PIVOT (COUNT(id) AS c FOR country IN ('FR' AS fr)) AS x",
        "customers(country id name)",
    ),
    ("SELECT v FROM shop.customers UNPIVOT (v FOR k IN (name, country))", "customers(country id name since)"),
    ("SELECT id FROM shop.customers UNPIVOT (v FOR k IN (name, country))", "customers(country id name since)"),
    ("FROM shop.orders |> WHERE amount > 1 |> SELECT id, note |> SELECT id", "orders(amount id | amount!)"),
    (
        "FROM shop.orders |> AGGREGATE SUM(amount) AS s, COUNT(*) AS n GROUP BY customer_id |> SELECT s",
        "orders(amount customer_id)",
    ),
    ("FROM shop.orders |> EXTEND amount * 2 AS b, note AS d |> SELECT b", "orders(amount)"),
    (
        "FROM shop.orders AS o |> JOIN shop.customers AS c ON c.id = o.customer_id |> SELECT c.name, o.id",
        "orders(customer_id id | customer_id?); customers(id name | id?)",
    ),
    ("FROM shop.orders |> DROP note, tags, items, address |> RENAME amount AS a", "orders(amount customer_id dt id)"),
    ("FROM shop.customers |> SET name = country |> SELECT name", "customers(country)"),
    ("FROM shop.customers |> ORDER BY since |> LIMIT 3 |> SELECT id", "customers(id since)"),
    ("FROM shop.customers |> AS c |> SELECT c.id", "customers(id)"),
    ("FROM shop.customers |> SELECT id |> UNION ALL (SELECT id FROM shop.orders)", "customers(id); orders(id)"),
    ("FROM shop.orders |> AGGREGATE COUNT(*) GROUP BY dt |> WHERE dt > '2020-01-01'", "orders(dt | dt!)"),
    (
        "INSERT INTO shop.customers (id, name) SELECT id, note FROM shop.orders WHERE amount = 1",
        "orders(amount id note | amount!)",
    ),
    ("UPDATE shop.orders SET note = 'x' WHERE id = '1'", "target orders(id note | id!)"),
    (
        "UPDATE shop.orders o SET note = c.name FROM shop.customers c WHERE c.id = o.customer_id",
        "target orders(customer_id note | customer_id?); customers(id name | id?)",
    ),
    ("DELETE FROM shop.orders WHERE dt < '2020-01-01'", "target orders(dt | dt!)"),
    (
        "MERGE shop.orders t USING shop.customers s ON t.id = s.id WHEN MATCHED THEN UPDATE SET note = s.name WHEN NOT MATCHED THEN INSERT (id, note) VALUES (s.id, s.country)",
        "target orders(id note | id?); customers(country id name)",
    ),
    (
        "MERGE shop.customers t USING (SELECT id, name, country, since FROM shop.customers) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW",
        "target customers(id | id?); customers(country id name since)",
    ),
    ("CREATE TABLE x.y AS SELECT id, name FROM shop.customers", "customers(id name)"),
    ("SELECT id FROM shop.events WHERE DATE(_PARTITIONTIME) = '2020-01-01'", "events(_PARTITIONTIME id | _PARTITIONTIME!)"),
    ("SELECT * FROM shop.events", "events(id payload ts); *events"),
    (
        "WITH RECURSIVE r AS (SELECT id, customer_id, note FROM shop.orders UNION ALL SELECT o.id, o.customer_id, o.note FROM shop.orders o JOIN r ON o.customer_id = r.id) SELECT id FROM r",
        "orders(id); orders(customer_id id | customer_id?)",
    ),
    ("SELECT (SELECT COUNT(*) FROM UNNEST(items)) FROM shop.orders", "orders(items.price items.sku)"),
    ("SELECT ARRAY_LENGTH(items) FROM shop.orders", "orders(items.price items.sku)"),
    (
        "SELECT TO_JSON_STRING(o) FROM shop.orders o",
        "orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)",
    ),
    ("SELECT FORMAT('%t', (SELECT AS STRUCT c.*)) FROM shop.customers c", "customers(country id name since); *customers"),
    (
        "SELECT COUNT(o) FROM shop.orders o",
        "orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)",
    ),
    ("SELECT id FROM shop.customers WHERE (country, name) IN (('FR', 'x'))", "customers(country id name | country? name?)"),
    (
        "SELECT a.name FROM shop.customers a, shop.customers b WHERE a.id = b.id AND b.country = 'x'",
        "customers(id name | id?); customers(country id | id? country!)",
    ),
    ("SELECT ANY_VALUE(name HAVING MAX since) FROM shop.customers", "customers(name since)"),
    ("SELECT STRING_AGG(DISTINCT name, ',' ORDER BY name) FROM shop.customers", "customers(name)"),
    ("SELECT APPROX_QUANTILES(amount, 4)[OFFSET(1)], COUNTIF(note IS NULL) FROM shop.orders", "orders(amount note)"),
    (
        "SELECT id FROM shop.customers QUALIFY RANK() OVER (PARTITION BY country ORDER BY since) = 1",
        "customers(country id since)",
    ),
    ("SELECT name AS n, UPPER(name) AS u FROM shop.customers WHERE TRUE GROUP BY n, u", "customers(name)"),
    ("SELECT * FROM shop.customers TABLESAMPLE SYSTEM (1 PERCENT)", "customers(country id name since); *customers"),
    (
        "SELECT x FROM (SELECT id AS x FROM shop.customers UNION ALL SELECT name FROM shop.customers) GROUP BY x",
        "customers(id); customers(name)",
    ),
    ("SELECT ROW_NUMBER() OVER () FROM shop.customers", "customers()"),
    ("SELECT 1 FROM shop.customers WHERE FALSE", "customers()"),
    ("SELECT DISTINCT * FROM shop.customers", "customers(country id name since); *customers"),
    ("WITH a AS (SELECT DISTINCT country, name FROM shop.customers) SELECT country FROM a", "customers(country name)"),
    ("SELECT i.price FROM shop.orders o JOIN UNNEST(o.items) i ON i.sku = o.note", "orders(items.price items.sku note | note?)"),
    ("SELECT items[SAFE_OFFSET(0)].sku, tags[ORDINAL(1)] FROM shop.orders", "orders(items.sku tags)"),
    ("SELECT s.a.zip FROM (SELECT STRUCT(address AS a, id AS b) s FROM shop.orders)", "orders(address.city address.zip id)"),
    (
        "SELECT c.n FROM (SELECT name n, country k FROM shop.customers) c WHERE EXISTS (SELECT * FROM shop.orders WHERE id = c.k)",
        "customers(country name); orders(address.city address.zip amount customer_id dt id items.price items.sku note tags | id?)",
    ),
    (
        "SELECT id FROM shop.customers WHERE since IN (SELECT date FROM shop.date WHERE year = 2020)",
        "customers(id since | since?); date(date year | year!)",
    ),
    ("SELECT MAX(IF(country = 'x', since, NULL)) FROM shop.customers", "customers(country since)"),
    (
        "SELECT (SELECT name FROM shop.customers LIMIT 1), (SELECT AS STRUCT name, country FROM shop.customers LIMIT 1).name",
        "customers(name); customers(country name)",
    ),
    ("SELECT id FROM shop.orders GROUP BY ALL", "orders(id)"),
    ("SELECT id, COUNT(*) c, SUM(amount) / 2 FROM shop.orders GROUP BY ALL", "orders(amount id)"),
];

#[test]
fn columns_are_those_of_the_analyzer() {
    for (text, expected) in CASES {
        assert_eq!(reads(text), *expected, "{text}");
    }
}
