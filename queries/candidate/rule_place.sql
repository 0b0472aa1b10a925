-- Where the distance is unknown, need and provider belong to one district; an unknown district does not exclude.
-- zh 距离未知时，供需双方属于同一区县（区县未知不排除）
-- source   S1-M3: volunteers report to the community their unit is linked to
distance_m(n.lon, n.lat, p.lon, p.lat) IS NOT NULL
    OR n.district_id IS NULL
    OR p.district_id IS NULL
    OR n.district_id = p.district_id
