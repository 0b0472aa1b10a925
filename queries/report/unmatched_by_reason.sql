-- Needs of a run with unserved units, by reason and tier.
-- zh 未满足需求：按原因与紧急程度
--
-- reads    unmatched
-- param    $run text
-- returns  reason  Utf8
--          tier    Int64
--          needs   Int64
--          units   Int64
-- order    tier descending, reason
-- source   every unit of demand is matched or has a reason
SELECT reason, tier, count(DISTINCT need_id) AS needs, sum(units) AS units
FROM unmatched
WHERE run_id = $run
GROUP BY reason, tier
ORDER BY tier DESC, reason
