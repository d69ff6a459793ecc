-- WITH, recursion and set operations.

--= customers(id); orders(id)
WITH a AS (SELECT id, name FROM shop.customers), b AS (SELECT * FROM a), c AS (SELECT * FROM b UNION ALL SELECT id,
note FROM shop.orders) SELECT id FROM c;

--= customers(id name)
WITH a AS (SELECT id, name FROM shop.customers) SELECT x.id, y.name FROM a x JOIN a y ON x.id = y.id;

--= customers(country id since)
WITH a AS (SELECT country, COUNT(DISTINCT id) AS n, MAX(since) AS m FROM shop.customers GROUP BY 1) SELECT n FROM a
WHERE m > '2020-01-01';

--= customers(name); orders(note)
SELECT name FROM shop.customers EXCEPT DISTINCT SELECT note FROM shop.orders;

--= customers(id); orders(dt id)
(SELECT id FROM shop.customers) UNION ALL (SELECT id FROM shop.orders ORDER BY dt LIMIT 1) ORDER BY id;

--= orders(id); orders(customer_id id | customer_id?)
WITH RECURSIVE r AS (SELECT id, customer_id, note FROM shop.orders UNION ALL SELECT o.id, o.customer_id, o.note FROM
shop.orders o JOIN r ON o.customer_id = r.id) SELECT id FROM r;

--= customers(id); customers(name)
SELECT x FROM (SELECT id AS x FROM shop.customers UNION ALL SELECT name FROM shop.customers) GROUP BY x;

--= customers(country name)
WITH a AS (SELECT DISTINCT country, name FROM shop.customers) SELECT country FROM a;

--= customers(name); *customers
WITH c AS (SELECT * FROM shop.customers) SELECT name FROM c;

--= orders(amount id)
WITH a AS (SELECT id, SUM(amount) AS s, MAX(note) AS n FROM shop.orders GROUP BY id) SELECT s FROM a;

--= orders(id)
WITH a AS (SELECT id, ROW_NUMBER() OVER (PARTITION BY note ORDER BY dt) AS r FROM shop.orders) SELECT id FROM a;

--= orders(id)
WITH a AS (SELECT id, amount FROM shop.orders), b AS (SELECT id AS k FROM a) SELECT k FROM b;

--= orders(customer_id id); orders(customer_id id | id?)
WITH RECURSIVE r AS (SELECT id, customer_id FROM shop.orders UNION ALL SELECT o.id, o.customer_id FROM shop.orders AS
o JOIN r ON o.id = r.customer_id) SELECT id FROM r;

--= orders(address.city)
WITH a AS (SELECT address FROM shop.orders) SELECT a.address.city FROM a;

--= orders(id); customers(id)
SELECT id FROM shop.orders UNION ALL SELECT id FROM shop.customers;

--= orders(id); customers(id)
SELECT a FROM (SELECT id AS a, note AS b FROM shop.orders UNION ALL SELECT id, name FROM shop.customers);

--= orders(id note); customers(id name)
SELECT a FROM (SELECT id AS a, note AS b FROM shop.orders UNION DISTINCT SELECT id, name FROM shop.customers);

--= orders(dt id | dt!); *orders
WITH a AS (SELECT * FROM shop.orders) SELECT id FROM a WHERE dt = '2026-01-01';

--= events(id ts | ts!)
WITH a AS (SELECT id, DATE(ts) AS d FROM shop.events) SELECT id FROM a WHERE d = '2026-01-01';

--= orders(dt id)
WITH a AS (SELECT id, dt FROM shop.orders LIMIT 10) SELECT id FROM a WHERE dt = '2026-01-01';

--= orders(dt id)
WITH a AS (SELECT id, dt FROM shop.orders) SELECT id FROM a WHERE dt = '2026-01-01' UNION ALL SELECT id FROM a;

--= orders(id note | note!); orders(customer_id id | customer_id?)
WITH RECURSIVE chain AS (SELECT id, customer_id, note, 1 AS depth FROM shop.orders WHERE note = 'root' UNION ALL
SELECT o.id, o.customer_id, o.note, depth + 1 FROM shop.orders o JOIN chain ON o.customer_id = chain.id WHERE depth <
5) SELECT id, depth FROM chain;

--= customers(name)
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i, name FROM n, shop.customers;

--= customers(id name)
WITH a AS (SELECT id, name FROM shop.customers) SELECT name FROM a WHERE id IN (SELECT id FROM a WHERE name > 'x');

--= orders(dt id | dt!)
WITH orders AS (SELECT id FROM shop.orders WHERE dt = '2026-01-01') SELECT id FROM orders;

--= orders(note); *customers
WITH a AS (SELECT * FROM shop.customers), a2 AS (WITH a AS (SELECT note FROM shop.orders) SELECT * FROM a) SELECT *
FROM a2;

--= customers(id); orders(customer_id)
SELECT id FROM shop.customers INTERSECT DISTINCT SELECT customer_id FROM shop.orders;

--= customers(id name); orders(id note)
SELECT id, name FROM shop.customers UNION ALL BY NAME SELECT note AS name, id FROM shop.orders;

--= customers(id); orders(customer_id); orders(id)
SELECT k FROM (SELECT id AS k, name AS l FROM shop.customers UNION ALL (SELECT customer_id, note FROM shop.orders
UNION ALL SELECT id, note FROM shop.orders));

--= customers(); orders()
SELECT COUNT(*) FROM (SELECT name FROM shop.customers UNION ALL SELECT note FROM shop.orders);

--= orders(dt)
SELECT (WITH m AS (SELECT MAX(dt) AS d, MIN(note) AS n FROM shop.orders) SELECT d FROM m);
