-- Which pairs are looked at: near enough by spatial cell, and with a slot that overlaps in time.
-- zh 初筛：空间网格相邻且时段重叠
--
-- Everything left out here would fail `rule_reach` or `rule_window`: the cells around a need
-- cover its whole reach. Where one side has no place at all, the district stands in for it.
--
-- reads    need_occurrence, provider, slot, best_offer
-- returns  the FROM clause of every candidate query: need n, provider p, slot s, best offer o
(
    SELECT a.need_id, a.occurrence_start, b.provider_id
    FROM (
        SELECT need_id, occurrence_start, unnest(h3_disk(h3_cell(lon, lat, 8), reach_ring(reach_m))) AS cell
        FROM need_occurrence
        WHERE lon IS NOT NULL
    ) a
    JOIN (
        SELECT provider_id, h3_cell(lon, lat, 8) AS cell FROM provider WHERE lon IS NOT NULL
    ) b ON b.cell = a.cell
    UNION ALL
    SELECT a.need_id, a.occurrence_start, b.provider_id
    FROM need_occurrence a
    JOIN provider b ON coalesce(b.district_id, a.district_id, '') = coalesce(a.district_id, '')
    WHERE a.lon IS NULL OR b.lon IS NULL
) k
JOIN need_occurrence n ON n.need_id = k.need_id AND n.occurrence_start = k.occurrence_start
JOIN provider p ON p.provider_id = k.provider_id
JOIN slot s ON s.provider_id = k.provider_id
    AND s.slot_end > n.occurrence_start AND s.slot_start < n.occurrence_end
LEFT JOIN best_offer o ON o.need_id = k.need_id AND o.occurrence_start = k.occurrence_start
    AND o.provider_id = k.provider_id
