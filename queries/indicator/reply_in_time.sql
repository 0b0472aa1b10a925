-- Share of consultations and appointments that were answered within five minutes.
-- zh 五分钟回复率
--
-- formula    replies within 5 min / (consultations + appointments)
-- direction  benefit
-- weight     150
-- reads      need, need_event
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8
--            community_id  Utf8
--            numerator     Int64  answered within five minutes
--            denominator   Int64  consultations and appointments received
-- order      district_id, community_id
-- source     S1-M7, S1-F16: five minutes for each window
SELECT
    n.district_id,
    n.community_id,
    count(*) FILTER (WHERE e.first_reply <= n.received_at + INTERVAL '5 minutes') AS numerator,
    count(*) AS denominator
FROM need n
LEFT JOIN (
    SELECT need_id, min(at) AS first_reply
    FROM need_event
    WHERE kind IN ('answered_immediately', 'replied')
    GROUP BY need_id
) e ON e.need_id = n.need_id
WHERE n.class IN ('consultation', 'appointment')
    AND n.received_at IS NOT NULL
    AND coalesce(n.status, 'open') NOT IN ('open', 'withdrawn', 'merged')
    AND ($from IS NULL OR n.received_at >= $from)
    AND ($to IS NULL OR n.received_at < $to)
GROUP BY n.district_id, n.community_id
ORDER BY n.district_id, n.community_id
