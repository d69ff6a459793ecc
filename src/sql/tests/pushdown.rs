//! How far conditions get: `column!` is one that is written of the column, `column=` one that a join carries to it, and
//! `column?` one by which no partition is chosen, as the condition of the join itself.

use super::reads;

const CASES: &[(&str, &str)] = &[
    // What is equal to a filtered column is filtered, if rows without a partner do not come back.
    (
        "SELECT o.id FROM shop.orders o JOIN shop.date c ON o.dt = c.date WHERE o.dt >= '2026-01-01'",
        "orders(dt id | dt? dt!); date(date | date? date=)",
    ),
    (
        "SELECT o.id FROM shop.orders o JOIN shop.date c ON c.date = o.dt WHERE c.date = '2026-01-01'",
        "orders(dt id | dt? dt=); date(date | date? date!)",
    ),
    (
        "SELECT o.id FROM shop.orders o, shop.date c WHERE o.dt = c.date AND c.date = '2026-01-01'",
        "orders(dt id | dt? dt=); date(date | date? date!)",
    ),
    (
        "SELECT o.id FROM shop.orders o LEFT JOIN shop.date c ON o.dt = c.date WHERE o.dt = '2026-01-01'",
        "orders(dt id | dt!); date(date | date? date=)",
    ),
    (
        "SELECT o.id FROM shop.orders o LEFT JOIN shop.date c ON o.dt = c.date AND c.date = '2026-01-01'",
        "orders(dt id); date(date | date? date!)",
    ),
    (
        "SELECT o.id FROM shop.orders o RIGHT JOIN shop.date c ON o.dt = c.date WHERE c.date = '2026-01-01'",
        "orders(dt id | dt? dt=); date(date | date!)",
    ),
    (
        "SELECT o.id FROM shop.orders o FULL JOIN shop.date c ON o.dt = c.date WHERE o.dt = '2026-01-01'",
        "orders(dt id); date(date)",
    ),
    (
        "SELECT id FROM shop.orders LEFT JOIN (SELECT c.date AS dt, c.year FROM shop.date c) USING (dt) WHERE dt < '2026-01-01'",
        "orders(dt id | dt!); date(date | date=)",
    ),
    // Through a function around the other column, through what is filtered before it is joined, and over two joins.
    (
        "SELECT e.payload FROM shop.events e JOIN shop.date c ON DATE(e.ts) = c.date WHERE c.date = '2026-01-01'",
        "events(payload ts | ts? ts=); date(date | date? date!)",
    ),
    (
        "SELECT e.payload FROM shop.events e JOIN shop.date c ON DATE(e.ts) = c.date WHERE DATE(e.ts) = '2026-01-01'",
        "events(payload ts | ts? ts!); date(date | date?)",
    ),
    (
        "WITH recent AS (SELECT DISTINCT dt AS day FROM shop.orders WHERE dt > '2026-01-01') SELECT day FROM recent LEFT JOIN shop.date c ON c.date = day",
        "orders(dt | dt!); date(date | date? date=)",
    ),
    (
        "SELECT a.id FROM shop.orders a JOIN shop.orders b USING (dt) JOIN shop.date c ON c.date = b.dt WHERE a.dt = '2026-01-01'",
        "orders(dt id | dt!); orders(dt | dt? dt=); date(date | date? date=)",
    ),
    // What is written there as well is said once.
    (
        "SELECT o.id FROM shop.orders o LEFT JOIN shop.date c ON o.dt = c.date AND c.date = '2026-01-01' WHERE o.dt = '2026-01-01'",
        "orders(dt id | dt!); date(date | date? date!)",
    ),
    // Each name of a query of WITH has rows of its own: it is filtered when all of them are.
    (
        "WITH x AS (SELECT id, dt FROM shop.orders) SELECT id FROM x WHERE dt = '2026-01-01' UNION ALL SELECT id FROM x WHERE dt = '2026-01-02'",
        "orders(dt id | dt!)",
    ),
    (
        "WITH x AS (SELECT id, dt FROM shop.orders), y AS (SELECT id FROM x WHERE dt = @day) SELECT x.id FROM x LEFT JOIN y USING (id) WHERE x.dt > @day",
        "orders(dt id | dt!)",
    ),
    (
        "WITH x AS (SELECT id, dt FROM shop.orders) SELECT id FROM x WHERE dt = '2026-01-01' UNION ALL SELECT id FROM x",
        "orders(dt id)",
    ),
    (
        "WITH x AS (SELECT id, dt FROM shop.orders) SELECT a.id FROM x a JOIN x b USING (id) WHERE a.dt = '2026-01-01' AND b.dt = '2026-01-01'",
        "orders(dt id)",
    ),
    // A filter of one name is none of what another name is joined with.
    (
        "WITH x AS (SELECT id, dt FROM shop.orders) SELECT a.id FROM x a JOIN shop.date c ON a.dt = c.date UNION ALL SELECT id FROM x WHERE dt = '2026-01-01'",
        "orders(dt id); date(date | date?)",
    ),
];

#[test]
fn conditions_get_as_far_as_rows_stay_what_they_are() {
    for (text, expected) in CASES {
        assert_eq!(reads(text), *expected, "{text}");
    }
}
