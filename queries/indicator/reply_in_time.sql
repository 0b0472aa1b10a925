-- Share of consultations and appointments that were answered within five minutes.
-- zh 五分钟回复率
--
-- Who has no answer yet was not answered in time. A district that never recorded an answer has
-- no row: there it cannot be measured.
--
-- formula    replies within 5 min / (consultations + appointments), where the receipt is known
-- direction  benefit
-- weight     150
-- reads      need, community, need_event
-- param      $from timestamp  received at or after this instant; NULL: since ever  default NULL
-- param      $to   timestamp  received before this instant; NULL: until now  default NULL
-- returns    district_id   Utf8   of the need, else of its community
--            community_id  Utf8
--            numerator     Int64  answered within five minutes
--            denominator   Int64  consultations and appointments received, without withdrawn and merged ones
-- order      district_id, community_id
-- source     S1-M7, S1-F16: five minutes for each window
WITH placed AS (
    SELECT
        n.need_id,
        coalesce(n.district_id, c.district_id) AS district_id,
        n.community_id,
        n.class,
        n.status,
        n.received_at
    FROM need n
    LEFT JOIN community c ON c.community_id = n.community_id
),
reply AS (
    -- What is answered before it is received was written down wrongly.
    SELECT e.need_id, min(e.at) AS first_reply
    FROM need_event e
    JOIN placed p ON p.need_id = e.need_id AND e.at >= p.received_at
    WHERE e.kind IN ('answered_immediately', 'replied')
    GROUP BY e.need_id
),
recorded AS (
    SELECT DISTINCT p.district_id FROM placed p JOIN reply r ON r.need_id = p.need_id
)
SELECT
    p.district_id,
    p.community_id,
    count(*) FILTER (WHERE r.first_reply <= p.received_at + INTERVAL '5 minutes') AS numerator,
    count(*) AS denominator
FROM placed p
JOIN recorded d ON d.district_id = p.district_id
LEFT JOIN reply r ON r.need_id = p.need_id
WHERE p.class IN ('consultation', 'appointment')
    AND p.received_at IS NOT NULL
    AND coalesce(p.status, 'open') NOT IN ('withdrawn', 'merged')
    AND ($from IS NULL OR p.received_at >= $from)
    AND ($to IS NULL OR p.received_at < $to)
GROUP BY p.district_id, p.community_id
ORDER BY p.district_id, p.community_id
