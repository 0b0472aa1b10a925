-- A volunteer has every skill the need asks for.
-- zh 志愿者具备需求要求的全部技能
-- source   S1-M1
p.kind = 'merchant' OR list_covers(p.skills, n.skills)
