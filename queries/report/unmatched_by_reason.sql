-- Needs of a run with unserved units, by reason and tier.
-- zh 未满足需求：按原因与紧急程度
--
-- A need counts once however often it recurs: under the reason of its first unserved occurrence,
-- with its unserved units over all occurrences.
--
-- reads    unmatched
-- param    $run text
-- returns  reason  Utf8
--          tier    Int64
--          needs   Int64
--          units   Int64
-- order    tier descending, reason
-- source   every unit of demand is matched or has a reason
SELECT reason, tier, count(*) AS needs, sum(units) AS units
FROM (
    SELECT reason, tier,
        row_number() OVER (PARTITION BY need_id ORDER BY occurrence_start) AS place,
        sum(units) OVER (PARTITION BY need_id) AS units
    FROM unmatched
    WHERE run_id = $run
) by_need
WHERE place = 1
GROUP BY reason, tier
ORDER BY tier DESC, reason
