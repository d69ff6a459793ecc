-- Window functions, QUALIFY, named windows.

--= orders(amount customer_id dt)
SELECT SUM(amount) OVER (PARTITION BY customer_id ORDER BY dt ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM
shop.orders;

--= orders(amount customer_id id)
SELECT id, s FROM (SELECT id, note, SUM(amount) OVER (PARTITION BY customer_id) s, LAG(note) OVER (ORDER BY dt) l FROM
shop.orders);

--= orders(dt id note)
SELECT LAG(note) OVER w, id FROM shop.orders WINDOW w AS (PARTITION BY id ORDER BY dt);

--= customers(country id since)
SELECT id FROM shop.customers QUALIFY RANK() OVER (PARTITION BY country ORDER BY since) = 1;

--= customers()
SELECT ROW_NUMBER() OVER () FROM shop.customers;

--= orders(customer_id dt id)
SELECT id FROM shop.orders QUALIFY ROW_NUMBER() OVER w = 1 WINDOW w AS (PARTITION BY customer_id ORDER BY dt DESC);

--= orders(amount customer_id dt id)
SELECT id, SUM(amount) OVER w AS running FROM shop.orders WINDOW base AS (PARTITION BY customer_id), w AS (base ORDER
BY dt);

--= orders(amount id)
SELECT id FROM (SELECT id, RANK() OVER (ORDER BY amount) AS place, NTILE(4) OVER (ORDER BY dt) AS quarter FROM
shop.orders) WHERE place < 10;

--= orders(customer_id dt id note)
SELECT id, FIRST_VALUE(note IGNORE NULLS) OVER (PARTITION BY customer_id ORDER BY dt) FROM shop.orders;

--= customers(country name)
SELECT country, name FROM shop.customers WHERE TRUE QUALIFY COUNT(*) OVER (PARTITION BY country) > 1;

--= orders(amount customer_id dt)
SELECT customer_id, SUM(SUM(amount)) OVER (ORDER BY MIN(dt)) FROM shop.orders GROUP BY customer_id;

--= customers(country id name since)
SELECT * EXCEPT (place) FROM (SELECT id, name, ROW_NUMBER() OVER (PARTITION BY country ORDER BY since DESC) AS place
FROM shop.customers) WHERE place = 1;
