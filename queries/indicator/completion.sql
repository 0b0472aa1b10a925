-- Share of received needs that were brought to an end; withdrawn and merged ones do not count.
-- zh 办结率
--
-- An open need is received and not yet closed: of a period that goes on the share is lower
-- than it will be once the period is over.
--
-- formula    closed / received
-- direction  benefit
-- weight     250
-- cases      denominator
-- reads      need, community
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8   of the need, else of its community
--            community_id  Utf8
--            numerator     Int64  needs brought to an end
--            denominator   Int64  needs received
-- order      district_id, community_id
-- source     S3 (iii): closed / received; GB/T 33358-2016 calls it the completion rate
WITH received AS (
    SELECT coalesce(n.district_id, c.district_id) AS district_id, n.community_id, n.status
    FROM need n
    LEFT JOIN community c ON c.community_id = n.community_id
    WHERE coalesce(n.status, 'open') NOT IN ('withdrawn', 'merged')
        AND ($from IS NULL OR n.received_at >= $from)
        AND ($to IS NULL OR n.received_at < $to)
)
SELECT
    district_id,
    community_id,
    count(*) FILTER (
        WHERE status IN ('closed', 'done', 'replied', 'return_visited', 'evaluated', 'answered_immediately')
    ) AS numerator,
    count(*) AS denominator
FROM received
GROUP BY district_id, community_id
ORDER BY district_id, community_id
