-- Tasks per provider in a run, the busiest first.
-- zh 服务者任务量
--
-- reads    match
-- param    $run text
-- param    $top integer  how many providers  default 20
-- returns  provider_id    Utf8
--          provider_kind  Utf8
--          tasks          Int64
--          score_mean     Float64  mean score of their matches, 0 to 1
-- order    tasks descending, provider_id
-- source   load balance, S1-M6
SELECT
    provider_id,
    min(provider_kind) AS provider_kind,
    sum(units) AS tasks,
    round((1000000 * count(*) - sum(cost)) / (1000000.0 * count(*)), 6) AS score_mean
FROM match
WHERE run_id = $run
GROUP BY provider_id
ORDER BY tasks DESC, provider_id
LIMIT $top
