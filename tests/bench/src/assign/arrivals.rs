//! What one event takes in a solved city: a need goes, the same need comes back, a new one comes.

use std::time::Instant;

use linli_assign::{Edge, Limits, Need, Problem, Session};

use super::families::FAMILIES;
use super::named;
use crate::Scale;

const EVENTS: usize = 2_000;

pub fn run(scale: Scale) -> Result<(), String> {
    let needs = if scale == Scale::Quick { 10_000 } else { 100_000 };
    println!("\n  events in a solved city of {}: microseconds of one", named(needs));
    println!("  {:<8} {:<18} {:>9} {:>9} {:>9} {:>9}", "instance", "event", "p50", "p90", "p99", "most");
    for (name, make) in FAMILIES {
        let instance = make(needs);
        let problem =
            Problem::new(instance.needs, instance.nodes, instance.edges).map_err(|it| it.to_string())?;
        let mut session = Session::new(&problem, &Limits::default()).map_err(|it| it.to_string())?;
        let before = session.objective();
        let step = (needs / EVENTS).max(1);
        let some: Vec<u32> = (0..needs as u32).step_by(step).take(EVENTS).collect();
        let goes = |session: &mut Session, need: u32| session.set_demand(need, 0);
        let comes = |session: &mut Session, need: u32| {
            session.set_demand(need, problem.needs()[need as usize].demand)
        };
        line(name, "a need goes", time(&mut session, &some, goes)?);
        line(name, "it comes back", time(&mut session, &some, comes)?);
        if session.objective() != before {
            return Err(format!("{name}: the way back led to another optimum"));
        }
        let mut edges: Vec<Vec<Edge>> = vec![Vec::new(); needs];
        problem.edges().iter().for_each(|it| edges[it.need as usize].push(*it));
        line(
            name,
            "a new need comes",
            time(&mut session, &some, |session, like| new(session, like, &edges))?,
        );
    }
    Ok(())
}

/// A need with the edges of another.
fn new(session: &mut Session, like: u32, edges: &[Vec<Edge>]) -> Result<(), linli_assign::Error> {
    let need = session.add_need(Need { demand: 0, penalty: 20_000 })?;
    for edge in &edges[like as usize] {
        session.add_edge(Edge { need, ..*edge })?;
    }
    session.set_demand(need, 1)
}

/// Microseconds of each event, sorted.
fn time(
    session: &mut Session,
    needs: &[u32],
    mut event: impl FnMut(&mut Session, u32) -> Result<(), linli_assign::Error>,
) -> Result<Vec<f64>, String> {
    let mut taken = Vec::with_capacity(needs.len());
    for &need in needs {
        let start = Instant::now();
        event(session, need).map_err(|it| it.to_string())?;
        taken.push(start.elapsed().as_secs_f64() * 1e6);
    }
    taken.sort_by(f64::total_cmp);
    Ok(taken)
}

fn line(name: &str, event: &str, taken: Vec<f64>) {
    let share = |percent: usize| taken.get(taken.len() * percent / 100).copied().unwrap_or(0.0);
    let most = taken.last().copied().unwrap_or(0.0);
    println!("  {name:<8} {event:<18} {:>9.1} {:>9.1} {:>9.1} {most:>9.1}", share(50), share(90), share(99));
}
