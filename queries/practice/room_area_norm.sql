-- Floor area of community rooms per 100 households, against the norm.
-- zh 每百户社区用房面积与标准
--
-- Rooms are stations, rooms and neighbourhood centres; a centre of a district or street serves
-- more than the community in which it stands. Where there is none on file, one of them has no
-- area, or the households are not known, the area is unknown and so is whether it keeps the norm.
--
-- reads    community, service_point
-- param    $norm_m2 number  square metres per 100 households, the norm itself included  default 20
-- returns  district_id            Utf8
--          community_id           Utf8
--          households             Int64
--          area_m2                Int64    all rooms of the community; NULL: unknown
--          m2_per_100_households  Float64  NULL: unknown
--          keeps_norm             Boolean  NULL: unknown
-- order    district_id, community_id
-- source   S2-M11, S2-F09: no less than 20 m² per 100 households
WITH room AS (
    SELECT community_id, CASE WHEN count(area_m2) = count(*) THEN sum(area_m2) END AS area_m2
    FROM service_point
    WHERE kind IN ('station', 'room', 'neighbourhood_centre')
    GROUP BY community_id
)
SELECT
    c.district_id,
    c.community_id,
    c.households,
    r.area_m2,
    CASE WHEN c.households > 0 THEN 100.0 * r.area_m2 / c.households END AS m2_per_100_households,
    CASE WHEN c.households > 0 THEN 100 * r.area_m2 >= $norm_m2 * c.households END AS keeps_norm
FROM community c
LEFT JOIN room r ON r.community_id = c.community_id
ORDER BY c.district_id, c.community_id
