-- The best offer that a provider has for a need on the day on which the task begins.
-- zh 任务当日服务者对该需求的最优优惠
--
-- A task begins when slot and window have both begun; without a slot, the window's first day
-- in the horizon is taken.
--
-- reads    need n, provider p, slot s, as `block.sql` names them; best_offer
-- returns  the end of every FROM clause of candidates: best offer o
LEFT JOIN best_offer o ON o.provider_id = p.provider_id
    AND o.service_id = n.service_id
    AND o.target_group = coalesce(n.target_group, '')
    AND o.has_card = n.has_card
    AND o.day = CASE WHEN s.slot_start > n.occurrence_start THEN s.slot_day ELSE n.day END
