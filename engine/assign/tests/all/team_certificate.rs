//! The certificate of a coupled plan refuses whatever was tampered with.

use linli_assign::{
    Branch, Budget, Choice, Coupled, CoupledCertificate, CoupledSolution, CoupledViolation, Decision, Dual,
    Edge, Limits, Need, Node, Part, Problem, Team, certify_coupled, deputies, solve_coupled,
};

/// Two teams of two compete for three places; members of the first are deputies, and minutes are
/// short. What the flow alone would do breaks all of it.
fn coupled() -> Coupled {
    let needs = vec![Need { demand: 1, penalty: 10 }; 5];
    let node = |capacity| Node { parent: None, capacity };
    let edge = |need, node, cost| Edge { need, node, cost, pair: None };
    let edges = vec![
        edge(0, 0, 1),
        edge(0, 1, 4),
        edge(1, 0, 2),
        edge(1, 1, 4),
        edge(2, 0, 1),
        edge(3, 1, 3),
        edge(4, 2, 1),
    ];
    let problem = Problem::new(needs, vec![node(2), node(1), node(1)], edges).unwrap();
    let teams = vec![Team { penalty: 19, needs: vec![0, 1] }, Team { penalty: 8, needs: vec![2, 3] }];
    let mut budgets = deputies(&problem, &[(0, 1)]).unwrap();
    budgets.push(Budget { most: 100, uses: vec![(0, 60), (2, 60), (4, 40), (5, 50)] });
    Coupled::new(problem, teams, budgets).unwrap()
}

fn tampered(change: impl FnOnce(&mut CoupledSolution)) -> CoupledCertificate {
    let coupled = coupled();
    let mut solution = solve_coupled(&coupled, &Limits::default()).unwrap();
    change(&mut solution);
    certify_coupled(&coupled, &solution)
}

#[track_caller]
fn assert_refused(proof: CoupledCertificate, expected: CoupledViolation) {
    assert!(!proof.feasible && !proof.is_proof());
    assert!(proof.violations.contains(&expected), "{expected:?} not in {:?}", proof.violations);
}

/// Serves these edges and says so everywhere.
fn with_plan(chosen: &[u32]) -> CoupledCertificate {
    tampered(|it| {
        let coupled = coupled();
        it.chosen = chosen.to_vec();
        it.unmet = vec![1; 5];
        chosen.iter().for_each(|&at| it.unmet[coupled.problem().edges()[at as usize].need as usize] = 0);
        let whole = |it: &Vec<u32>, team: &Team| team.needs.iter().all(|&need| it[need as usize] == 0);
        let teams = (0..).zip(coupled.teams());
        it.teams_unserved = teams.filter(|(_, team)| !whole(&it.unmet, team)).map(|it| it.0).collect();
        let cost: i64 = chosen.iter().map(|&at| coupled.problem().edges()[at as usize].cost).sum();
        let paid: i64 = it.teams_unserved.iter().map(|&at| coupled.teams()[at as usize].penalty).sum();
        it.objective = i128::from(cost + paid) + 10 * it.unmet.iter().map(|&it| i128::from(it)).sum::<i128>();
    })
}

#[test]
fn what_the_search_says_is_proven() {
    let proof = tampered(|_| ());
    assert_eq!((proof.objective, proof.bound, proof.gap), (34, 34, 0));
    assert!(proof.is_proof());
    assert_eq!(with_plan(&[0, 3, 6]), proof);
}

#[test]
fn a_worse_plan_is_feasible_and_leaves_a_gap() {
    let proof = with_plan(&[4, 5, 6]);
    assert_eq!((proof.feasible, proof.violations.len()), (true, 0));
    assert_eq!(proof.gap, 10);
    let nobody = with_plan(&[]);
    assert_eq!((nobody.feasible, nobody.is_proof(), nobody.gap), (true, false, 43));
}

#[test]
fn a_plan_must_keep_every_rule() {
    assert_refused(with_plan(&[0, 6]), CoupledViolation::Torn { team: 0 });
    assert_refused(with_plan(&[0, 2]), CoupledViolation::OverBudget { budget: 0 });
    assert_refused(with_plan(&[0, 2]), CoupledViolation::OverBudget { budget: 2 });
    assert_refused(with_plan(&[3, 5]), CoupledViolation::OverFull { node: 1 });
    assert_refused(with_plan(&[0, 1]), CoupledViolation::OverServed { need: 0 });
    assert_refused(with_plan(&[3, 0]), CoupledViolation::Chosen { entry: 1 });
    assert_refused(tampered(|it| it.chosen.push(7)), CoupledViolation::Chosen { entry: 3 });
}

#[test]
fn a_plan_must_be_told_as_it_is() {
    assert_refused(tampered(|it| it.unmet[2] = 0), CoupledViolation::Unmet { need: 2 });
    assert_refused(tampered(|it| it.unmet.push(0)), CoupledViolation::Length);
    assert_refused(tampered(|it| it.objective -= 1), CoupledViolation::Objective);
    assert_refused(tampered(|it| it.bound += 1), CoupledViolation::Bound);
    assert_refused(tampered(|it| it.teams_unserved.clear()), CoupledViolation::Unserved { team: 1 });
    assert_refused(tampered(|it| it.teams_unserved.push(9)), CoupledViolation::Unserved { team: 9 });
}

/// Prices that are a bound wherever nothing is decided: everybody pays the cheapest edge.
fn dual() -> Dual {
    Dual { need: vec![1, 2, 1, 3, 1], node: vec![0; 3], ..Dual::default() }
}

fn leaf() -> Branch {
    Branch::Leaf { dual: dual() }
}

fn split(on: Choice) -> Vec<Branch> {
    vec![Branch::Split { on, children: [1, 2] }, leaf(), leaf()]
}

/// The plan of the search with a tree of our own, told with the bound that it proves.
fn with_tree(tree: Vec<Branch>) -> CoupledCertificate {
    let part = Part { needs: (0..5).collect(), nodes: (0..3).collect(), scale: 1, tree };
    with_parts(vec![part])
}

fn with_parts(parts: Vec<Part>) -> CoupledCertificate {
    let bound = tampered(|it| it.proof.parts.clone_from(&parts)).bound;
    tampered(|it| {
        it.proof.parts = parts;
        it.bound = bound;
    })
}

#[track_caller]
fn assert_tree_refused(tree: Vec<Branch>, branch: u32) {
    assert_refused(with_tree(tree), CoupledViolation::Branch { part: 0, branch });
}

#[test]
fn a_tree_of_one_leaf_bounds_by_the_cheapest_edges() {
    let proof = with_tree(vec![leaf()]);
    assert_eq!((proof.bound, proof.gap, proof.feasible), (8, 26, true));
}

#[test]
fn prices_prove_more_where_something_is_decided() {
    let leaf_at = |need: usize, price: i64| {
        let mut dual = dual();
        dual.need[need] = price;
        Branch::Leaf { dual }
    };
    // Without its cheaper edge, need 0 pays 4 instead of 1, or need 1 pays 4 instead of 2.
    let on = || Choice::Apart { budget: 0, lists: [vec![0], vec![2]] };
    let root = || Branch::Split { on: on(), children: [1, 2] };
    assert_eq!(with_tree(vec![root(), leaf_at(0, 4), leaf_at(1, 4)]).bound, 10);
    assert_eq!(with_tree(vec![root(), leaf_at(1, 4), leaf_at(0, 4)]).bound, 8);
    assert_eq!(with_tree(vec![root(), leaf_at(0, 5), leaf_at(1, 5)]).bound, 10);
}

#[test]
fn what_is_fixed_counts_with_what_deciding_otherwise_would_cost() {
    let bound = |third_is_chosen| {
        let edge = |edge, is_chosen| Decision::Edge { edge, is_chosen };
        let leaf = |need: usize, price: i64| {
            let mut dual = dual();
            dual.need[need] = price;
            Branch::Leaf { dual }
        };
        let decisions = vec![edge(1, false), edge(3, third_is_chosen)];
        let fix = Branch::Fix { dual: dual(), decisions, child: 1 };
        let split = Branch::Split { on: Choice::Edge { edge: 0 }, children: [2, 3] };
        // With edge 0 there is nothing left for its deputy, without it nothing for the need.
        with_tree(vec![fix, split, leaf(1, 1_000), leaf(0, 1_000)]).bound
    };
    // Below, the team stays out, at 44 in all. Edge 1 would cost 3 more than its need pays, 11 in
    // all, edge 3 only 2.
    assert_eq!(bound(false), 10);
    // Without edge 3 these prices stay as they are.
    assert_eq!(bound(true), 8);
}

#[test]
fn decisions_that_contradict_each_other_close_a_branch() {
    let group = |is_served| Decision::Group { group: 1, is_served };
    let fix = |decision, child| Branch::Fix { dual: dual(), decisions: vec![decision], child };
    // Edge 4 chosen means team 1 is served: the side where it is not holds no plan.
    let tree = vec![
        Branch::Split { on: Choice::Edge { edge: 4 }, children: [1, 2] },
        Branch::Split { on: Choice::Group { group: 1 }, children: [3, 4] },
        leaf(),
        leaf(),
        Branch::Leaf { dual: Dual::default() },
    ];
    assert!(with_tree(tree).feasible);
    // Deciding what is decided is refused.
    let twice = vec![fix(group(true), 1), fix(group(true), 2), leaf()];
    assert_tree_refused(twice, 1);
}

#[test]
fn prices_must_have_their_form() {
    let with = |change: fn(&mut Dual)| {
        let mut dual = dual();
        change(&mut dual);
        vec![Branch::Leaf { dual }]
    };
    assert_tree_refused(with(|it| it.need.push(0)), 0);
    assert_tree_refused(with(|it| it.node.clear()), 0);
    assert_tree_refused(with(|it| it.node[1] = -1), 0);
    assert_tree_refused(with(|it| it.budget = vec![(0, -1)]), 0);
    assert_tree_refused(with(|it| it.budget = vec![(1, 1), (0, 1)]), 0);
    assert_tree_refused(with(|it| it.budget = vec![(3, 1)]), 0);
    let pair = |price| linli_assign::PairPrice { need: 0, pair: 0, price };
    let negative = Dual { pair: vec![pair(-1)], ..dual() };
    assert_tree_refused(vec![Branch::Leaf { dual: negative }], 0);
    let twice = Dual { pair: vec![pair(1), pair(1)], ..dual() };
    assert_tree_refused(vec![Branch::Leaf { dual: twice }], 0);
}

#[test]
fn a_split_must_leave_out_no_plan() {
    let apart = |budget, lists| split(Choice::Apart { budget, lists });
    assert!(with_tree(apart(0, [vec![0], vec![2]])).feasible);
    // 60 and 40 minutes do fit into 100.
    assert_tree_refused(apart(2, [vec![0], vec![4]]), 0);
    assert!(with_tree(apart(2, [vec![0], vec![2, 5]])).feasible);
    assert_tree_refused(apart(2, [vec![0], vec![1]]), 0);
    assert_tree_refused(apart(9, [vec![0], vec![2]]), 0);
    assert_tree_refused(split(Choice::Edge { edge: 7 }), 0);
    assert_tree_refused(split(Choice::Group { group: 2 }), 0);
}

#[test]
fn a_tree_must_be_one() {
    let on = || Choice::Group { group: 0 };
    assert_tree_refused(vec![], 0);
    assert_tree_refused(vec![Branch::Split { on: on(), children: [1, 2] }, leaf()], 2);
    assert_tree_refused(vec![Branch::Split { on: on(), children: [0, 1] }, leaf()], 0);
    // A place that two lead to, and one that none does.
    let shared = vec![Branch::Split { on: on(), children: [1, 1] }, leaf()];
    assert!(!with_tree(shared).feasible);
    assert_tree_refused(vec![leaf(), leaf()], 0);
}

#[test]
fn parts_must_hold_everything_once_and_nothing_may_lead_across() {
    let part = |needs: &[u32], nodes: &[u32]| Part {
        needs: needs.to_vec(),
        nodes: nodes.to_vec(),
        scale: 1,
        tree: vec![Branch::Leaf {
            dual: Dual { need: vec![0; needs.len()], node: vec![0; nodes.len()], ..Dual::default() },
        }],
    };
    let (most, last) = (part(&[0, 1, 2, 3], &[0, 1]), part(&[4], &[2]));
    assert!(with_parts(vec![most.clone(), last.clone()]).feasible);
    let missing = with_parts(vec![most.clone()]);
    assert_refused(missing, CoupledViolation::NeedOfParts { need: 4 });
    let twice = with_parts(vec![most.clone(), last.clone(), last.clone()]);
    assert_refused(twice, CoupledViolation::NeedOfParts { need: 4 });
    let no_node = with_parts(vec![most, part(&[4], &[])]);
    assert_refused(no_node, CoupledViolation::NodeOfParts { node: 2 });
    let across = with_parts(vec![part(&[0, 1], &[0, 1]), part(&[2, 3, 4], &[2])]);
    assert_refused(across.clone(), CoupledViolation::EdgeAcross { edge: 4 });
    assert_refused(across, CoupledViolation::BudgetAcross { budget: 2 });
    let torn = with_parts(vec![part(&[0, 1, 2], &[0, 1]), part(&[3, 4], &[2])]);
    assert_refused(torn, CoupledViolation::TeamAcross { team: 1 });
    let mut scaled = last;
    scaled.scale = 0;
    let scaled = with_parts(vec![part(&[0, 1, 2, 3], &[0, 1]), scaled]);
    assert_refused(scaled, CoupledViolation::Branch { part: 1, branch: 0 });
}

/// Whatever price of whatever leaf is changed, the tree either still proves the plan, or says
/// how much less it proves.
#[test]
fn a_changed_price_is_never_believed() {
    let coupled = coupled();
    let honest = solve_coupled(&coupled, &Limits::default()).unwrap();
    let mut n_noticed = 0;
    for (at, part) in honest.proof.parts.iter().enumerate() {
        for branch in 0..part.tree.len() {
            for need in 0..part.needs.len() {
                for change in [-1000 * part.scale, 1000 * part.scale] {
                    let mut solution = honest.clone();
                    match &mut solution.proof.parts[at].tree[branch] {
                        Branch::Leaf { dual } | Branch::Fix { dual, .. } if need < dual.need.len() => {
                            dual.need[need] += change;
                        }
                        _ => continue,
                    }
                    let proof = certify_coupled(&coupled, &solution);
                    assert!(proof.bound <= honest.objective);
                    n_noticed += usize::from(proof.gap > 0 && !proof.is_proof());
                }
            }
        }
    }
    assert!(n_noticed > 0);
}
