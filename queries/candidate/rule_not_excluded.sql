-- Nobody has ruled this pair out.
-- zh 双方未被设定为不匹配
-- source   pins of kind never
NOT array_has(n.never, p.provider_id)
