-- Which pairs are looked at: near enough by spatial cell, and with a slot that overlaps in time.
-- zh 初筛：空间网格相邻且时段重叠
--
-- Everything left out here would fail `rule_reach`, `rule_place` or `rule_window`: the cells
-- around a need cover its whole reach. Where one side has no place there are no cells, and
-- districts stand in for them. A reach of more than 24 rings, about 13 km, has so many cells
-- that looking at everybody is cheaper.
--
-- reads    need_occurrence, provider, slot
-- returns  the FROM clause of every candidate query: need n, provider p, slot s
(
    SELECT a.need_id, a.occurrence_start, b.provider_id
    FROM (
        SELECT need_id, occurrence_start, unnest(h3_disk(h3_cell(lon, lat, 8), reach_ring(reach_m))) AS cell
        FROM need_occurrence
        WHERE h3_cell(lon, lat, 8) IS NOT NULL AND reach_ring(reach_m) <= 24
    ) a
    JOIN (SELECT provider_id, h3_cell(lon, lat, 8) AS cell FROM provider) b ON b.cell = a.cell
    UNION ALL
    SELECT a.need_id, a.occurrence_start, b.provider_id
    FROM (
        SELECT need_id, occurrence_start
        FROM need_occurrence
        WHERE h3_cell(lon, lat, 8) IS NOT NULL AND reach_ring(reach_m) > 24
    ) a
    CROSS JOIN (SELECT provider_id FROM provider WHERE h3_cell(lon, lat, 8) IS NOT NULL) b
    UNION ALL
    SELECT a.need_id, a.occurrence_start, b.provider_id
    FROM (
        SELECT need_id, occurrence_start, district_id FROM need_occurrence WHERE h3_cell(lon, lat, 8) IS NULL
    ) a
    JOIN provider b ON a.district_id IS NULL OR b.district_id IS NULL OR a.district_id = b.district_id
    UNION ALL
    SELECT a.need_id, a.occurrence_start, b.provider_id
    FROM (
        SELECT need_id, occurrence_start, district_id FROM need_occurrence WHERE h3_cell(lon, lat, 8) IS NOT NULL
    ) a
    JOIN (SELECT provider_id, district_id FROM provider WHERE h3_cell(lon, lat, 8) IS NULL) b
        ON a.district_id IS NULL OR b.district_id IS NULL OR a.district_id = b.district_id
) k
JOIN need_occurrence n ON n.need_id = k.need_id AND n.occurrence_start = k.occurrence_start
JOIN provider p ON p.provider_id = k.provider_id
JOIN slot s ON s.provider_id = k.provider_id
    AND s.slot_end > n.occurrence_start AND s.slot_start < n.occurrence_end
