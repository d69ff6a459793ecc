-- What stands in FROM: wildcard tables, views, samples, snapshots, pseudo-columns.

--= wildcard log_*(_TABLE_SUFFIX id | _TABLE_SUFFIX!)
SELECT id FROM `p.shop.log_*` WHERE _TABLE_SUFFIX BETWEEN '20260101' AND '20260131';

--= wildcard log_*(line)
SELECT line FROM `shop.log_*`;

--= wildcard log_*(_TABLE_SUFFIX id | _TABLE_SUFFIX!)
SELECT _TABLE_SUFFIX AS day, COUNT(DISTINCT id) FROM `shop.log_*` AS log WHERE log._TABLE_SUFFIX > '20260101' GROUP BY
day;

--= wildcard log_*(_TABLE_SUFFIX id line | _TABLE_SUFFIX!); *log_*
SELECT * FROM `p.shop.log_*` WHERE _TABLE_SUFFIX = '20260101';

--= orders(amount dt | amount! dt!)
SELECT total FROM shop.big_orders WHERE dt = '2026-01-01';

--= customers(id name); orders(amount id | amount!)
SELECT c.name, v.total FROM shop.customers AS c JOIN shop.big_orders AS v USING (id);

--= orders(amount | amount! amount!); *big_orders
WITH v AS (SELECT * FROM shop.big_orders) SELECT COUNT(*) FROM v WHERE total > 5;

--= orders(dt id | dt!)
SELECT id FROM p.shop.orders FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR) WHERE dt =
CURRENT_DATE();

--= orders(amount note | amount!)
SELECT note FROM shop.orders AS o TABLESAMPLE SYSTEM (10 PERCENT) WHERE o.amount > 1;

--= events(_PARTITIONTIME id | _PARTITIONTIME!)
SELECT _PARTITIONTIME AS loaded, id FROM shop.events WHERE _PARTITIONTIME >= TIMESTAMP('2026-01-01');

--= events(_PARTITIONDATE)
SELECT e._PARTITIONDATE, COUNT(*) FROM shop.events AS e GROUP BY 1;

--= events(_PARTITIONTIME id payload | payload?); *events
SELECT id, _PARTITIONTIME AS pt FROM (SELECT *, _PARTITIONTIME FROM shop.events) WHERE payload IS NOT NULL;

--= orders(id note)
SELECT O.ID, `o`.`Note` FROM `p`.`shop`.orders AS o;

--= orders(id)
SELECT orders.id FROM p.shop.orders;

--= customers(id name); orders(amount id | amount!)
SELECT name FROM (shop.customers JOIN shop.orders USING (id)) WHERE amount > 3;

--= customers(id); orders()
SELECT a.x FROM (SELECT id AS x, name AS y FROM shop.customers) AS a, (SELECT note FROM shop.orders) AS b;
