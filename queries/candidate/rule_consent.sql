-- The provider has agreed to be asked.
-- zh 服务者已同意接受派单
-- source   PIPL Art. 13; consent is recorded per volunteer
p.consent
