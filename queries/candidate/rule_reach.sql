-- The provider is within reach of the need; an unknown distance does not exclude.
-- zh 服务者在可达距离内（距离未知不排除）
-- source   S1-M15, the 15-minute circle; S0-M4
coalesce(distance_m(n.lon, n.lat, p.lon, p.lat), 0) <= n.reach_m
