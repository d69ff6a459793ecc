-- PIVOT and UNPIVOT.

--= customers(country id)
SELECT * FROM (SELECT country, id FROM shop.customers) PIVOT (COUNT(id) FOR country IN ('FR' AS fr, 'DE' AS de));

--= customers(country id name)
SELECT c_fr FROM (SELECT country, id, name FROM shop.customers) PIVOT (COUNT(id) AS c FOR country IN ('FR' AS fr)) AS x;

--= customers(country id name since)
SELECT v FROM shop.customers UNPIVOT (v FOR k IN (name, country));

--= customers(country id name since)
SELECT id FROM shop.customers UNPIVOT (v FOR k IN (name, country));

--= customers(country id)
SELECT * FROM (SELECT id, country FROM shop.customers) PIVOT (COUNT(*) FOR country IN ('FR', 'DE'));

--= customers(country id name since); *customers
SELECT id, v FROM (SELECT * FROM shop.customers) UNPIVOT (v FOR k IN (name, country));
