-- A merchant has an offer for the service that this resident may use on the day of the task.
-- zh 商户提供该服务，且任务当日的优惠适用于该居民
-- source   S0-M2, S0-M4
p.kind <> 'merchant' OR o.offer_id IS NOT NULL
