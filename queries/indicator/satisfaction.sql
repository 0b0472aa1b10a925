-- Share of return visits at which the resident was satisfied.
-- zh 满意率
--
-- formula    satisfied / visited, where the answer is known
-- direction  benefit
-- weight     200
-- reads      need, community, return_visit
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8   of the need, else of its community
--            community_id  Utf8
--            numerator     Int64  satisfied
--            denominator   Int64  asked
-- order      district_id, community_id
-- source     S3 (iii): satisfaction of those served
WITH asked AS (
    SELECT coalesce(n.district_id, c.district_id) AS district_id, n.community_id, v.satisfied
    FROM return_visit v
    JOIN need n ON n.need_id = v.need_id
    LEFT JOIN community c ON c.community_id = n.community_id
    WHERE v.satisfied IS NOT NULL
        AND ($from IS NULL OR n.received_at >= $from)
        AND ($to IS NULL OR n.received_at < $to)
)
SELECT
    district_id,
    community_id,
    count(*) FILTER (WHERE satisfied) AS numerator,
    count(*) AS denominator
FROM asked
GROUP BY district_id, community_id
ORDER BY district_id, community_id
