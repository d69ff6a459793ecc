-- Joins, correlated subqueries, USING.

--= customers(id name); *customers
SELECT id FROM (SELECT * FROM shop.customers ORDER BY name LIMIT 5);

--= customers(); *customers
SELECT COUNT(*) FROM (SELECT * FROM shop.customers);

--= customers(country name)
SELECT COUNT(*) FROM (SELECT DISTINCT name, country FROM shop.customers);

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags | customer_id?); customers(id | id?); *orders
SELECT o.* FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id;

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags); customers(country id name since); *orders+customers
SELECT * FROM shop.orders o LEFT JOIN shop.customers c USING (id);

--= orders(id); customers(id name)
SELECT id, name FROM shop.orders o FULL JOIN shop.customers c USING (id);

--= customers(country id since | since?); customers(country since | country?)
SELECT id FROM shop.customers c WHERE since = (SELECT MAX(since) FROM shop.customers d WHERE d.country = c.country);

--= customers(id name | id?); orders(amount customer_id | amount!)
SELECT name FROM shop.customers WHERE id NOT IN (SELECT customer_id FROM shop.orders WHERE amount > 1);

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)
SELECT a.id FROM (SELECT ANY_VALUE(o) AS a FROM shop.orders o GROUP BY customer_id);

--= customers(id name | id?); customers(country id | id? country!)
SELECT a.name FROM shop.customers a, shop.customers b WHERE a.id = b.id AND b.country = 'x';

--= customers(country name); orders(address.city address.zip amount customer_id dt id items.price items.sku note tags | id?)
SELECT c.n FROM (SELECT name n, country k FROM shop.customers) c WHERE EXISTS (SELECT * FROM shop.orders WHERE id =
c.k);

--= customers(id since | since?); date(date year | year!)
SELECT id FROM shop.customers WHERE since IN (SELECT date.date FROM shop.date WHERE year = 2020);

--= customers(id); *customers
SELECT id FROM (SELECT * FROM shop.customers);

--= orders(customer_id id | customer_id?); customers(id name | id?)
SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.id;

--= orders(amount id); customers(id name)
SELECT amount, name FROM shop.orders JOIN shop.customers USING (id);

--= customers(country id name since | since?); date(date year | date?); *customers+date
SELECT * FROM shop.customers JOIN shop.date ON since = date.date;

--= customers(name since | since?); date(year | year?)
SELECT name FROM shop.customers, shop.date WHERE EXTRACT(YEAR FROM since) = year;

--= orders(customer_id id | customer_id?); customers(country id | country!)
SELECT id FROM shop.orders WHERE customer_id IN (SELECT id FROM shop.customers WHERE country = 'FR');

--= orders(customer_id id); customers(country id name since | id?)
SELECT id FROM shop.orders o WHERE EXISTS (SELECT * FROM shop.customers c WHERE c.id = o.customer_id);

--= orders(customer_id); customers(id name | id?)
SELECT (SELECT MAX(name) FROM shop.customers c WHERE c.id = o.customer_id) FROM shop.orders o;

--= orders(dt id | dt?); customers(since)
SELECT id FROM shop.orders WHERE dt = (SELECT MAX(since) FROM shop.customers);

--= customers(id); orders(customer_id dt id | customer_id? dt!)
SELECT o.id FROM shop.customers c LEFT JOIN shop.orders o ON o.customer_id = c.id AND o.dt = '2026-01-01';

--= orders(customer_id dt id); customers(id | id?)
SELECT o.id FROM shop.orders o LEFT JOIN shop.customers c ON o.customer_id = c.id AND o.dt = '2026-01-01';

--= orders(dt id); customers(id)
SELECT o.id FROM shop.orders o FULL JOIN shop.customers c USING (id) WHERE o.dt = '2026-01-01';

--= customers(name since | since?); date(date | date?)
SELECT c.name FROM shop.customers AS c CROSS JOIN shop.date AS d WHERE d.date = c.since;

--= customers(country id name); orders(amount customer_id id note); *customers+orders-
SELECT * EXCEPT (since, dt, items, tags, address) FROM shop.customers JOIN shop.orders USING (id);

--= customers(id); orders(id); events(id)
SELECT id FROM shop.customers JOIN shop.orders USING (id) JOIN shop.events USING (id);

--= customers(id name); orders(amount customer_id | customer_id? amount!)
SELECT name, (SELECT COUNT(*) FROM shop.orders AS o WHERE o.customer_id = c.id AND o.amount > 5) AS n FROM
shop.customers AS c;

--= customers(id name); orders(customer_id dt | customer_id? dt!)
SELECT name FROM shop.customers AS c WHERE NOT EXISTS (SELECT 1 FROM shop.orders WHERE customer_id = c.id AND dt >
'2026-01-01');

--= customers(id); orders(customer_id dt note | customer_id?)
SELECT ARRAY(SELECT note FROM shop.orders AS o WHERE o.customer_id = c.id ORDER BY dt) FROM shop.customers AS c;

--= customers(country id | id? country?); customers(country id)
SELECT l.id FROM shop.customers AS l RIGHT JOIN shop.customers AS r ON l.id = r.id AND l.country = r.country;
