-- Share of completed needs that were closed within four days of their receipt.
-- zh 四日内办结率
--
-- formula    closed within 4 days / closed, where both instants are known
-- direction  benefit
-- weight     100
-- reads      need, community, need_event
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8   of the need, else of its community
--            community_id  Utf8
--            numerator     Int64  closed within four days
--            denominator   Int64  closed
-- order      district_id, community_id
-- source     S3-F06: a large petition solved in four days is the benchmark of speed
WITH closed AS (
    SELECT
        coalesce(n.district_id, c.district_id) AS district_id,
        n.community_id,
        e.ended <= n.received_at + INTERVAL '4 days' AS in_time
    FROM need n
    JOIN (
        SELECT need_id, min(at) AS ended
        FROM need_event
        WHERE kind IN ('answered_immediately', 'done', 'closed')
        GROUP BY need_id
    ) e ON e.need_id = n.need_id
    LEFT JOIN community c ON c.community_id = n.community_id
    WHERE n.status IN ('closed', 'done', 'replied', 'return_visited', 'evaluated', 'answered_immediately')
        AND n.received_at IS NOT NULL
        AND ($from IS NULL OR n.received_at >= $from)
        AND ($to IS NULL OR n.received_at < $to)
)
SELECT
    district_id,
    community_id,
    count(*) FILTER (WHERE in_time) AS numerator,
    count(*) AS denominator
FROM closed
GROUP BY district_id, community_id
ORDER BY district_id, community_id
