-- How many tasks each provider had in the four weeks before the days that are planned.
-- zh 各服务者在计划期前四周内的任务数
--
-- Four whole weeks, so that nobody gains by the day of the week on which a plan is made. What
-- is promised within the planned days is no past work; `held.sql` counts it against the limits.
--
-- reads    match, horizon_day
-- returns  one row per provider with such tasks: published ones, whoever asked for them
-- order    provider_id
SELECT m.provider_id, sum(m.units) AS tasks
FROM match m
CROSS JOIN (SELECT min(day) AS first FROM horizon_day) h
WHERE m.state = 'published'
    AND CAST(m.starts_at AS DATE) < h.first
    AND CAST(m.starts_at AS DATE) >= h.first - INTERVAL '28 days'
GROUP BY m.provider_id
ORDER BY m.provider_id
