-- The credential or licence is valid on the day on which the task begins.
-- zh 任务开始当日证照有效
--
-- A task begins when slot and window have both begun.
-- source   S1-M2, S0 (i) eligibility to join
p.valid_to IS NULL
    OR p.valid_to >= CASE WHEN s.slot_start > n.occurrence_start THEN s.slot_day ELSE n.day END
