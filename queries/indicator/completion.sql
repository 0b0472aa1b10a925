-- Share of received needs that were brought to an end; needs still open are not judged yet.
-- zh 办结率
--
-- formula    closed / received
-- direction  benefit
-- weight     250
-- cases      denominator
-- reads      need
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8
--            community_id  Utf8
--            numerator     Int64  needs brought to an end
--            denominator   Int64  needs received
-- order      district_id, community_id
-- source     S3 (iii): closed / received; GB/T 33358-2016 calls it the completion rate
SELECT
    district_id,
    community_id,
    count(*) FILTER (
        WHERE status IN ('closed', 'done', 'replied', 'return_visited', 'evaluated', 'answered_immediately')
    ) AS numerator,
    count(*) AS denominator
FROM need
WHERE coalesce(status, 'open') NOT IN ('open', 'withdrawn', 'merged')
    AND ($from IS NULL OR received_at >= $from)
    AND ($to IS NULL OR received_at < $to)
GROUP BY district_id, community_id
ORDER BY district_id, community_id
