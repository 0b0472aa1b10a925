-- The credential or licence is valid on the day.
-- zh 当日证照有效
-- source   S1-M2, S0 (i) eligibility to join
p.valid_to IS NULL OR p.valid_to >= s.slot_day
