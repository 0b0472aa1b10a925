-- Needs that wait for help at an instant, with the defaults a match reads them with.
-- zh 等待匹配的需求
--
-- reads    need, community, service, and `located`: what located.sql returns
-- param    $as_of     Timestamp  needs received after this instant are not known yet; NULL: all
-- param    $reach_m   Int64      how far a provider may be where the need does not say
-- returns  one row per need; lon, lat from the need, else from the gazetteer by its
--          address, else its community's centroid
-- order    need_id
SELECT
    n.need_id,
    coalesce(n.district_id, c.district_id) AS district_id,
    n.community_id,
    n.service_id,
    n.skills,
    coalesce(n.tier, 0) AS tier,
    n."group" AS target_group,
    coalesce(n.demand, 1) AS demand,
    n.window_start,
    n.window_end,
    n.rrule,
    coalesce(n.duration_min, 0) AS duration_min,
    CASE WHEN n.lon IS NOT NULL AND n.lat IS NOT NULL THEN n.lon ELSE coalesce(l.lon, c.lon) END AS lon,
    CASE WHEN n.lon IS NOT NULL AND n.lat IS NOT NULL THEN n.lat ELSE coalesce(l.lat, c.lat) END AS lat,
    CASE
        WHEN n.lon IS NOT NULL AND n.lat IS NOT NULL THEN 'point'
        WHEN l.id IS NOT NULL THEN 'gazetteer'
        WHEN c.lon IS NOT NULL AND c.lat IS NOT NULL THEN 'centroid'
        ELSE 'unknown'
    END AS basis,
    n.due_at,
    coalesce(n.at_home, false) AS at_home,
    coalesce(n.reach_m, $reach_m) AS reach_m,
    n.card_no IS NOT NULL AS has_card,
    n.channel,
    n.received_at,
    coalesce(v.provider_kind, 'any') AS service_kind
FROM stored.need n
LEFT JOIN community c ON c.community_id = n.community_id
LEFT JOIN located l ON l.kind = 'need' AND l.id = n.need_id
LEFT JOIN service v ON v.service_id = n.service_id
WHERE coalesce(n.status, 'open') IN (
        'open', 'received', 'registered', 'classified', 'dispatched', 'transferred', 'escalated', 'reopened'
    )
    AND coalesce(n.demand, 1) > 0
    AND ($as_of IS NULL OR n.received_at IS NULL OR n.received_at <= $as_of)
ORDER BY n.need_id
