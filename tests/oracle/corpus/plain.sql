-- Columns, stars, filters and functions on one table.

--= date(date year)
SELECT date FROM shop.date;

--= date(date)
SELECT date.date FROM shop.date;

--= date(date)
SELECT date FROM shop.date AS d;

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)
SELECT o FROM shop.orders o;

--= orders(dt)
SELECT EXTRACT(YEAR FROM dt), DATE_TRUNC(dt, MONTH), DATE_DIFF(dt, '2020-01-01', DAY), LAST_DAY(dt, WEEK(MONDAY)) FROM
shop.orders;

--= orders(amount dt id note)
SELECT CAST(amount AS STRING), SAFE_CAST(note AS INT64), dt + 1, -amount, NOT (id = 'x'), amount BETWEEN 1 AND 2 FROM
shop.orders;

--= customers(country name since)
SELECT CASE country WHEN 'FR' THEN name ELSE CAST(since AS STRING) END FROM shop.customers;

--= customers(id)
SELECT id AS name FROM shop.customers ORDER BY name;

--= customers(name since)
SELECT c.name FROM shop.customers c ORDER BY c.since;

--= events(_PARTITIONTIME id | _PARTITIONTIME!)
SELECT id FROM shop.events WHERE DATE(_PARTITIONTIME) = '2020-01-01';

--= events(id payload ts); *events
SELECT * FROM shop.events;

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)
SELECT TO_JSON_STRING(o) FROM shop.orders o;

--= orders(address.city address.zip amount customer_id dt id items.price items.sku note tags)
SELECT COUNT(o) FROM shop.orders o;

--= customers(country id name | country? name?)
SELECT id FROM shop.customers WHERE (country, name) IN (('FR', 'x'));

--= customers(country id name since); *customers
SELECT * FROM shop.customers TABLESAMPLE SYSTEM (1 PERCENT);

--= customers()
SELECT 1 FROM shop.customers WHERE FALSE;

--= customers(country id name since); *customers
SELECT DISTINCT * FROM shop.customers;

--= customers(country since)
SELECT MAX(IF(country = 'x', since, NULL)) FROM shop.customers;

--= orders(id)
SELECT id FROM shop.orders;

--= orders()
SELECT COUNT(*) FROM shop.orders;

--= orders()
SELECT COUNT(1), 'x' FROM shop.orders;

--= orders(dt | dt!)
SELECT COUNT(*) FROM shop.orders WHERE dt = '2026-01-01';

--= customers(country id name since); *customers
SELECT * FROM shop.customers;

--= customers(country id since); *customers-
SELECT c.* EXCEPT (name) FROM shop.customers AS c;

--= customers(id name since); *customers
SELECT * REPLACE (UPPER(name) AS country) FROM shop.customers;

--= customers(country)
SELECT DISTINCT country FROM shop.customers ORDER BY 1;

--= customers(name)
SELECT UPPER(name) AS id FROM shop.customers ORDER BY id;

--= orders(dt id | dt!)
SELECT id FROM shop.orders WHERE dt BETWEEN DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY) AND CURRENT_DATE();

--= orders(amount dt id note | dt! amount! id? note?)
SELECT id FROM shop.orders WHERE dt >= @start AND amount > 5 AND (note = 'a' OR id = '1');

--= orders(dt id | dt?)
SELECT id FROM shop.orders WHERE FORMAT_DATE('%Y', dt) = '2026';

--= orders(dt id | dt!)
SELECT id FROM shop.orders WHERE dt = '2026-01-01' OR dt = '2026-01-02';

--= orders(dt id note | note? dt?)
SELECT id FROM shop.orders WHERE dt = '2026-01-01' OR note = 'x';

--= orders(dt id | dt! dt!)
SELECT id FROM shop.orders WHERE DATE_TRUNC(dt, MONTH) = '2026-01-01' AND EXTRACT(YEAR FROM dt) = 2026;

--= events(_PARTITIONTIME id | _PARTITIONTIME!)
SELECT id FROM shop.events WHERE DATE(_PARTITIONTIME) = '2026-01-01';

--= orders(amount | amount!)
SELECT total FROM shop.big_orders;

--= orders(amount dt | amount! dt!)
SELECT total FROM shop.big_orders WHERE dt = '2026-01-01';

--= orders(amount dt id | amount!); *big_orders
SELECT * FROM shop.big_orders;

--= orders(id)
SELECT id FROM shop.orders TABLESAMPLE SYSTEM (10 PERCENT);

--= orders(amount id | amount!)
SELECT id FROM shop.orders FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01' WHERE amount = 1;

--= customers(country id name since)
SELECT TO_JSON_STRING(c) FROM shop.customers c;

--= orders(id note | note!)
SELECT id FROM shop.orders WHERE note IN ('a' 'b', 'c');

--= customers(country id name since | name?); *customers
SELECT * FROM shop.customers WHERE name LIKE @pattern ORDER BY since LIMIT @n;

--= customers(country id name)
SELECT SAFE.SUBSTR(name, 1, 2), COALESCE(country, 'x'), NULLIF(id, '') FROM shop.customers;

--= customers(country id name since); *customers-
SELECT * EXCEPT (name), UPPER(name) AS name FROM shop.customers;

--= orders(amount dt id note | amount! dt?)
SELECT id || note AS k FROM shop.orders WHERE amount IN (1, 2, 3) AND dt IS NOT NULL;

--= events(payload)
SELECT JSON_VALUE(payload, '$.a'), PARSE_JSON(payload).b FROM shop.events;

--= orders(amount dt note)
SELECT FORMAT_DATE('%Y', dt) AS year, amount FROM shop.orders ORDER BY year, note;

--= orders(amount note)
SELECT CASE WHEN amount > 1 THEN note END FROM shop.orders;

--= orders(id note)
SELECT IF(TRUE, id, note) FROM shop.orders WHERE FALSE;
