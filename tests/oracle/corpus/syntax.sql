-- Spellings that few write, and that are read right all the same.

--= orders(id note)
FROM shop.orders |> SELECT id, note |> DISTINCT;

--= orders(id note)
FROM shop.orders |> SELECT DISTINCT id, note |> SELECT id;

--= orders(id)
FROM shop.orders |> SELECT id, note |> SELECT ALL id;

--= customers(country id name since)
FROM shop.customers AS c |> DISTINCT |> SELECT c.id;

--= orders(amount customer_id id)
FROM shop.orders |> EXTEND SUM(amount) OVER w AS total WINDOW w AS (PARTITION BY customer_id) |> SELECT id, total;

--= orders(id)
FROM shop.orders |> EXTEND SUM(amount) OVER w AS total WINDOW w AS (PARTITION BY customer_id) |> SELECT id;

--= orders(amount customer_id dt)
FROM shop.orders |> SELECT SUM(amount) OVER w AS total WINDOW v AS (PARTITION BY customer_id), w AS (v ORDER BY dt);

--= orders(amount customer_id)
FROM shop.orders |> WINDOW SUM(amount) OVER (PARTITION BY customer_id) AS total |> SELECT total;

--= customers(id); orders(customer_id id)
FROM shop.orders |> WITH c AS (SELECT id AS customer_id, name FROM shop.customers) |> JOIN c USING (customer_id) |> SELECT orders.id;

--= orders(id); customers(id)
WITH a AS (SELECT id FROM shop.orders) FROM a |> WITH b AS (SELECT id FROM shop.customers), |> UNION ALL (SELECT id FROM b);

--= orders(amount customer_id)
FROM shop.orders |> AGGREGATE SUM(amount) AS total, GROUP BY customer_id, |> SELECT total;

--= orders(amount customer_id)
FROM shop.orders |> AGGREGATE SUM(amount) AS total GROUP AND ORDER BY customer_id DESC NULLS LAST;

--= orders(amount customer_id note)
FROM shop.orders |> AGGREGATE SUM(amount) GROUP BY ROLLUP(customer_id, note);

--= orders(id)
(SELECT id, note FROM shop.orders) AS o |> SELECT o.id;

--= orders(amount customer_id)
--! orders(amount) -- what a nested aggregate groups by has to be read, though the analyzer's answer leaves it out
SELECT SUM(MAX(amount) GROUP BY customer_id) FROM shop.orders;

--= orders(customer_id id | customer_id?); customers(id since | since? id?); date(date | date?)
SELECT o.id FROM shop.orders o JOIN shop.customers c JOIN shop.date d ON d.date = c.since ON c.id = o.customer_id;

--= orders(note)
SELECT CAST(note AS DATE FORMAT CONCAT('YYYY', '-MM-DD')) FROM shop.orders;

--= orders(dt note)
SELECT CAST(dt AS STRING FORMAT note) FROM shop.orders;

--= orders(id | id?); customers(id)
SELECT 1 FROM shop.orders WHERE id IN ((SELECT MAX(id) FROM shop.customers), 'x');

--= orders(id)
WITH table AS (SELECT id FROM shop.orders) SELECT table.id FROM table;

--= orders(note)
SELECT STRUCT(), TO_JSON(STRUCT(note)) FROM shop.orders;

--= orders(note | note!)
SELECT 1 FROM shop.orders WHERE note = 'a' "b" '''c''' r"\d";

--= orders(amount id)
SELECT WITH(a AS amount * 2, b AS a + 1, IF(b > 1, id, '')) FROM shop.orders;

--= orders(id)
SELECT b'\'' AS overlaps, id AS offset, b'\x00' B"y" AS x FROM shop.orders position;

--= orders(amount)
SELECT SAFE_CAST(amount AS FLOAT64) AS top, POSITION FROM (SELECT amount, 1 AS position FROM shop.orders);

--= orders(id tags)
SELECT id, offset FROM shop.orders, UNNEST(tags) WITH OFFSET offset WHERE offset > 0;

--= customers(country id name since)
SELECT label, v FROM shop.customers UNPIVOT (v FOR label IN (id AS 1, name AS 2, country 3));

--= customers(country id name since)
SELECT label, v FROM shop.customers UNPIVOT INCLUDE NULLS ((v, w) FOR label IN ((id, name) AS 'a'));

--= orders(amount dt | dt!)
SELECT amount FROM shop.orders FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01' WHERE dt = '2026-01-01';
