-- What is on record of provider, need and their communities before the days that are planned.
-- zh 计划期前服务者、需求及其社区的记录
--
-- None of these tables has two rows for a pair, so that no candidate is doubled.
--
-- reads    need n, provider p, as `block.sql` names them; recent_work, meeting, time_account, point_speciality
-- returns  the end of the FROM clause of candidates: recent work w, meetings m, time account t, speciality x
LEFT JOIN recent_work w ON w.provider_id = p.provider_id
LEFT JOIN meeting m ON m.need_id = n.need_id AND m.provider_id = p.provider_id
LEFT JOIN time_account t ON t.community_id = n.community_id
LEFT JOIN point_speciality x ON x.community_id = p.community_id AND x.service_id = n.service_id
