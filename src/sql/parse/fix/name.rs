//! Which words are keywords to BigQuery: the library knows those of many databases, and takes their names for them.

use sqlparser::keywords::Keyword;

/// The word may mean something to the grammar of queries and changes, beyond being a name.
pub(super) fn is_keyword(keyword: Keyword) -> bool {
    is_of_queries(keyword) || is_of_types(keyword)
}

fn is_of_queries(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::AFTER
            | K::AGGREGATE
            | K::ALL
            | K::AND
            | K::ANY
            | K::ARRAY
            | K::AS
            | K::ASC
            | K::AT
            | K::BETWEEN
            | K::BY
            | K::CALL
            | K::CASE
            | K::CAST
            | K::COLLATE
            | K::CROSS
            | K::CUBE
            | K::CURRENT
            | K::CURRENT_DATE
            | K::CURRENT_TIME
            | K::CURRENT_TIMESTAMP
            | K::DEFAULT
            | K::DEFINE
            | K::DELETE
            | K::DESC
            | K::DISTINCT
            | K::DROP
            | K::ELSE
            | K::EMPTY
            | K::END
            | K::ESCAPE
            | K::EXCEPT
            | K::EXCLUDE
            | K::EXISTS
            | K::EXTEND
            | K::EXTRACT
            | K::FALSE
            | K::FETCH
            | K::FIRST
            | K::FOLLOWING
            | K::FOR
            | K::FROM
            | K::FULL
            | K::GROUP
            | K::GROUPING
            | K::HAVING
            | K::IGNORE
            | K::IN
            | K::INCLUDE
            | K::INNER
            | K::INSERT
            | K::INTERSECT
            | K::INTERVAL
            | K::INTO
            | K::IS
            | K::JOIN
            | K::LAST
            | K::LATERAL
            | K::LEFT
            | K::LIKE
            | K::LIMIT
            | K::MATCH
            | K::MATCHED
            | K::MATCH_RECOGNIZE
            | K::MAX
            | K::MEASURES
            | K::MERGE
            | K::MIN
            | K::NAME
            | K::NATURAL
            | K::NEXT
            | K::NOT
            | K::NULL
            | K::NULLS
            | K::OF
            | K::OFFSET
            | K::OMIT
            | K::ON
            | K::ONE
            | K::OR
            | K::ORDER
            | K::OUTER
            | K::OVER
            | K::PARTITION
            | K::PAST
            | K::PATTERN
            | K::PER
            | K::PERCENT
            | K::PIVOT
            | K::PRECEDING
            | K::QUALIFY
            | K::RANGE
            | K::RECURSIVE
            | K::RENAME
            | K::REPLACE
            | K::RESPECT
            | K::RIGHT
            | K::ROLLUP
            | K::ROW
            | K::ROWS
            | K::SAFE_CAST
            | K::SELECT
            | K::SET
            | K::SETS
            | K::SHOW
            | K::SKIP
            | K::SOME
            | K::SOURCE
            | K::STRUCT
            | K::SYSTEM
            | K::TABLESAMPLE
            | K::TARGET
            | K::THEN
            | K::TO
            | K::TRUE
            | K::UNBOUNDED
            | K::UNION
            | K::UNKNOWN
            | K::UNMATCHED
            | K::UNNEST
            | K::UNPIVOT
            | K::UPDATE
            | K::USING
            | K::VALUE
            | K::VALUES
            | K::WHEN
            | K::WHERE
            | K::WINDOW
            | K::WITH
            | K::WITHIN
            | K::ZONE
    )
}

/// Types, and the parts of dates.
fn is_of_types(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::BIGDECIMAL
            | K::BIGINT
            | K::BIGNUMERIC
            | K::BOOL
            | K::BOOLEAN
            | K::BYTES
            | K::DATE
            | K::DATETIME
            | K::DAY
            | K::DAYOFWEEK
            | K::DAYOFYEAR
            | K::DECIMAL
            | K::FLOAT64
            | K::HOUR
            | K::INT
            | K::INT64
            | K::INTEGER
            | K::ISOWEEK
            | K::ISOYEAR
            | K::JSON
            | K::MICROSECOND
            | K::MILLISECOND
            | K::MINUTE
            | K::MONTH
            | K::NUMERIC
            | K::QUARTER
            | K::SECOND
            | K::SMALLINT
            | K::STRING
            | K::TIME
            | K::TIMESTAMP
            | K::TINYINT
            | K::WEEK
            | K::YEAR
    )
}
