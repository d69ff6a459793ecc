-- What a fill will cost, for the desk to hold against what it was asked for.
CREATE OR REPLACE MODEL archive.fill_price
OPTIONS (model_type = 'linear_reg', input_label_cols = ['price']) AS
SELECT
  isin,
  price
FROM
  archive.fills_20260731;

-- The desk sees its own bonds.
CREATE ROW ACCESS POLICY of_desk ON archive.fills_20260731
GRANT TO ('group:desk@acme.example')
FILTER USING (isin = 'FR0014007L00');
