//! The nearest of many points: a k-d tree that is an order of the points and nothing else.
//!
//! ```text
//! [ left of the middle | middle | right of the middle ]     each side alike, by the other axis
//! ```
//!
//! **Source.** Bentley 1975, Multidimensional binary search trees used for associative searching.

use std::collections::BinaryHeap;

pub type Point = [i64; 2];

/// So few points are looked at one by one.
const LEAF: usize = 8;

pub struct Near {
    points: Vec<(Point, u32)>,
}

impl Near {
    pub fn new(mut points: Vec<(Point, u32)>) -> Self {
        let mut open = vec![(0, points.len(), 0)];
        while let Some((from, to, axis)) = open.pop() {
            if to - from > LEAF {
                let middle = (from + to) / 2;
                let part = &mut points[from..to];
                part.select_nth_unstable_by_key(middle - from, |it| (it.0[axis], it.1));
                open.push((from, middle, 1 - axis));
                open.push((middle + 1, to, 1 - axis));
            }
        }
        Self { points }
    }

    /// Squared distance and name of the `n` points nearest to `at`, the nearest first; of equally
    /// near ones those of lower names.
    pub fn nearest(&self, at: Point, n: usize) -> Vec<(i64, u32)> {
        let mut found = BinaryHeap::with_capacity(n + 1);
        let mut open = vec![(0, self.points.len(), 0, 0)];
        while let Some((from, to, axis, least)) = open.pop() {
            let is_beyond = found.len() == n && found.peek().is_none_or(|it: &(i64, u32)| least > it.0);
            if is_beyond {
                continue;
            }
            if to - from <= LEAF {
                self.points[from..to].iter().for_each(|it| keep(&mut found, at, *it, n));
                continue;
            }
            let middle = (from + to) / 2;
            keep(&mut found, at, self.points[middle], n);
            let beyond = at[axis] - self.points[middle].0[axis];
            let sides = [(from, middle), (middle + 1, to)];
            let (own, other) = if beyond < 0 { (sides[0], sides[1]) } else { (sides[1], sides[0]) };
            open.push((other.0, other.1, 1 - axis, least.max(beyond * beyond)));
            open.push((own.0, own.1, 1 - axis, least));
        }
        found.into_sorted_vec()
    }
}

fn keep(found: &mut BinaryHeap<(i64, u32)>, at: Point, (point, name): (Point, u32), n: usize) {
    let apart = [point[0] - at[0], point[1] - at[1]];
    found.push((apart[0] * apart[0] + apart[1] * apart[1], name));
    if found.len() > n {
        found.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assign::draw::Draws;

    #[test]
    fn the_nearest_points_are_those_that_a_look_at_all_of_them_finds() {
        let mut draws = Draws::new(5);
        let mut point = || [draws.below(60) as i64, draws.below(60) as i64];
        let points: Vec<(Point, u32)> = (0..500).map(|name| (point(), name)).collect();
        let near = Near::new(points.clone());
        for n in [0, 1, 7, 40, 600] {
            for _ in 0..50 {
                let at = point();
                let distance = |it: &Point| (it[0] - at[0]).pow(2) + (it[1] - at[1]).pow(2);
                let mut all: Vec<(i64, u32)> = points.iter().map(|it| (distance(&it.0), it.1)).collect();
                all.sort_unstable();
                all.truncate(n);
                assert_eq!(near.nearest(at, n), all);
            }
        }
    }
}
