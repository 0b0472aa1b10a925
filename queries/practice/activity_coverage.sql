-- Something every week, something every month: in how many weeks and months a community was active.
-- zh 活动覆盖：周周有安排、月月有活动、人人都参与
--
-- Weeks begin on Monday; a week or month counts where a day of it lies between the two days.
-- Communities count where their district has activities. Visits of pairs do not count.
--
-- formula  week_percent = weeks with an activity / weeks, month_percent alike;
--          turnout = participants / residents × 100, each once an activity
-- reads    activity, community
-- param    $from date  the first day
-- param    $to   date  the day after the last
-- returns  community_id  Utf8
--          community     Utf8     its name
--          weeks         Int64    between the two days
--          active_weeks  Int64    with an activity
--          months        Int64    between the two days
--          active_months Int64    with an activity
--          activities    Int64
--          participants  Int64    residents, each once an activity
--          longest_gap   Int64    days, the longest stretch without an activity
--          week_percent  Decimal  two places
--          month_percent Decimal  two places
--          turnout       Decimal  per hundred residents, two places
-- order    community_id
-- source   S1 (iii): 周周有安排, 月月有活动, 人人都参与; §6.4 measure 16
WITH held AS (
    SELECT
        community_id,
        held_on,
        participants,
        -- 1970-01-01 was a Thursday.
        (CAST(held_on AS INT) + 3) / 7 AS week,
        substr(CAST(held_on AS VARCHAR), 1, 7) AS month
    FROM activity
    WHERE pairing_id IS NULL AND held_on >= $from AND held_on < $to
),
span AS (
    SELECT
        CAST((CAST($to AS INT) + 2) / 7 - (CAST($from AS INT) + 3) / 7 + 1 AS BIGINT) AS weeks,
        CAST(
            12 * (date_part('year', $to - INTERVAL '1 day') - date_part('year', $from))
            + date_part('month', $to - INTERVAL '1 day') - date_part('month', $from) + 1
            AS BIGINT
        ) AS months
),
home AS (
    SELECT community_id, name, residents
    FROM community
    WHERE district_id IN (
        SELECT c.district_id FROM activity a JOIN community c ON c.community_id = a.community_id
    )
),
counted AS (
    SELECT
        community_id,
        count(DISTINCT week) AS active_weeks,
        count(DISTINCT month) AS active_months,
        count(*) AS activities,
        sum(participants) AS participants
    FROM held
    GROUP BY community_id
),
-- The days of activities and the two ends, so that a gap is what lies between two neighbours.
mark AS (
    SELECT community_id, CAST(held_on AS INT) AS day FROM held
    UNION ALL
    SELECT community_id, CAST($from AS INT) - 1 AS day FROM home
    UNION ALL
    SELECT community_id, CAST($to AS INT) AS day FROM home
),
gap AS (
    SELECT community_id, max(days) AS longest_gap
    FROM (
        SELECT community_id, day - lag(day) OVER (PARTITION BY community_id ORDER BY day) - 1 AS days
        FROM mark
    )
    GROUP BY community_id
)
SELECT
    h.community_id,
    h.name AS community,
    s.weeks,
    coalesce(c.active_weeks, 0) AS active_weeks,
    s.months,
    coalesce(c.active_months, 0) AS active_months,
    coalesce(c.activities, 0) AS activities,
    coalesce(c.participants, 0) AS participants,
    CAST(greatest(g.longest_gap, 0) AS BIGINT) AS longest_gap,
    CAST(round(100.0 * coalesce(c.active_weeks, 0) / nullif(s.weeks, 0), 2) AS DECIMAL(5, 2)) AS week_percent,
    CAST(round(100.0 * coalesce(c.active_months, 0) / nullif(s.months, 0), 2) AS DECIMAL(5, 2)) AS month_percent,
    CAST(round(100.0 * coalesce(c.participants, 0) / nullif(h.residents, 0), 2) AS DECIMAL(8, 2)) AS turnout
FROM home h
CROSS JOIN span s
LEFT JOIN counted c ON c.community_id = h.community_id
LEFT JOIN gap g ON g.community_id = h.community_id
-- A span without a day has nothing to cover.
WHERE $from < $to
ORDER BY h.community_id
