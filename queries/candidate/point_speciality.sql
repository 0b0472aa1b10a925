-- What the service points of each community are known for.
-- zh 各社区服务站点的特色服务
--
-- A point may name plain words beside services; words meet no need.
--
-- reads    service_point
-- returns  one row per community and speciality
-- order    community_id, service_id
SELECT DISTINCT community_id, service_id
FROM (SELECT community_id, unnest(specialities) AS service_id FROM service_point)
WHERE community_id IS NOT NULL AND service_id IS NOT NULL
ORDER BY community_id, service_id
