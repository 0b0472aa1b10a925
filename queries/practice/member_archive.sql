-- The archive of members: who belongs to the branch, the alliance or the centre, and as what.
-- zh 党员与成员档案
--
-- People stand in it by their merchant and their role; nobody's name is kept.
--
-- reads    membership, organization, merchant, merchant_category
-- param    $kind text  of organizations: branch, alliance or centre; NULL: all  default branch
-- returns  organization_id Utf8
--          organization    Utf8  its name
--          kind            Utf8  branch, alliance or centre
--          membership_id   Utf8
--          member_kind     Utf8
--          role            Utf8
--          merchant_id     Utf8  NULL for those who run none
--          name            Utf8  of the merchant
--          category        Utf8  the trade in Chinese
--          plate_status    Utf8
-- order    organization_id, membership_id
-- source   S0 (i): 三套档案, the party members; S0-F08, S0-F09..11
SELECT
    m.organization_id,
    o.name AS organization,
    o.kind,
    m.membership_id,
    m.member_kind,
    m.role,
    m.merchant_id,
    s.name,
    c.name_zh AS category,
    s.plate_status
FROM membership m
JOIN organization o ON o.organization_id = m.organization_id
LEFT JOIN merchant s ON s.merchant_id = m.merchant_id
LEFT JOIN merchant_category c ON c.category_id = s.category_id
WHERE $kind IS NULL OR o.kind = $kind
ORDER BY m.organization_id, m.membership_id
