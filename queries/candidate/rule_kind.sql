-- The service may be given by this kind of provider.
-- zh 该服务可由此类服务者提供
-- source   S0-M3, S0-M5: some services are for professionals, some for volunteers
n.service_kind = 'any' OR n.service_kind = p.kind
