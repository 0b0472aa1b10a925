-- Share of the merchants in the area that joined the alliance, with the bounds that published figures leave.
-- zh 商户加盟率
--
-- The published words are "over 150" of "over 200": two lower bounds, whose ratio is no
-- number. The value is that of the registry; lo and hi are what the words allow. They are about
-- the district and stand in a row of their own, which counts no merchants. Where there are
-- several figures of one measure, the newest holds.
--
-- formula    merchants that joined (plate valid or suspended) / merchants
-- direction  benefit
-- weight     100
-- reads      merchant, community, published_figure
-- param      $from timestamp  not used: the registry is of today  default NULL
-- param      $to   timestamp  not used: the registry is of today  default NULL
-- returns    district_id   Utf8     NULL where a merchant has no community
--            community_id  Utf8     NULL in the row of the words
--            numerator     Int64    merchants that joined
--            denominator   Int64    merchants in the registry
--            lo            Float64  least ratio the published figures allow; NULL in rows of the registry
--            hi            Float64  greatest ratio they allow; never above 1, who joined is a merchant
-- order      district_id, community_id
-- source     S0-F05, S0-F06; domain rule: a ratio of two lower bounds is not a number
WITH figure AS (
    SELECT
        district_id,
        measure,
        "min",
        "max",
        row_number() OVER (
            PARTITION BY district_id, measure ORDER BY as_of DESC NULLS LAST, figure_id
        ) AS nth
    FROM published_figure
    WHERE measure IN ('merchants', 'merchants_joined')
),
words AS (
    SELECT
        j.district_id,
        least(coalesce(j."min" / nullif(a."max", 0.0), 0.0), 1.0) AS lo,
        least(coalesce(j."max" / nullif(a."min", 0.0), 1.0), 1.0) AS hi
    FROM figure j
    JOIN figure a ON a.district_id = j.district_id AND a.measure = 'merchants' AND a.nth = 1
    WHERE j.measure = 'merchants_joined' AND j.nth = 1
),
registry AS (
    SELECT
        c.district_id,
        m.community_id,
        count(*) FILTER (WHERE m.plate_status IN ('valid', 'active', 'issued', 'suspended')) AS numerator,
        count(*) AS denominator
    FROM merchant m
    LEFT JOIN community c ON c.community_id = m.community_id
    GROUP BY c.district_id, m.community_id
)
SELECT
    district_id,
    community_id,
    numerator,
    denominator,
    CAST(NULL AS DOUBLE) AS lo,
    CAST(NULL AS DOUBLE) AS hi
FROM registry
UNION ALL
SELECT district_id, NULL AS community_id, 0 AS numerator, 0 AS denominator, lo, hi FROM words
ORDER BY district_id, community_id
