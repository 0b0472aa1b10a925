-- The provider is in good standing: an active volunteer, a merchant with a valid plate.
-- zh 服务者状态有效：在册志愿者，或标识牌有效的商户
-- source   S0-M1, S1-M2
CASE p.kind
    WHEN 'merchant' THEN p.status IN ('valid', 'active', 'issued')
    ELSE p.status IN ('active', 'registered', 'available')
END
