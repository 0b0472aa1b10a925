-- On how many days each provider met whom a need is about, before the days that are planned.
-- zh 计划期前服务者与需求所涉家庭往来的天数
--
-- A day counts once, whether it stands in a published match, on the record of visits, or in both.
-- Visits are those to the household of the need, whichever of its pairs they belong to.
--
-- reads    match, pairing, activity, horizon_day
-- returns  one row per need and provider who met
-- order    need_id, provider_id
SELECT t.need_id, t.provider_id, count(DISTINCT t.met_on) AS days
FROM (
    SELECT need_id, provider_id, CAST(starts_at AS DATE) AS met_on FROM match WHERE state = 'published'
    UNION ALL
    SELECT n.need_id, k.volunteer_id, a.held_on
    FROM (SELECT DISTINCT need_id, household_code FROM pairing) n
    JOIN pairing k ON k.household_code = n.household_code
    JOIN activity a ON a.pairing_id = k.pairing_id
) t
CROSS JOIN (SELECT min(day) AS first FROM horizon_day) h
WHERE t.met_on < h.first AND t.need_id IS NOT NULL AND t.provider_id IS NOT NULL
GROUP BY t.need_id, t.provider_id
ORDER BY t.need_id, t.provider_id
