-- Structs, arrays and UNNEST.

--= orders(items.price items.sku)
SELECT COUNT(*) FROM shop.orders, UNNEST(items);

--= orders(id note)
SELECT x.id FROM (SELECT AS STRUCT id, note FROM shop.orders) x;

--= orders(id note)
SELECT (SELECT AS STRUCT id, note).id FROM shop.orders;

--= orders(items.sku)
SELECT ARRAY(SELECT AS STRUCT sku FROM UNNEST(items)) FROM shop.orders;

--= orders(items.price items.sku)
SELECT i FROM shop.orders, UNNEST(items) i;

--= 
SELECT * FROM UNNEST([STRUCT(1 AS a, 2 AS b)]);

--= customers()
SELECT a FROM UNNEST([STRUCT(1 AS a, 2 AS b)]), shop.customers;

--= customers(name)
SELECT x, name FROM UNNEST([1, 2]) AS x, shop.customers;

--= customers(country name since)
SELECT country, ARRAY_AGG(name ORDER BY since LIMIT 1)[OFFSET(0)] FROM shop.customers GROUP BY country;

--= orders(dt id note)
SELECT ARRAY_AGG(STRUCT(id, note) ORDER BY dt LIMIT 1)[OFFSET(0)].note FROM shop.orders;

--= orders(amount customer_id dt id); *orders-
SELECT * EXCEPT (note, items, tags, address) REPLACE (amount * 2 AS amount) FROM shop.orders;

--= orders(address.city address.zip)
SELECT address.* FROM shop.orders;

--= orders(address.city)
SELECT o.address.* EXCEPT (zip) FROM shop.orders o;

--= orders(tags)
SELECT t FROM shop.orders o, o.tags t WHERE t LIKE 'x%';

--= orders(id tags)
SELECT o.id, t, off FROM shop.orders o LEFT JOIN UNNEST(o.tags) AS t WITH OFFSET off;

--= orders(id tags | tags?)
SELECT id FROM shop.orders WHERE 'x' IN UNNEST(tags);

--= orders(id items.price)
SELECT id FROM shop.orders WHERE EXISTS (SELECT 1 FROM UNNEST(items) i WHERE i.price > 2);

--= orders(items.price items.sku)
SELECT (SELECT COUNT(*) FROM UNNEST(items)) FROM shop.orders;

--= orders(items.price items.sku)
SELECT ARRAY_LENGTH(items) FROM shop.orders;

--= customers(country id name since); *customers
SELECT FORMAT('%t', (SELECT AS STRUCT c.*)) FROM shop.customers c;

--= orders(amount note)
SELECT APPROX_QUANTILES(amount, 4)[OFFSET(1)], COUNTIF(note IS NULL) FROM shop.orders;

--= orders(items.price items.sku note | note?)
SELECT i.price FROM shop.orders o JOIN UNNEST(o.items) i ON i.sku = o.note;

--= orders(items.sku tags)
SELECT items[SAFE_OFFSET(0)].sku, tags[ORDINAL(1)] FROM shop.orders;

--= orders(address.city address.zip id)
SELECT s.a.zip FROM (SELECT STRUCT(address AS a, id AS b) s FROM shop.orders);

--= customers(name); customers(country name)
SELECT (SELECT name FROM shop.customers LIMIT 1), (SELECT AS STRUCT name, country FROM shop.customers LIMIT 1).name;

--= orders(address.zip id)
SELECT id, address.zip FROM shop.orders;

--= orders(address.city address.zip)
SELECT address FROM shop.orders;

--= orders(address.zip id)
SELECT o.address.zip, ID FROM `p.shop.orders` AS o;

--= orders(items.sku)
SELECT i.sku FROM shop.orders, UNNEST(items) AS i;

--= orders(items.sku)
SELECT i.sku, pos FROM shop.orders o, o.items AS i WITH OFFSET AS pos;

--= orders(id items.price items.sku)
SELECT o.id FROM shop.orders o LEFT JOIN o.items AS i;

--= orders(items.price)
SELECT price FROM shop.orders CROSS JOIN UNNEST(orders.items);

--= orders(tags)
SELECT COUNT(*) FROM shop.orders, UNNEST(tags) t WHERE t = 'x';

--= orders(items.price)
SELECT items[OFFSET(0)].price FROM shop.orders;

--= orders(items.price)
SELECT (SELECT SUM(i.price) FROM UNNEST(items) AS i) FROM shop.orders;

--= orders(id note)
SELECT s.x FROM (SELECT STRUCT(id AS x, note AS y) AS s FROM shop.orders);

--= customers(id name)
SELECT AS STRUCT id, name FROM shop.customers;

--= orders(address.city address.zip | address.city!)
SELECT o.address.zip, o.address.city FROM shop.orders AS o WHERE o.address.city = 'Bath';

--= orders(items.price items.sku note)
SELECT ARRAY(SELECT i.price * 2 FROM o.items AS i WHERE i.sku = o.note) FROM shop.orders AS o;

--= orders(tags)
SELECT t, pos FROM shop.orders, UNNEST(tags) AS t WITH OFFSET AS pos WHERE pos = 0;

--= orders(id items.price items.sku)
SELECT id, item.sku FROM shop.orders LEFT JOIN UNNEST(items) AS item ON item.price > 3;

--= orders(address.city id)
SELECT STRUCT(id, address.city AS town) FROM shop.orders;

--= customers(name since)
SELECT AS VALUE STRUCT(name AS n, since AS s) FROM shop.customers;

--= customers(name since)
SELECT v.n FROM (SELECT AS VALUE STRUCT(name AS n, since AS s) FROM shop.customers) AS v;

--= orders(tags)
SELECT ARRAY_CONCAT(tags, ['x']), ARRAY_REVERSE(tags)[SAFE_OFFSET(0)] FROM shop.orders;

--= orders(items.price tags)
SELECT (SELECT MAX(price) FROM UNNEST(items)), (SELECT COUNTIF(t = 'x') FROM UNNEST(tags) AS t) FROM shop.orders;

--= orders(items.price items.sku tags | tags?)
SELECT o.items FROM shop.orders AS o WHERE ARRAY_LENGTH(o.tags) > 1;

--= orders(items.price items.sku)
SELECT ARRAY_FILTER(items, i -> i.price > 1) FROM shop.orders;

--= orders(note tags)
SELECT ARRAY_TRANSFORM(tags, (tag, i) -> CONCAT(tag, note)) FROM shop.orders;
