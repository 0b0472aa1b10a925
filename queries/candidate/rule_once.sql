-- The provider does not hold this need already.
-- zh 服务者尚未承接该需求
-- source   one unit per need and provider
NOT array_has(n.holders, p.provider_id)
