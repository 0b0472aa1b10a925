-- Share of completed needs whose resident was asked afterwards how it went.
-- zh 回访率
--
-- formula    visited / closed
-- direction  benefit
-- weight     150
-- reads      need, return_visit
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8
--            community_id  Utf8
--            numerator     Int64  needs with a return visit
--            denominator   Int64  needs brought to an end
-- order      district_id, community_id
-- source     S3 (iii): every request gets a return visit; S0 (iii): visits by the branch
SELECT
    n.district_id,
    n.community_id,
    count(v.need_id) AS numerator,
    count(*) AS denominator
FROM need n
LEFT JOIN (SELECT DISTINCT need_id FROM return_visit) v ON v.need_id = n.need_id
WHERE n.status IN ('closed', 'done', 'replied', 'return_visited', 'evaluated', 'answered_immediately')
    AND ($from IS NULL OR n.received_at >= $from)
    AND ($to IS NULL OR n.received_at < $to)
GROUP BY n.district_id, n.community_id
ORDER BY n.district_id, n.community_id
