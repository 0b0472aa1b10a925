-- Stars of helping: the volunteers of pairs who gave most hours to their households.
-- zh 帮扶之星：季度与年度排名
--
-- Equal hours and visits share a rank, and the next rank is left out; a rank at the end of the
-- list is given whole. What the households thought stands beside and does not decide.
--
-- formula  rank by hours, then visits, of activities with a pair
-- reads    activity, pairing, volunteer, rating
-- param    $period text     2012, 2012-Q3 or 2012-09; NULL: ever  default NULL
-- param    $top    integer  ranks to list  default 10
-- returns  rank         Int64
--          tied         Int64    volunteers who share this rank, 1 for no tie
--          volunteer_id Utf8
--          kind         Utf8     of the volunteer
--          community_id Utf8
--          households   Int64    visited
--          visits       Int64
--          raters       Int64    ratings by households of periods within this one
--          mean_score   Decimal  points, 1 to 5, two places; NULL without a rater
--          hours        Decimal  h
-- order    rank, volunteer_id
-- source   S1 (iii): 帮扶之星, each quarter and each year
WITH visit AS (
    SELECT
        p.volunteer_id,
        count(DISTINCT p.household_code) AS households,
        count(*) AS visits,
        -- A visit whose length was not written down counts as a visit and not as time.
        coalesce(sum(a.duration_min), 0) AS minutes
    FROM activity a
    JOIN pairing p ON p.pairing_id = a.pairing_id
    WHERE $period IS NULL
        OR substr(CAST(a.held_on AS VARCHAR), 1, 7) = $period
        OR substr(CAST(a.held_on AS VARCHAR), 1, 4) = $period
        OR substr(CAST(a.held_on AS VARCHAR), 1, 4) || '-Q'
            || CAST(CAST(date_part('quarter', a.held_on) AS BIGINT) AS VARCHAR) = $period
    GROUP BY p.volunteer_id
),
ranked AS (
    SELECT
        volunteer_id,
        households,
        visits,
        minutes,
        rank() OVER (ORDER BY minutes DESC, visits DESC) AS place,
        count(*) OVER (PARTITION BY minutes, visits) AS tied
    FROM visit
),
opinion AS (
    SELECT volunteer_id, count(*) AS raters, avg(score) AS mean_score
    FROM rating
    WHERE rater_kind = 'service_recipient' AND volunteer_id IS NOT NULL
        AND (
            $period IS NULL OR period = $period OR substr(period, 1, 4) = $period
            OR substr(period, 1, 4) || '-Q'
                || CAST((try_cast(substr(period, 6, 2) AS BIGINT) + 2) / 3 AS VARCHAR) = $period
        )
    GROUP BY volunteer_id
)
SELECT
    CAST(r.place AS BIGINT) AS rank,
    r.tied,
    r.volunteer_id,
    v.kind,
    v.community_id,
    r.households,
    r.visits,
    coalesce(o.raters, 0) AS raters,
    CAST(round(o.mean_score, 2) AS DECIMAL(5, 2)) AS mean_score,
    CAST(round(r.minutes / 60.0, 2) AS DECIMAL(10, 2)) AS hours
FROM ranked r
LEFT JOIN volunteer v ON v.volunteer_id = r.volunteer_id
LEFT JOIN opinion o ON o.volunteer_id = r.volunteer_id
WHERE r.place <= $top
ORDER BY r.place, r.volunteer_id
