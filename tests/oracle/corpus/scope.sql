-- Where names lead: scopes, aliases by clause, structs and their leaves, arrays, and statements that change tables.

--= orders(customer_id id | id?); customers(id | id?)
SELECT o.id FROM shop.orders o WHERE o.id IN (SELECT id FROM shop.customers c WHERE c.id = o.customer_id);

--= orders(amount id)
SELECT id AS x FROM shop.orders ORDER BY x, amount;

--= orders(amount)
SELECT amount AS note FROM shop.orders ORDER BY note;

--= orders(amount note | note!)
SELECT amount AS note FROM shop.orders WHERE note = 'a';

--= orders(note)
SELECT LENGTH(note) AS note FROM shop.orders GROUP BY note;

--= orders(note)
SELECT note AS id, COUNT(*) AS c FROM shop.orders GROUP BY id;

--= orders(amount customer_id)
SELECT customer_id AS k, SUM(amount) AS s FROM shop.orders GROUP BY k HAVING s > 3 ORDER BY s;

--= orders(customer_id dt id)
SELECT id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY dt) AS n FROM shop.orders QUALIFY n = 1;

--= orders(customer_id dt id)
SELECT id FROM shop.orders QUALIFY ROW_NUMBER() OVER w = 1 WINDOW w AS (PARTITION BY customer_id ORDER BY dt);

--= orders(amount customer_id dt)
SELECT SUM(amount) OVER w2 FROM shop.orders WINDOW w1 AS (PARTITION BY customer_id), w2 AS (w1 ORDER BY dt);

--= orders(amount id | amount!); orders(customer_id id | customer_id?)
WITH RECURSIVE r AS (SELECT id, customer_id, note FROM shop.orders WHERE amount = 1 UNION ALL SELECT o.id, o.customer_id, o.note FROM shop.orders o JOIN r ON o.customer_id = r.id) SELECT id FROM r;

--= customers(name); *customers
WITH a AS (SELECT * FROM shop.customers), b AS (SELECT * FROM a) SELECT name FROM b;

--= orders(id)
WITH customers AS (SELECT id FROM shop.orders) SELECT * FROM customers;

--= orders(amount customer_id dt id note tags); *orders-
SELECT * EXCEPT (address, items) REPLACE (UPPER(note) AS note) FROM shop.orders;

--= customers(country id name); orders(id); *customers-
SELECT c.* EXCEPT (since) FROM shop.customers c JOIN shop.orders o USING (id);

--= customers(id name); orders(id)
SELECT id, name FROM shop.customers JOIN shop.orders USING (id);

--= orders(amount id); customers(id name)
SELECT * FROM (SELECT id, amount FROM shop.orders) JOIN (SELECT id, name FROM shop.customers) USING (id);

--= orders(address.zip)
SELECT address.zip FROM shop.orders GROUP BY address.zip;

--= orders(address.city address.zip | address.city!)
SELECT o.address FROM shop.orders o WHERE o.address.city = 'a';

--= customers(country id name since)
SELECT TO_JSON_STRING(c) FROM shop.customers c;

--= customers(country id name since)
SELECT COUNT(c) FROM shop.customers c;

--= customers(country id name since)
SELECT c FROM shop.customers c;

--= customers(country id name since)
SELECT ANY_VALUE(c).name FROM shop.customers c;

--= customers(country id name since)
SELECT ARRAY_AGG(c ORDER BY since LIMIT 1)[OFFSET(0)].name FROM shop.customers c GROUP BY country;

--= orders(items.sku)
SELECT i.sku FROM shop.orders o CROSS JOIN o.items i;

--= orders(items.sku)
SELECT i.sku, off FROM shop.orders o, o.items AS i WITH OFFSET off;

--= orders(items.sku)
SELECT sku FROM shop.orders, UNNEST(items);

--= orders(items.price)
SELECT price FROM shop.orders o LEFT JOIN UNNEST(o.items) AS it;

--= orders(tags)
SELECT t FROM shop.orders, UNNEST(tags) t WITH OFFSET o WHERE o = 1;

--= orders(items.price)
SELECT (SELECT MAX(price) FROM UNNEST(items)) FROM shop.orders;

--= orders(items.price items.sku)
SELECT ARRAY(SELECT AS STRUCT sku, price FROM UNNEST(items) ORDER BY price) FROM shop.orders;

--= orders(tags)
SELECT EXISTS(SELECT 1 FROM UNNEST(tags) t WHERE t = 'x') FROM shop.orders;

--= orders(id); customers(id)
SELECT id FROM (SELECT id, note FROM shop.orders UNION ALL SELECT id, name FROM shop.customers);

--= orders(id note); customers(id name)
SELECT id FROM (SELECT id, note FROM shop.orders UNION DISTINCT SELECT id, name FROM shop.customers);

--= orders(id); customers(id)
SELECT id FROM shop.orders INTERSECT DISTINCT SELECT id FROM shop.customers;

--= orders(id); customers(country id | country!)
SELECT id FROM shop.orders EXCEPT DISTINCT (SELECT id FROM shop.customers WHERE country = 'x');

--= customers(country id)
SELECT * FROM (SELECT id, country FROM shop.customers) PIVOT(COUNT(id) FOR country IN ('a', 'b'));

--= customers(country id name)
SELECT a FROM (SELECT id, name, country FROM shop.customers) PIVOT(COUNT(id) FOR country IN ('a' AS a, 'b' AS b));

--= customers(country id name)
SELECT v FROM (SELECT id, name, country FROM shop.customers) UNPIVOT(v FOR k IN (name, country));

--= customers(country id name)
SELECT id FROM (SELECT id, name, country FROM shop.customers) UNPIVOT(v FOR k IN (name AS 'n', country AS 'c'));

--= orders(id)
SELECT id FROM shop.orders TABLESAMPLE SYSTEM (10 PERCENT);

--= orders(id)
SELECT id FROM shop.orders FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01 00:00:00+00';

--= orders(id)
SELECT o.id FROM shop.orders AS o FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR);

--= wildcard log_*(_TABLE_SUFFIX id | _TABLE_SUFFIX!)
SELECT id FROM shop.`log_*` WHERE _TABLE_SUFFIX = '1';

--= wildcard log_*(_TABLE_SUFFIX)
SELECT _TABLE_SUFFIX AS s, COUNT(*) FROM `p.shop.log_*` GROUP BY s;

--= events(_PARTITIONTIME id | _PARTITIONTIME!)
SELECT id FROM shop.events WHERE _PARTITIONTIME > '2026-01-01';

--= events(_PARTITIONDATE id)
SELECT id, _PARTITIONDATE AS d FROM shop.events;

--= target orders(id note | id!)
UPDATE shop.orders SET note = 'x' WHERE id = 'a';

--= target orders(customer_id note | customer_id?); customers(id name | id?)
UPDATE shop.orders o SET note = c.name FROM shop.customers c WHERE c.id = o.customer_id;

--= target orders(address.zip)
UPDATE shop.orders SET address.zip = 'x' WHERE TRUE;

--= target orders(dt | dt!)
DELETE FROM shop.orders WHERE dt < '2026-01-01';

--= target orders(customer_id); customers(country id | id? country!)
DELETE shop.orders o WHERE EXISTS (SELECT 1 FROM shop.customers c WHERE c.id = o.customer_id AND c.country = 'x');

--= orders(id note)
INSERT INTO shop.customers (id, name) SELECT id, note FROM shop.orders;

--= orders(note)
INSERT INTO shop.customers (id, name) VALUES ('a', (SELECT MAX(note) FROM shop.orders));

--= target customers(id name | id?); orders(id note)
MERGE shop.customers t USING (SELECT id, note FROM shop.orders) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.note WHEN NOT MATCHED THEN INSERT (id, name) VALUES (id, note);

--= target customers(country id); orders(id | id?)
MERGE shop.customers t USING shop.orders s ON t.id = s.id WHEN NOT MATCHED BY SOURCE AND country = 'x' THEN DELETE;

--= orders(id)
CREATE TABLE shop.x AS SELECT id FROM shop.orders;

--= orders(amount dt id | amount!)
CREATE TABLE shop.x PARTITION BY dt CLUSTER BY id AS SELECT id, dt FROM shop.orders WHERE amount > 1;

--= customers(country id name since); *customers
CREATE VIEW shop.v AS SELECT * FROM shop.customers;

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)
SELECT x.id FROM (SELECT o FROM shop.orders o) AS t, UNNEST([t.o]) AS x;

--= orders(id note)
SELECT s.id FROM (SELECT STRUCT(id, note) AS s FROM shop.orders);

--= orders(amount id)
SELECT s.* FROM (SELECT STRUCT(id, amount AS a) AS s FROM shop.orders);

--= orders(address.city address.zip)
SELECT a.b.zip FROM (SELECT STRUCT(address AS b) AS a FROM shop.orders);

--= orders(id note)
SELECT v.id FROM (SELECT AS VALUE STRUCT(id, note AS n) FROM shop.orders) v;

--= orders(id note)
SELECT id FROM (SELECT AS STRUCT id, note FROM shop.orders);

--= orders(id note)
SELECT * FROM UNNEST(ARRAY(SELECT AS STRUCT id, note FROM shop.orders));

--= orders(id note)
SELECT id FROM UNNEST(ARRAY(SELECT AS STRUCT id, note FROM shop.orders));

--= orders(note); customers(country | country?)
SELECT (SELECT COUNT(*) FROM shop.customers c WHERE c.country = o.note) FROM shop.orders o;

--= orders(customer_id id); customers(id name since | id?)
SELECT o.id, (SELECT AS STRUCT c.name, c.since FROM shop.customers c WHERE c.id = o.customer_id LIMIT 1).name FROM shop.orders o;

--= orders(address.city address.zip amount)
SELECT IF(amount > 1, address, NULL).zip FROM shop.orders;

--= orders(items.sku)
SELECT items[SAFE_OFFSET(0)].sku FROM shop.orders;

--= orders(amount items.price items.sku)
SELECT items[OFFSET(amount)].sku FROM shop.orders;

--= customers(country name)
SELECT DISTINCT country FROM (SELECT DISTINCT country, name FROM shop.customers);

--= orders(amount)
SELECT MAX(x) FROM (SELECT amount AS x, ROW_NUMBER() OVER (ORDER BY dt) AS n FROM shop.orders);

--= customers(country name)
SELECT country, COUNT(*) FROM shop.customers GROUP BY ROLLUP(country, name);

--= customers(country name)
SELECT country, name, COUNT(*) FROM shop.customers GROUP BY GROUPING SETS ((country), (name), ());

--= customers(country name)
SELECT country, MAX(name) FROM shop.customers GROUP BY ALL;

--= customers(); *customers
SELECT COUNT(*) FROM (SELECT * FROM shop.customers);

--= customers(); orders()
SELECT 1 FROM shop.customers, shop.orders;

--= date(year)
SELECT date.year FROM shop.date;

--= orders(id | id?); orders(amount customer_id | customer_id? amount!)
SELECT a.id FROM shop.orders a JOIN shop.orders b ON a.id = b.customer_id WHERE b.amount > 1;

--= orders(amount)
SELECT x FROM shop.orders, UNNEST(GENERATE_ARRAY(1, amount)) AS x;

--= 
SELECT key, v FROM UNNEST([STRUCT('a' AS key, 1 AS v)]);

--= orders(id); customers(country id)
SELECT o.id FROM shop.orders o FULL JOIN shop.customers c ON o.id = c.id WHERE c.country = 'a';

--= customers(id name | id? name?); orders(id note)
SELECT id FROM shop.customers c WHERE (c.id, c.name) IN (SELECT (id, note) FROM shop.orders);

--= customers(country name since)
SELECT LAG(name) OVER (PARTITION BY country ORDER BY since) FROM shop.customers;

--= orders(amount dt)
SELECT AVG(amount) OVER (ORDER BY UNIX_DATE(dt) RANGE BETWEEN 6 PRECEDING AND CURRENT ROW) FROM shop.orders;

--= customers(name)
SELECT STRING_AGG(DISTINCT name, ',' ORDER BY name LIMIT 3) FROM shop.customers;

--= customers(name since)
SELECT ARRAY_AGG(name IGNORE NULLS HAVING MAX since) FROM shop.customers;

--= orders(id); customers(id)
SELECT COALESCE(a.id, b.id) FROM shop.orders a FULL JOIN shop.customers b USING (id);

--= orders(id); customers(id)
SELECT id FROM shop.orders a FULL JOIN shop.customers b USING (id);

--= orders(id tags)
SELECT t.id FROM shop.orders AS t, t.tags AS tag WHERE tag = 'a';

--= orders(tags)
SELECT ARRAY_LENGTH(tags) FROM shop.orders;

--= orders(id tags | tags?)
SELECT id FROM shop.orders WHERE 'a' IN UNNEST(tags);

--= orders(id items.sku)
SELECT id FROM shop.orders WHERE 'a' IN (SELECT sku FROM UNNEST(items));

--= orders(amount id note)
SELECT CASE WHEN amount > 1 THEN STRUCT(id AS a) ELSE STRUCT(note AS a) END.a FROM shop.orders;

--= orders(id)
EXPORT DATA OPTIONS (uri = 'gs://b/*', format = 'CSV') AS SELECT id FROM shop.orders;

--= orders(amount customer_id); customers(country id | id?)
SELECT SUM(IF(c.country = 'a', o.amount, 0)) FROM shop.orders o LEFT JOIN shop.customers c ON c.id = o.customer_id;

--= orders(id); orders(note)
SELECT o.id, n.note FROM shop.orders o, (SELECT note FROM shop.orders) n;

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)
SELECT s.address.zip FROM (SELECT o AS s FROM shop.orders o);

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)
SELECT x.address.zip FROM shop.orders o, UNNEST([o]) x;

--= orders(address.zip items.sku)
WITH t AS (SELECT address AS a, items AS i FROM shop.orders) SELECT a.zip, j.sku FROM t, UNNEST(i) AS j;

--= orders(address.city address.zip)
SELECT TO_JSON_STRING(address) FROM shop.orders;

--= orders(address.city); orders(address.city)
SELECT a.city FROM (SELECT address AS a, amount FROM shop.orders UNION ALL SELECT address, 1 FROM shop.orders);

--= orders(id note)
SELECT f.x FROM (SELECT ARRAY_AGG(STRUCT(id AS x, note AS y)) AS l FROM shop.orders), UNNEST(l) AS f;

--= orders(address.city address.zip)
SELECT IFNULL(o.address, NULL).city FROM shop.orders o;

--= orders(address.zip items.price)
SELECT COUNT(o.address.zip), COUNTIF(o.items[SAFE_OFFSET(0)].price > 1) FROM shop.orders o;

--= orders(items.price items.sku)
SELECT (SELECT i.sku FROM UNNEST(o.items) i WHERE i.price > 1 LIMIT 1) FROM shop.orders o;

--= orders(id items.price)
SELECT id FROM shop.orders o WHERE NOT EXISTS (SELECT 1 FROM UNNEST(o.items) WHERE price > 1);

--= orders(amount customer_id dt id items.price items.sku note tags); *orders-
SELECT o.* EXCEPT (items, address), i.* FROM shop.orders o, UNNEST(items) i;

--= orders(dt id)
SELECT id, d FROM shop.orders, UNNEST(GENERATE_DATE_ARRAY(dt, '2026-01-01')) AS d;

--= customers(country id since)
SELECT * FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY country ORDER BY since) rn FROM shop.customers) WHERE rn = 1;

--= customers(id); customers(name since | name? since!)
SELECT a.id FROM shop.customers a LEFT JOIN shop.customers b ON a.id = b.name AND b.since > '2026-01-01';

--= customers(id since | since?); orders(dt)
SELECT id FROM shop.customers WHERE since > (SELECT MAX(dt) FROM shop.orders);

--= customers(id); orders(address.city address.zip amount customer_id dt id items.price items.sku note tags | id?)
SELECT id FROM shop.customers c WHERE EXISTS (SELECT * FROM shop.orders o WHERE o.id = c.id);

--= customers(name)
SELECT ARRAY(SELECT name FROM shop.customers);

--= customers(id name)
SELECT AS STRUCT id, name FROM shop.customers;

--= customers(name since)
SELECT ANY_VALUE(name HAVING MAX since) FROM shop.customers;
