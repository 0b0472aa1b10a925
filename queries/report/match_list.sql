-- A run's matches with what is needed to keep them: who, when, how far, at what price.
-- zh 匹配清单
--
-- reads    match, need, candidate
-- param    $run text
-- returns  starts_at      Timestamp
--          ends_at        Timestamp
--          need_id        Utf8
--          service_id     Utf8
--          provider_id    Utf8
--          provider_kind  Utf8
--          distance_m     Int64    m
--          score          Float64  0 to 1
--          pay_ratio      Float64  share to pay, 0 to 1; NULL without an offer
--          state          Utf8
-- order    starts_at, need_id, provider_id
-- source   the list that a hotline desk works through
SELECT
    m.starts_at,
    m.ends_at,
    m.need_id,
    n.service_id,
    m.provider_id,
    m.provider_kind,
    c.distance_m,
    m.score,
    c.pay_ratio,
    m.state
FROM match m
LEFT JOIN need n ON n.need_id = m.need_id
LEFT JOIN candidate c ON c.run_id = m.run_id AND c.need_id = m.need_id
    AND c.occurrence_start = m.occurrence_start AND c.provider_id = m.provider_id AND c.slot_id = m.slot_id
WHERE m.run_id = $run
ORDER BY m.starts_at, m.need_id, m.provider_id
