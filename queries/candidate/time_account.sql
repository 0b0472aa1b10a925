-- How many minutes of help the volunteers of each community gave, and its residents received.
-- zh 各社区志愿者付出与居民获得的服务时长
--
-- Tasks of volunteers in published matches before the days that are planned. A need that does not
-- say how long it takes counts 0 on both sides. Communities have accounts because people cannot:
-- no table says which resident is which volunteer.
--
-- reads    match, need, volunteer, horizon_day
-- returns  one row per community with such tasks
-- order    community_id
SELECT community_id, sum(given) AS given_min, sum(received) AS received_min
FROM (
    SELECT
        CASE WHEN side.gives THEN v.community_id ELSE n.community_id END AS community_id,
        CASE WHEN side.gives THEN m.units * coalesce(n.duration_min, 0) ELSE 0 END AS given,
        CASE WHEN side.gives THEN 0 ELSE m.units * coalesce(n.duration_min, 0) END AS received
    FROM match m
    JOIN volunteer v ON v.volunteer_id = m.provider_id
    JOIN need n ON n.need_id = m.need_id
    CROSS JOIN (SELECT true AS gives UNION ALL SELECT false) side
    CROSS JOIN (SELECT min(day) AS first FROM horizon_day) h
    WHERE m.state = 'published' AND CAST(m.starts_at AS DATE) < h.first
)
WHERE community_id IS NOT NULL
GROUP BY community_id
ORDER BY community_id
