-- What earlier published runs hold of providers and needs: a published match is a promise.
-- zh 已发布的匹配所占用的名额
--
-- reads    match
-- returns  one row per published match
-- order    need_id, occurrence_start, provider_id
SELECT need_id, occurrence_start, provider_id, slot_id, starts_at, ends_at, units
FROM match
WHERE state = 'published'
ORDER BY need_id, occurrence_start, provider_id
