-- What a scorer may see of a candidate, and what the match needs to know of it.
-- zh 候选的特征
--
-- reads    need n, provider p, slot s, as `block.sql` names them; best offer o of `with_offer.sql`;
--          recent work w, meetings m, time account t, speciality x of `with_history.sql`
-- returns  the SELECT list of every candidate query
n.need_id,
n.occurrence_start,
p.provider_id,
s.slot_id,
p.kind AS provider_kind,
greatest(s.slot_start, n.occurrence_start) AS starts_at,
CASE
    WHEN n.duration_min = 0 THEN least(s.slot_end, n.occurrence_end)
    ELSE greatest(s.slot_start, n.occurrence_start)
        + arrow_cast(n.duration_min * 60000000, 'Duration(Microsecond)')
END AS ends_at,
distance_m(n.lon, n.lat, p.lon, p.lat) AS distance_m,
CASE
    WHEN n.basis = 'unknown' OR p.basis = 'unknown' THEN 'unknown'
    WHEN n.basis = 'centroid' OR p.basis = 'centroid' THEN 'centroid'
    WHEN n.basis = 'gazetteer' OR p.basis = 'gazetteer' THEN 'gazetteer'
    ELSE 'point'
END AS distance_basis,
CAST(coalesce(cardinality(n.skills), 0) AS BIGINT) AS skills_required,
list_common(p.skills, n.skills) AS skills_matched,
CAST(coalesce(cardinality(p.skills), 0) AS BIGINT) AS skills_offered,
coalesce(array_has(p.specialities, n.service_id), false) AS speciality,
p.kind = 'merchant' AS is_merchant,
o.offer_id,
o.pay_ratio,
o.price,
coalesce(n.community_id = p.community_id, false) AS same_community,
coalesce(n.district_id = p.district_id, false) AS same_district,
-- What people wrote about somebody stays here; a scorer sees one of these codes, or `other`.
CASE
    WHEN n.target_group IN (
        'chronic', 'disabled', 'elderly', 'floating', 'laid_off', 'lonely_elder', 'low_income', 'merchant', 'minor',
        'student', 'veteran_family'
    ) THEN n.target_group
    WHEN n.target_group IS NOT NULL THEN 'other'
END AS target_group,
n.tier,
CASE
    WHEN n.channel IN (
        'diary', 'hotline', 'microblog', 'phone', 'sms', 'studio', 'visit', 'web', 'wechat', 'window'
    ) THEN n.channel
    WHEN n.channel IS NOT NULL THEN 'other'
END AS channel,
n.duration_min,
x.service_id IS NOT NULL AS speciality_point,
coalesce(w.tasks, 0) AS recent_tasks,
coalesce(m.days, 0) AS days_met,
p.team_members,
p.team_social_workers,
-- An account without entries stands at 0; a need of no community has none.
CASE WHEN n.community_id IS NOT NULL THEN coalesce(t.given_min, 0) END AS community_given_min,
CASE WHEN n.community_id IS NOT NULL THEN coalesce(t.received_min, 0) END AS community_received_min,
p.exclusion_distance_m
