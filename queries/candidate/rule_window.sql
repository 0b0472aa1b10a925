-- The task fits into the time that both have.
-- zh 任务时长在双方共同时段内
-- source   S1-M10
to_unixtime(least(s.slot_end, n.occurrence_end)) - to_unixtime(greatest(s.slot_start, n.occurrence_start))
    >= greatest(n.duration_min * 60, 1)
