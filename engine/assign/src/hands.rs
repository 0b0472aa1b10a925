//! Work that several hands do side by side.
//!
//! What each of them gives back depends on its stretch only, and stretches are joined in their
//! order or by sums: how many hands there are changes how long it takes and nothing else.

use std::ops::Range;
use std::thread::ScopedJoinHandle;

/// Works on `0..n` in as many stretches as there are hands; the answers in order.
pub(crate) fn share<T: Send>(hands: usize, n: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let hands = hands.clamp(1, n.max(1));
    let stretch = |hand: usize| n * hand / hands..n * (hand + 1) / hands;
    let others = (1..hands).map(stretch);
    std::thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = others.map(|own| scope.spawn(move || work(own))).collect();
        let mut answers = vec![work(stretch(0))];
        answers.extend(others.into_iter().map(finished));
        answers
    })
}

/// Works on the stretches of a list that begin at `starts`, ascending from 0, side by side; each
/// is told where its stretch begins.
pub(crate) fn share_mut<T: Send>(list: &mut [T], starts: &[usize], work: impl Fn(usize, &mut [T]) + Sync) {
    std::thread::scope(|scope| {
        let work = &work;
        let mut rest = list;
        for &start in starts.iter().skip(1).rev() {
            let (before, own) = rest.split_at_mut(start);
            scope.spawn(move || work(start, own));
            rest = before;
        }
        work(0, rest);
    });
}

/// The lists of several stretches as one.
pub(crate) fn joined<T: Copy>(mut lists: Vec<Vec<T>>) -> Vec<T> {
    if lists.len() == 1 { lists.swap_remove(0) } else { lists.concat() }
}

/// Does two things, side by side where there are two hands.
pub(crate) fn both<A: Send, B>(
    hands: usize,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    if hands < 2 {
        return (first(), second());
    }
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (finished(first), second)
    })
}

/// What a hand gives back; if it panicked, so does this one.
fn finished<T>(hand: ScopedJoinHandle<T>) -> T {
    hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_a_list_are_told_where_they_begin() {
        for starts in [&[0][..], &[0, 3], &[0, 0, 4, 4], &[0, 2, 10]] {
            let mut list = [0; 10];
            share_mut(&mut list, starts, |start, own| {
                own.iter_mut().enumerate().for_each(|(at, it)| *it = start + at);
            });
            assert_eq!(list, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "{starts:?}");
        }
    }

    #[test]
    fn stretches_cover_everything_once_and_in_order() {
        for n in [0, 1, 2, 7, 100] {
            for hands in [0, 1, 2, 3, 8, 200] {
                let lists = share(hands, n, |own| own.collect::<Vec<usize>>());
                assert_eq!(joined(lists), (0..n).collect::<Vec<usize>>(), "{hands} hands");
            }
        }
    }
}
