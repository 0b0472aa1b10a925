//! Several solvers on one file, in turns, so that a busy machine slows all of them.

use std::path::Path;

use super::ways::{Measured, Outcome, Solvers, Way};

/// Rounds of a race.
const ROUNDS: usize = 3;
/// A way that has taken so many seconds on a file is not asked again.
const ENOUGH_S: f64 = 15.0;

/// What all ways said about one file.
pub struct Race {
    /// Outcomes by round; a way may be left out of later rounds.
    ways: Vec<(Way, Vec<Outcome>)>,
}

impl Race {
    /// Asks each way once per round.
    ///
    /// **Errors.** Two that found different optima, or two of our own that found different plans:
    /// there is nothing to compare the speed of.
    pub fn run(solvers: &Solvers, ways: &[Way], file: &Path, seconds_max: u64) -> Result<Self, String> {
        let mut race = Self { ways: ways.iter().map(|way| (*way, Vec::new())).collect() };
        for _ in 0..ROUNDS {
            for (way, outcomes) in &mut race.ways {
                if may_go_on(outcomes) {
                    outcomes.push(solvers.run(*way, file, seconds_max)?);
                }
            }
        }
        race.check(file).map(|()| race)
    }

    fn check(&self, file: &Path) -> Result<(), String> {
        let first = self.ways.iter().find_map(|it| Some((it.0, solved(&it.1).next()?)));
        let Some((first_way, first)) = first else {
            return Err(format!("nobody solved {}", file.display()));
        };
        for (way, outcomes) in &self.ways {
            for it in solved(outcomes) {
                if it.objective != first.objective {
                    return Err(format!(
                        "{}: {} found {}, {} found {}",
                        file.display(),
                        first_way.name(),
                        first.objective,
                        way.name(),
                        it.objective
                    ));
                }
                if way.is_own() && first_way.is_own() && it.digest != first.digest {
                    return Err(format!("{}: linli found two plans", file.display()));
                }
            }
        }
        Ok(())
    }

    /// The mean over a way's runs.
    pub fn mean(&self, way: Way, value: fn(&Measured) -> f64) -> Option<f64> {
        let values: Vec<f64> = solved(self.outcomes(way)).map(value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    /// Sums of one way over those of another, of the rounds in which both ran.
    pub fn ratio(&self, one: Way, other: Way, value: fn(&Measured) -> f64) -> Option<f64> {
        let both = solved(self.outcomes(one)).zip(solved(self.outcomes(other)));
        let sums = both.fold((0.0, 0.0), |sums, it| (sums.0 + value(it.0), sums.1 + value(it.1)));
        (sums.1 > 0.0).then(|| sums.0 / sums.1)
    }

    /// The ratio as text: below what a stopped run would have given, or nothing.
    pub fn ratio_text(&self, one: Way, other: Way) -> String {
        if let Some(ratio) = self.ratio(one, other, |it| it.cpu_s) {
            return format!("{ratio:.3}");
        }
        let own = self.mean(one, |it| it.cpu_s);
        match (self.outcomes(other).first(), own) {
            (Some(Outcome::Stopped(seconds)), Some(own)) => format!("<{:.3}", own / *seconds as f64),
            _ => "–".to_owned(),
        }
    }

    /// Mean seconds of all cores as text, or how it ended otherwise.
    pub fn seconds_text(&self, way: Way) -> String {
        match (self.mean(way, |it| it.cpu_s), self.outcomes(way).first()) {
            (Some(seconds), _) if seconds < 10.0 => format!("{seconds:.4}"),
            (Some(seconds), _) => format!("{seconds:.1}"),
            (None, Some(Outcome::Stopped(seconds))) => format!(">{seconds}"),
            (None, Some(Outcome::Refused)) => "refused".to_owned(),
            (None, _) => "–".to_owned(),
        }
    }

    /// What each run of a way said.
    pub fn solved(&self, way: Way) -> Vec<&Measured> {
        solved(self.outcomes(way)).collect()
    }

    fn outcomes(&self, way: Way) -> &[Outcome] {
        self.ways.iter().find(|it| it.0 == way).map_or(&[], |it| &it.1)
    }
}

fn may_go_on(outcomes: &[Outcome]) -> bool {
    let taken: f64 = solved(outcomes).map(|it| it.cpu_s).sum();
    taken < ENOUGH_S && outcomes.len() == solved(outcomes).count()
}

fn solved(outcomes: &[Outcome]) -> impl Iterator<Item = &Measured> {
    outcomes.iter().filter_map(|it| match it {
        Outcome::Solved(measured) => Some(measured),
        Outcome::Refused | Outcome::Stopped(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(objective: &str, digest: &str, cpu_s: f64) -> Outcome {
        let (objective, digest) = (objective.to_owned(), digest.to_owned());
        Outcome::Solved(Measured { objective, digest, cpu_s, ..Measured::default() })
    }

    fn race(ways: &[(Way, Vec<Outcome>)]) -> Race {
        Race { ways: ways.to_vec() }
    }

    #[test]
    fn another_optimum_or_another_plan_of_our_own_ends_the_race() {
        let own = |digest| vec![measured("7", digest, 1.0)];
        let check = |ways: &[(Way, Vec<Outcome>)]| race(ways).check(Path::new("a"));
        let other = |objective| (Way::OrTools, vec![measured(objective, "", 1.0)]);
        assert!(check(&[(Way::Linli, own("x")), other("7")]).is_ok());
        assert!(check(&[(Way::Linli, own("x")), other("8")]).is_err());
        assert!(check(&[(Way::Linli, own("x")), (Way::LinliTwoThreads, own("x"))]).is_ok());
        assert!(check(&[(Way::Linli, own("x")), (Way::LinliTwoThreads, own("y"))]).is_err());
        assert!(check(&[(Way::OrTools, vec![Outcome::Stopped(5)])]).is_err());
    }

    #[test]
    fn ratios_are_of_the_rounds_that_both_ran() {
        let own = vec![measured("7", "x", 1.0), measured("7", "x", 2.0), measured("7", "x", 90.0)];
        let other = vec![measured("7", "", 10.0), measured("7", "", 20.0)];
        let race = race(&[
            (Way::Linli, own),
            (Way::OrTools, other),
            (Way::LemonScaling, vec![Outcome::Stopped(60)]),
            (Way::LemonSimplex, vec![Outcome::Refused]),
        ]);
        assert_eq!(race.ratio_text(Way::Linli, Way::OrTools), "0.100");
        assert_eq!(race.ratio_text(Way::Linli, Way::LemonScaling), "<0.517");
        assert_eq!(race.ratio_text(Way::Linli, Way::LemonSimplex), "–");
        assert_eq!(race.seconds_text(Way::LemonScaling), ">60");
        assert_eq!(race.seconds_text(Way::LemonSimplex), "refused");
        assert_eq!(race.seconds_text(Way::Highs), "–");
    }

    #[test]
    fn who_was_stopped_or_has_taken_long_is_not_asked_again() {
        assert!(may_go_on(&[]) && may_go_on(&[measured("7", "", 1.0)]));
        assert!(!may_go_on(&[measured("7", "", 16.0)]));
        assert!(!may_go_on(&[Outcome::Stopped(5)]) && !may_go_on(&[Outcome::Refused]));
    }
}
