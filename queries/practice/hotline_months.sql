-- A hotline by month: what came in, what was completed, who was asked how it went; then the total.
-- zh 热线月报：受理、办结、回访与满意
--
-- A request counts in the month in which it came in. Withdrawn and merged ones do not count.
--
-- reads    need, community, return_visit
-- param    $channel  text       how it was asked for  default hotline
-- param    $district text       only this district; NULL: each by itself  default NULL
-- param    $from     timestamp  received at or after this instant; NULL: since ever  default NULL
-- param    $to       timestamp  received before this instant; NULL: until now  default NULL
-- returns  district_id           Utf8     of the need, else of its community
--          month                 Utf8     such as 2013-05; `total` for all of them
--          received              Int64    requests
--          closed                Int64    requests brought to an end
--          completion_percent    Decimal  closed / received, two places
--          visited               Int64    closed requests with a return visit
--          visited_percent       Decimal  visited / closed, two places
--          asked                 Int64    return visits with an answer
--          satisfied             Int64    return visits at which the resident was satisfied
--          satisfied_percent     Decimal  satisfied / asked, two places
-- order    district_id, month
-- source   S3 (iii): completion, return visit on every request, satisfaction; S3-F09, S3-F10
WITH request AS (
    SELECT
        coalesce(n.district_id, c.district_id) AS district_id,
        n.need_id,
        substr(CAST(n.received_at AS VARCHAR), 1, 7) AS month,
        coalesce(n.status, 'open') IN (
            'closed', 'done', 'replied', 'return_visited', 'evaluated', 'answered_immediately'
        ) AS is_closed
    FROM need n
    LEFT JOIN community c ON c.community_id = n.community_id
    WHERE n.channel = $channel
        AND n.received_at IS NOT NULL
        AND coalesce(n.status, 'open') NOT IN ('withdrawn', 'merged')
        AND ($from IS NULL OR n.received_at >= $from)
        AND ($to IS NULL OR n.received_at < $to)
),
visit AS (
    SELECT need_id, count(satisfied) AS asked, count(*) FILTER (WHERE satisfied) AS satisfied
    FROM return_visit
    GROUP BY need_id
),
counted AS (
    SELECT
        r.district_id,
        r.month,
        r.is_closed,
        r.is_closed AND v.need_id IS NOT NULL AS is_visited,
        coalesce(v.asked, 0) AS asked,
        coalesce(v.satisfied, 0) AS satisfied
    FROM request r
    LEFT JOIN visit v ON v.need_id = r.need_id
    WHERE $district IS NULL OR r.district_id = $district
),
figure AS (
    SELECT
        district_id,
        month,
        count(*) AS received,
        count(*) FILTER (WHERE is_closed) AS closed,
        count(*) FILTER (WHERE is_visited) AS visited,
        sum(asked) AS asked,
        sum(satisfied) AS satisfied
    FROM (
        SELECT district_id, month, is_closed, is_visited, asked, satisfied FROM counted
        UNION ALL
        SELECT district_id, 'total' AS month, is_closed, is_visited, asked, satisfied FROM counted
    )
    GROUP BY district_id, month
)
SELECT
    district_id,
    month,
    received,
    closed,
    CAST(round(100.0 * closed / nullif(received, 0), 2) AS DECIMAL(5, 2)) AS completion_percent,
    visited,
    CAST(round(100.0 * visited / nullif(closed, 0), 2) AS DECIMAL(5, 2)) AS visited_percent,
    asked,
    satisfied,
    CAST(round(100.0 * satisfied / nullif(asked, 0), 2) AS DECIMAL(5, 2)) AS satisfied_percent
FROM figure
ORDER BY district_id, month
