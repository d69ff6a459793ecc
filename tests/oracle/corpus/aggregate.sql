-- Aggregates and grouping.

--= orders(amount note)
SELECT IF(amount > 1, note, 'x') AS k FROM shop.orders GROUP BY k ORDER BY k;

--= customers(country since)
SELECT country FROM shop.customers GROUP BY country HAVING MAX(since) > '2020-01-01';

--= customers(country name)
SELECT country, name FROM shop.customers GROUP BY ROLLUP (country, name);

--= customers(name since)
SELECT ANY_VALUE(name HAVING MAX since) FROM shop.customers;

--= customers(name)
SELECT STRING_AGG(DISTINCT name, ',' ORDER BY name) FROM shop.customers;

--= customers(name)
SELECT name AS n, UPPER(name) AS u FROM shop.customers WHERE TRUE GROUP BY n, u;

--= orders(id)
SELECT id FROM shop.orders GROUP BY ALL;

--= orders(amount id)
SELECT id, COUNT(*) c, SUM(amount) / 2 FROM shop.orders GROUP BY ALL;

--= customers(country)
SELECT country AS k, COUNT(*) FROM shop.customers GROUP BY k HAVING COUNT(*) > 1;

--= customers(country)
SELECT country, COUNT(*) FROM shop.customers GROUP BY ALL;

--= customers(country name)
SELECT country, name, COUNT(*) FROM shop.customers GROUP BY GROUPING SETS ((country), (country, name));

--= orders(amount customer_id dt note | dt!)
SELECT COUNT(DISTINCT IF(amount > 1, customer_id, NULL)), LOGICAL_OR(note = 'x') FROM shop.orders WHERE dt >
'2026-01-01';

--= customers(country)
SELECT country, n FROM (SELECT country, COUNT(*) AS n, STRING_AGG(name) AS names FROM shop.customers GROUP BY country)
ORDER BY n;

--= orders(amount dt)
SELECT EXTRACT(MONTH FROM dt) AS month, AVG(amount) FROM shop.orders GROUP BY 1 HAVING month > 3 ORDER BY 2 DESC LIMIT
5;

--= customers(name since)
--! refuses: Code: 3, Message: Function not found: MAX_BY -- BigQuery has functions that the public analyzer lacks
SELECT MAX_BY(name, since) FROM shop.customers;

--= customers(country since)
SELECT DISTINCT country, since FROM shop.customers;
