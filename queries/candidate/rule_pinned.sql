-- Where a provider was fixed for the need, it is this one.
-- zh 如已指定服务者，则须为该服务者
-- source   pins of kind must
cardinality(n.must) = 0 OR array_has(n.must, p.provider_id)
