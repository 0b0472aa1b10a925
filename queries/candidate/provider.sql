-- Everybody who can help: volunteers and merchants under one set of columns.
-- zh 可提供帮助的志愿者与商户
--
-- reads    volunteer, merchant, community, posting, post, visit_group_member, service_point, and
--          `located`: what located.sql returns
-- returns  one row per provider; lon, lat from the provider, else from the gazetteer by
--          its address, else its community's centroid
-- order    provider_id
SELECT
    v.volunteer_id AS provider_id,
    'volunteer' AS kind,
    coalesce(v.district_id, c.district_id) AS district_id,
    v.community_id,
    v.skills,
    CASE WHEN v.lon IS NOT NULL AND v.lat IS NOT NULL THEN v.lon ELSE coalesce(l.lon, c.lon) END AS lon,
    CASE WHEN v.lon IS NOT NULL AND v.lat IS NOT NULL THEN v.lat ELSE coalesce(l.lat, c.lat) END AS lat,
    CASE
        WHEN v.lon IS NOT NULL AND v.lat IS NOT NULL THEN 'point'
        WHEN l.id IS NOT NULL THEN 'gazetteer'
        WHEN c.lon IS NOT NULL AND c.lat IS NOT NULL THEN 'centroid'
        ELSE 'unknown'
    END AS basis,
    -- Consent that was not recorded was not given.
    coalesce(v.consent, false) AS consent,
    v.credential_valid_to AS valid_to,
    -- A roster is a list of registered volunteers: who stands in it without a status is active.
    coalesce(v.status, 'active') AS status,
    true AS home_visit,
    v.max_per_day,
    v.max_per_week,
    t.specialities,
    g.members AS team_members,
    g.social_workers AS team_social_workers,
    CAST(NULL AS BIGINT) AS exclusion_distance_m
FROM volunteer v
LEFT JOIN community c ON c.community_id = v.community_id
LEFT JOIN located l ON l.kind = 'volunteer' AND l.id = v.volunteer_id
LEFT JOIN (
    SELECT g.volunteer_id, array_agg(DISTINCT t.service_id ORDER BY t.service_id) AS specialities
    FROM posting g
    JOIN post t ON t.post_id = g.post_id
    WHERE t.service_id IS NOT NULL AND g.ended_on IS NULL
    GROUP BY g.volunteer_id
) t ON t.volunteer_id = v.volunteer_id
-- A visit group stands among the volunteers, under its own ID.
LEFT JOIN (
    SELECT group_id, count(*) AS members, count(*) FILTER (WHERE role = 'social_worker') AS social_workers
    FROM visit_group_member
    GROUP BY group_id
) g ON g.group_id = v.volunteer_id
UNION ALL
SELECT
    m.merchant_id,
    'merchant',
    c.district_id,
    m.community_id,
    NULL,
    CASE WHEN m.lon IS NOT NULL AND m.lat IS NOT NULL THEN m.lon ELSE coalesce(l.lon, c.lon) END,
    CASE WHEN m.lon IS NOT NULL AND m.lat IS NOT NULL THEN m.lat ELSE coalesce(l.lat, c.lat) END,
    CASE
        WHEN m.lon IS NOT NULL AND m.lat IS NOT NULL THEN 'point'
        WHEN l.id IS NOT NULL THEN 'gazetteer'
        WHEN c.lon IS NOT NULL AND c.lat IS NOT NULL THEN 'centroid'
        ELSE 'unknown'
    END,
    -- A merchant consents by signing the alliance's agreement; the plate stands for it.
    true,
    m.licence_valid_to,
    coalesce(m.plate_status, 'none'),
    coalesce(m.home_visit, false),
    m.capacity_per_day,
    NULL,
    NULL,
    NULL,
    NULL,
    e.distance_m
FROM merchant m
LEFT JOIN community c ON c.community_id = m.community_id
LEFT JOIN located l ON l.kind = 'merchant' AND l.id = m.merchant_id
-- How near the shop's own place is to a kindergarten or school, up to 1 km: `reach_ring` says how
-- many rings of cells that is.
LEFT JOIN (
    SELECT a.merchant_id, min(distance_m(a.lon, a.lat, b.lon, b.lat)) AS distance_m
    FROM (
        SELECT merchant_id, lon, lat, unnest(h3_disk(h3_cell(lon, lat, 8), reach_ring(1000))) AS cell
        FROM merchant
        WHERE h3_cell(lon, lat, 8) IS NOT NULL
    ) a
    JOIN (
        SELECT lon, lat, h3_cell(lon, lat, 8) AS cell
        FROM service_point
        WHERE kind IN ('kindergarten', 'primary_school', 'secondary_school')
    ) b ON b.cell = a.cell
    WHERE distance_m(a.lon, a.lat, b.lon, b.lat) <= 1000
    GROUP BY a.merchant_id
) e ON e.merchant_id = m.merchant_id
ORDER BY provider_id
