-- Share of completed needs that were brought to an end within four days of their receipt.
-- zh 四日内办结率
--
-- formula    ended within 4 days / ended, where both instants are known; a need ends where it is answered
--            at once, done or closed (or replied to, if that is all), the last time it was reopened
-- direction  benefit
-- weight     100
-- reads      need, community, need_event
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8   of the need, else of its community
--            community_id  Utf8
--            numerator     Int64  ended within four days
--            denominator   Int64  ended
-- order      district_id, community_id
-- source     S3-F06: a large petition solved in four days is the benchmark of speed
WITH closed AS (
    SELECT
        coalesce(n.district_id, c.district_id) AS district_id,
        n.community_id,
        coalesce(e.ended, e.replied) <= n.received_at + INTERVAL '4 days' AS in_time
    FROM need n
    JOIN (
        SELECT
            e.need_id,
            min(e.at) FILTER (WHERE e.kind IN ('answered_immediately', 'done', 'closed')) AS ended,
            min(e.at) FILTER (WHERE e.kind = 'replied') AS replied
        FROM need_event e
        LEFT JOIN (
            SELECT need_id, max(at) AS at FROM need_event WHERE kind = 'reopened' GROUP BY need_id
        ) r ON r.need_id = e.need_id
        -- Of one instant, as where events have dates only, the end before reopening comes first.
        WHERE r.at IS NULL OR e.at > r.at
        GROUP BY e.need_id
    ) e ON e.need_id = n.need_id
    LEFT JOIN community c ON c.community_id = n.community_id
    WHERE n.status IN ('closed', 'done', 'replied', 'return_visited', 'evaluated', 'answered_immediately')
        -- What ends before it is received was written down wrongly.
        AND coalesce(e.ended, CASE WHEN n.status = 'replied' THEN e.replied END) >= n.received_at
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
