-- Share of completed needs whose resident was asked afterwards how it went.
-- zh 回访率
--
-- A district that never recorded a return visit has no row: there it cannot be measured.
--
-- formula    visited / closed
-- direction  benefit
-- weight     150
-- reads      need, community, return_visit
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8   of the need, else of its community
--            community_id  Utf8
--            numerator     Int64  needs with a return visit
--            denominator   Int64  needs brought to an end
-- order      district_id, community_id
-- source     S3 (iii): every request gets a return visit; S0 (iii): visits by the branch
WITH placed AS (
    SELECT
        n.need_id,
        coalesce(n.district_id, c.district_id) AS district_id,
        n.community_id,
        n.status,
        n.received_at
    FROM need n
    LEFT JOIN community c ON c.community_id = n.community_id
),
visited AS (
    SELECT DISTINCT need_id FROM return_visit
),
recorded AS (
    SELECT DISTINCT p.district_id FROM placed p JOIN visited v ON v.need_id = p.need_id
)
SELECT
    p.district_id,
    p.community_id,
    count(v.need_id) AS numerator,
    count(*) AS denominator
FROM placed p
JOIN recorded d ON d.district_id = p.district_id
LEFT JOIN visited v ON v.need_id = p.need_id
WHERE p.status IN ('closed', 'done', 'replied', 'return_visited', 'evaluated', 'answered_immediately')
    AND ($from IS NULL OR p.received_at >= $from)
    AND ($to IS NULL OR p.received_at < $to)
GROUP BY p.district_id, p.community_id
ORDER BY p.district_id, p.community_id
