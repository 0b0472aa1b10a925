-- What the panel thinks of each community: the mean of its kinds of raters, and the harshest of them.
-- zh 社区测评：多方评议
--
-- Every kind of rater weighs the same, however many rated: many residents do not drown the few
-- delegates. Ratings of single volunteers are left out.
--
-- formula  score = mean over the kinds of the mean of their scores
-- reads    rating, community
-- param    $period text  2012, 2012-Q3 or 2012-09, and what lies within; NULL: all  default NULL
-- returns  community_id Utf8
--          community    Utf8     its name
--          raters       Int64
--          kinds        Int64    of raters, of six
--          harshest     Utf8     the kind with the least mean; the first by name where equal
--          least_score  Decimal  points, its mean, two places
--          score        Decimal  points, 1 to 5, two places
-- order    community_id
-- source   S1 (iii): a panel of cadres, delegates, party members, residents, recipients and units
WITH kind AS (
    SELECT community_id, rater_kind, count(*) AS raters, avg(score) AS mean
    FROM rating
    WHERE volunteer_id IS NULL AND community_id IS NOT NULL
        AND (
            $period IS NULL OR period = $period OR substr(period, 1, 4) = $period
            OR substr(period, 1, 4) || '-Q'
                || CAST((try_cast(substr(period, 6, 2) AS BIGINT) + 2) / 3 AS VARCHAR) = $period
        )
    GROUP BY community_id, rater_kind
),
placed AS (
    SELECT
        community_id,
        rater_kind,
        raters,
        mean,
        row_number() OVER (PARTITION BY community_id ORDER BY mean, rater_kind) AS place
    FROM kind
)
SELECT
    p.community_id,
    c.name AS community,
    sum(p.raters) AS raters,
    count(*) AS kinds,
    max(p.rater_kind) FILTER (WHERE p.place = 1) AS harshest,
    CAST(round(min(p.mean), 2) AS DECIMAL(5, 2)) AS least_score,
    CAST(round(avg(p.mean), 2) AS DECIMAL(5, 2)) AS score
FROM placed p
LEFT JOIN community c ON c.community_id = p.community_id
GROUP BY p.community_id, c.name
ORDER BY p.community_id
