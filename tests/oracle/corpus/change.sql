-- Statements that write.

--= orders(amount id note | amount!)
INSERT INTO shop.customers (id, name) SELECT id, note FROM shop.orders WHERE amount = 1;

--= target orders(id note | id!)
UPDATE shop.orders SET note = 'x' WHERE id = '1';

--= target orders(customer_id note | customer_id?); customers(id name | id?)
UPDATE shop.orders o SET note = c.name FROM shop.customers c WHERE c.id = o.customer_id;

--= target orders(dt | dt!)
DELETE FROM shop.orders WHERE dt < '2020-01-01';

--= target orders(id note | id?); customers(country id name)
MERGE shop.orders t USING shop.customers s ON t.id = s.id WHEN MATCHED THEN UPDATE SET note = s.name WHEN NOT MATCHED
THEN INSERT (id, note) VALUES (s.id, s.country);

--= target customers(id | id?); customers(country id name since)
MERGE shop.customers t USING (SELECT id, name, country, since FROM shop.customers) s ON t.id = s.id WHEN NOT MATCHED
THEN INSERT ROW;

--= customers(id name)
CREATE TABLE x.y AS SELECT id, name FROM shop.customers;

--= customers(name)
CREATE OR REPLACE VIEW x.v AS SELECT name FROM shop.customers;

--= customers(name)
EXPORT DATA OPTIONS (uri = 'gs://b/*') AS SELECT name FROM shop.customers;

--= target orders(amount id | id!)
UPDATE shop.orders SET amount = amount * 2 WHERE id = '5';

--= target orders(id | id!)
DELETE shop.orders WHERE id = '1';

--= target orders(dt id note | id? dt!); customers(id name | id?)
MERGE shop.orders t USING (SELECT id, name FROM shop.customers) s ON t.id = s.id AND t.dt = '2026-01-01' WHEN MATCHED
THEN UPDATE SET note = s.name;

--= target customers(id | id?); customers(country id name since)
MERGE shop.customers t USING shop.customers s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW;

--= orders(amount dt)
CREATE OR REPLACE TABLE x.y PARTITION BY day AS SELECT dt AS day, SUM(amount) AS total FROM shop.orders GROUP BY day;

--= customers(country)
CREATE MATERIALIZED VIEW x.m AS SELECT country, COUNT(*) AS n FROM shop.customers GROUP BY country;

--= orders(note)
INSERT shop.customers (id, name) VALUES ('1', (SELECT MAX(note) FROM shop.orders));

--= target customers(country name since | since!)
UPDATE shop.customers SET name = UPPER(name), country = 'FR' WHERE since IS NULL;

--= target customers(id | id?); orders(amount customer_id | amount!)
DELETE FROM shop.customers WHERE id IN (SELECT customer_id FROM shop.orders WHERE amount = 0);

--= target customers(country id since); orders(customer_id | customer_id?)
MERGE shop.customers AS t USING (SELECT customer_id, MAX(note) AS note FROM shop.orders GROUP BY 1) AS s ON t.id =
s.customer_id WHEN MATCHED AND t.country = 'FR' THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET since =
CURRENT_DATE();

--= orders(dt id note | dt!)
EXPORT DATA OPTIONS (uri = 'gs://b/*.csv', format = 'CSV') AS SELECT id, note FROM shop.orders WHERE dt =
'2026-01-01';
