-- Who is needed at home makes home visits.
-- zh 需上门的服务由可上门者提供
-- source   S0-M4
NOT n.at_home OR p.home_visit
