-- Share of the merchants in the area that joined the alliance, with the bounds that published figures leave.
-- zh 商户加盟率
--
-- The published words are "over 150" of "over 200": two lower bounds, whose ratio is no
-- number. The value is that of the registry; lo and hi are what the words allow.
--
-- formula    merchants with a valid plate / merchants
-- direction  benefit
-- weight     100
-- reads      merchant, community, published_figure
-- param      $from timestamp  not used: the registry is of today  default NULL
-- param      $to   timestamp  not used: the registry is of today  default NULL
-- returns    district_id   Utf8
--            community_id  Utf8
--            numerator     Int64    merchants with a valid plate
--            denominator   Int64    merchants in the registry
--            lo            Float64  least ratio the published figures allow
--            hi            Float64  greatest ratio they allow; never above 1, who joined is a merchant
-- order      district_id, community_id
-- source     S0-F05, S0-F06; domain rule: a ratio of two lower bounds is not a number
SELECT
    c.district_id,
    m.community_id,
    count(*) FILTER (WHERE m.plate_status IN ('valid', 'active', 'issued', 'suspended')) AS numerator,
    count(*) AS denominator,
    max(coalesce(j."min" / a."max", CASE WHEN a."min" IS NOT NULL THEN 0.0 END)) AS lo,
    max(least(coalesce(j."max" / a."min", CASE WHEN a."min" IS NOT NULL THEN 1.0 END), 1.0)) AS hi
FROM merchant m
JOIN community c ON c.community_id = m.community_id
LEFT JOIN published_figure j ON j.district_id = c.district_id AND j.measure = 'merchants_joined'
LEFT JOIN published_figure a ON a.district_id = c.district_id AND a.measure = 'merchants'
WHERE $from IS NULL OR $to IS NULL OR $from <= $to
GROUP BY c.district_id, m.community_id
ORDER BY c.district_id, m.community_id
