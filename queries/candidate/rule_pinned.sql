-- Where providers were fixed for the need, this is one of them.
-- zh 如已指定服务者，则须为其中之一
--
-- A pin of kind `must` leaves the providers so named and no others; it does not book them.
-- source   pins of kind must
cardinality(n.must) = 0 OR array_has(n.must, p.provider_id)
