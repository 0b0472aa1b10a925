//! Bad input is refused, and the refusal says where.

use std::io::{BufReader, Error, Read};

use linli_assign::{COST_MAX, Edge, Need, Node, PENALTY_MAX, Problem, UNITS_MAX, read_lbm};

fn refusal(needs: Vec<Need>, nodes: Vec<Node>, edges: Vec<Edge>) -> String {
    Problem::new(needs, nodes, edges).unwrap_err().to_string()
}

fn node(parent: Option<u32>) -> Node {
    Node { parent, capacity: 1 }
}

fn edge(need: u32, node: u32, cost: i64) -> Edge {
    Edge { need, node, cost, pair: None }
}

#[test]
fn a_node_above_itself_is_refused() {
    let above =
        |parents: &[Option<u32>]| refusal(vec![], parents.iter().map(|&it| node(it)).collect(), vec![]);
    assert_eq!(above(&[Some(0)]), "node 0 is its own ancestor");
    assert_eq!(above(&[None, Some(2), Some(1)]), "node 1 is its own ancestor");
    // Node 1 hangs below the cycle and is not on it.
    assert_eq!(above(&[None, Some(2), Some(3), Some(2)]), "node 2 is its own ancestor");
}

#[test]
fn a_cycle_of_a_million_nodes_is_found() {
    let n = 1_000_000;
    let nodes = (0..n).map(|at| node(Some((at + 1) % n))).collect();
    assert_eq!(refusal(vec![], nodes, vec![]), "node 0 is its own ancestor");
}

#[test]
fn ids_must_exist() {
    let need = Need { demand: 1, penalty: 1 };
    let with_edge = |edge| refusal(vec![need], vec![node(None)], vec![edge]);
    assert_eq!(with_edge(edge(1, 0, 0)), "edge 0 names need 1, but there are 1");
    assert_eq!(with_edge(edge(0, 9, 0)), "edge 0 names node 9, but there are 1");
    let text = refusal(vec![], vec![node(Some(7))], vec![]);
    assert_eq!(text, "node 0 names node 7, but there are 1");
}

#[test]
fn numbers_must_leave_room_for_exact_sums() {
    let need = |demand, penalty| refusal(vec![Need { demand, penalty }], vec![], vec![]);
    assert_eq!(need(UNITS_MAX + 1, 0), "demand 2147483649 of need 0 is outside 0 to 2147483648");
    for penalty in [PENALTY_MAX + 1, -PENALTY_MAX - 1, i64::MIN, i64::MAX] {
        assert!(need(1, penalty).starts_with(&format!("penalty {penalty} of need 0")));
    }
    let capacity = Node { parent: None, capacity: u32::MAX };
    assert!(refusal(vec![], vec![capacity], vec![]).starts_with("capacity 4294967295 of node 0"));
    for cost in [COST_MAX + 1, -COST_MAX - 1] {
        let needs = vec![Need { demand: 1, penalty: 1 }];
        let text = refusal(needs, vec![node(None)], vec![edge(0, 0, cost)]);
        assert!(text.starts_with(&format!("cost {cost} of edge 0 is outside")));
    }
}

#[test]
fn a_file_may_put_parents_last_and_leave_out_the_optimum() {
    let text = "c two lines\r\n\np lbm 1 2 1\ne 0 0 -4\nn 2 9\nt 1 3\nt -1 1\n";
    let file = read_lbm(text.as_bytes()).unwrap();
    assert_eq!(file.optimum, None);
    let below = Node { parent: Some(1), capacity: 3 };
    assert_eq!(file.problem.nodes(), [below, Node { parent: None, capacity: 1 }]);
    assert_eq!(read_lbm(format!("{text}o 5").as_bytes()).unwrap().optimum, Some(5));
}

#[test]
fn a_bad_line_is_named() {
    for (text, expected) in [
        ("", "line 1: found \"\", expected a p line"),
        ("n 1 1", "line 1: found \"n\", expected the p line first"),
        ("p lbm 1 0 0\np lbm 1 0 0", "line 2: found \"p\", expected one p line only"),
        ("p lap 1 0 0", "line 1: found \"lap\", expected lbm"),
        ("p lbm 1 0", "line 1: found \"\", expected edges"),
        ("p lbm 9999999999 0 0", "line 1: found \"9999999999\", expected needs"),
        ("p lbm 1 0 0\nx", "line 2: found \"x\", expected c, p, n, t, e or o"),
        ("p lbm 1 0 0\nn 1 2.5", "line 2: found \"2.5\", expected a penalty"),
        ("p lbm 1 0 0\nn 1 2 3", "line 2: found \"3\", expected the end of the line"),
        ("p lbm 1 0 0\nn 1 2\nn 1 2", "line 3: 2 needs, but the p line promises 1"),
        ("p lbm 1 1 0\nn 1 2\n", "line 3: 0 nodes, but the p line promises 1"),
        ("p lbm 1 0 0\nn -1 2", "line 2: demand -1 of need 0 is outside 0 to 2147483648"),
        ("p lbm 0 1 0\nt 1 1", "line 2: node 0 names node 1, but there are 1"),
        ("p lbm 0 1 0\nt -2 1", "line 2: node 0 names node -2, but there are 1"),
        ("p lbm 1 1 1\ne 0 1 1", "line 2: edge 0 names node 1, but there are 1"),
        ("p lbm 0 3 0\nt -1 1\nt 2 1\nt 1 1\n", "line 3: node 1 is its own ancestor"),
        ("p lbm 0 0 0\no many", "line 2: found \"many\", expected an optimum"),
    ] {
        assert_eq!(read_lbm(text.as_bytes()).unwrap_err().to_string(), expected, "{text}");
    }
    let bytes = b"p lbm 1 0 0\n\xff\xfe";
    assert!(read_lbm(bytes.as_slice()).unwrap_err().to_string().starts_with("line 2: found"));
}

/// Promises are cheap: nothing is set aside for rows that have not come.
#[test]
fn a_great_promise_costs_no_memory() {
    let text = "p lbm 1000000000 1000000000 2000000000\n";
    let refusal = read_lbm(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(refusal, "line 2: 0 needs, but the p line promises 1000000000");
}

#[test]
fn a_file_that_breaks_off_is_reported_with_its_line() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> Result<usize, Error> {
            Err(Error::other("cable out"))
        }
    }
    let text = b"p lbm 1 0 0\n".chain(BufReader::new(Broken));
    assert_eq!(read_lbm(text).unwrap_err().to_string(), "line 2: not readable");
}

/// A file of more than one block, with other lines between its edges.
fn long_file() -> String {
    let mut text = String::from("p lbm 50000 1000 400000\n");
    text.extend((0..50_000).map(|it| format!("n 1 {it}\n")));
    text.extend((0..1000).map(|it| format!("t -1 {it}\n")));
    for it in 0..400_000 {
        if it % 90_000 == 7 {
            text += "c a comment\n\n";
        }
        text += &format!("e {} {} {}\n", it % 50_000, it % 1000, it - 7);
    }
    text
}

#[test]
fn any_number_of_threads_reads_the_same() {
    let text = long_file();
    let read = |text: &str, threads| {
        let found = linli_assign::read_team_shared(text.as_bytes(), threads);
        found.map(|it| it.coupled.into_problem()).map_err(|it| it.to_string())
    };
    let whole = read_lbm(text.as_bytes()).unwrap().problem;
    assert_eq!((whole.edges().len(), whole.edges()[399_999].cost), (400_000, 399_992));
    let broken = [
        text.replacen("e 5 5 299998\n", "e 5 5 many\n", 1),
        text.replacen("e 5 5 299998\n", "e 5 1000 299998\n", 1),
        text.replacen("e 5 5 299998\n", "", 1),
        format!("{text}e 1 1 1\n"),
        text.replacen("p lbm 50000 1000 400000", "p lbm 50000 1000 150000", 1),
    ];
    for threads in [1, 2, 5] {
        assert_eq!(read(&text, threads), Ok(whole.clone()));
        for broken in &broken {
            let refusal = read_lbm(broken.as_bytes()).unwrap_err().to_string();
            assert_eq!(read(broken, threads), Err(refusal), "{threads} threads");
        }
    }
    // Lines before the first edge, the comments before the edge, the edge itself.
    let line = 1 + 50_000 + 1000 + 2 * 4 + 300_006;
    assert!(
        read(&broken[0], 2).unwrap_err().starts_with(&format!("line {line}: ")),
        "{:?}",
        read(&broken[0], 2)
    );
    let first_too_many = 1 + 50_000 + 1000 + 2 * 2 + 150_001;
    assert!(read(&broken[4], 2).unwrap_err().starts_with(&format!("line {first_too_many}: ")));
}
