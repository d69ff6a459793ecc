-- Pipe syntax.

--= orders(amount id | amount!)
FROM shop.orders |> WHERE amount > 1 |> SELECT id, note |> SELECT id;

--= orders(amount customer_id)
FROM shop.orders |> AGGREGATE SUM(amount) AS s, COUNT(*) AS n GROUP BY customer_id |> SELECT s;

--= orders(amount)
FROM shop.orders |> EXTEND amount * 2 AS b, note AS d |> SELECT b;

--= orders(customer_id id | customer_id?); customers(id name | id?)
FROM shop.orders AS o |> JOIN shop.customers AS c ON c.id = o.customer_id |> SELECT c.name, o.id;

--= orders(amount customer_id dt id)
FROM shop.orders |> DROP note, tags, items, address |> RENAME amount AS a;

--= customers(country)
FROM shop.customers |> SET name = country |> SELECT name;

--= customers(id since)
FROM shop.customers |> ORDER BY since |> LIMIT 3 |> SELECT id;

--= customers(id)
FROM shop.customers |> AS c |> SELECT c.id;

--= customers(id); orders(id)
FROM shop.customers |> SELECT id |> UNION ALL (SELECT id FROM shop.orders);

--= orders(dt | dt!)
FROM shop.orders |> AGGREGATE COUNT(*) GROUP BY dt |> WHERE dt > '2020-01-01';

--= orders(amount customer_id dt | dt!)
FROM shop.orders |> WHERE dt = '2026-01-01' |> AGGREGATE SUM(amount) AS s GROUP BY customer_id |> WHERE s > 5;

--= orders(amount id)
FROM shop.orders AS o |> EXTEND amount * 2 AS twice |> SELECT twice, o.id;

--= orders(customer_id)
FROM shop.orders |> DROP note, items |> SET amount = customer_id |> SELECT amount;

--= customers(country since | country!)
FROM shop.customers |> WHERE country = 'FR' |> AGGREGATE COUNT(*) AS n GROUP BY since |> ORDER BY n DESC |> LIMIT 3;

--= customers(id name | name?)
SELECT id, name FROM shop.customers |> WHERE name LIKE 'a%' |> SELECT id;

--= customers(name since)
FROM shop.customers |> SELECT id, name, ROW_NUMBER() OVER (ORDER BY since) AS place |> WHERE place = 1 |> SELECT name;

--= orders(amount id); customers(country id)
FROM shop.orders |> LEFT JOIN shop.customers AS c USING (id) |> AGGREGATE SUM(amount) GROUP BY country;

--= orders(id items.price)
FROM shop.orders |> JOIN UNNEST(items) AS i |> WHERE i.price > 1 |> SELECT id;

--= customers(country id name since)
FROM shop.customers |> PIVOT (COUNT(id) FOR country IN ('FR', 'DE'));

--= orders(amount id | amount!)
FROM shop.orders |> WHERE amount > 1 |> SELECT id;

--= orders(amount id)
FROM shop.orders AS o |> SET amount = 1 |> SELECT o.amount AS a, amount AS b, id;

--= orders(id note)
FROM shop.orders AS o |> DROP note |> SELECT o.note, id;

--= customers(country name)
FROM shop.customers AS c |> RENAME name AS n |> SELECT n, c.country;

--= customers(name)
FROM shop.customers AS c |> LIMIT 3 |> SELECT c.name;

--= customers(country name since)
FROM shop.customers AS c |> ORDER BY c.since |> LIMIT 3 |> WHERE c.country = 'x' |> SELECT name;

--= customers(country name)
FROM shop.customers AS c |> EXTEND UPPER(name) AS u |> SELECT c.country, u;

--= customers(country)
FROM shop.customers |> AGGREGATE COUNT(*) AS n GROUP BY country AS k |> SELECT k;

--= customers(country since)
FROM shop.customers |> AGGREGATE MAX(since) AS m GROUP AND ORDER BY country |> SELECT m, country;

--= customers(country id | id?); orders(amount customer_id | customer_id?)
FROM shop.customers AS a |> JOIN shop.orders AS b ON a.id = b.customer_id |> AGGREGATE SUM(b.amount) AS s GROUP BY a.country;

--= orders(items.sku)
FROM shop.orders |> AS o |> CROSS JOIN UNNEST(o.items) AS i |> SELECT i.sku;

--= customers(country id)
FROM shop.customers |> SELECT id, country |> PIVOT(COUNT(id) FOR country IN ('a' AS a, 'b' AS b)) |> SELECT a;

--= customers(country id name)
FROM shop.customers |> SELECT id, name, country |> UNPIVOT(v FOR k IN (name, country)) |> SELECT id, v;

--= customers(id); orders(id); customers(name)
FROM shop.customers |> SELECT id |> UNION ALL (SELECT id FROM shop.orders), (SELECT name FROM shop.customers);

--= customers(id); orders(id)
FROM shop.customers |> SELECT id |> EXCEPT DISTINCT (SELECT id FROM shop.orders);

--= customers(id)
FROM shop.customers |> TABLESAMPLE SYSTEM (1 PERCENT) |> SELECT id;

--= customers(country id)
FROM shop.customers |> SELECT id, country |> DISTINCT |> SELECT id;

--= orders(id | id?); customers(id name | id?)
FROM shop.customers |> WITH a AS (SELECT id AS oid, amount FROM shop.orders) |> JOIN a ON id = oid |> SELECT name;

--= customers(country id since)
FROM shop.customers |> WINDOW ROW_NUMBER() OVER (PARTITION BY country ORDER BY since) AS n |> WHERE n = 1 |> SELECT id;

--= customers(id)
SELECT id FROM shop.customers |> SELECT UPPER(id) AS u;
