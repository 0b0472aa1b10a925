//! What a plugin answered, once it is believed.

use linli_model::Score;

use crate::border;
use crate::description::Description;
use crate::error::{Error, Result, Site};
use crate::state::Remark;

/// A candidate that must not be chosen, whatever its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Veto {
    /// Its row in the caller's batch, from 0.
    pub row: u32,
    /// Worded in the plugin's description.
    pub code: u16,
}

/// A scorer's opinion of candidates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scores {
    /// One per row, also for rows with a veto.
    pub values: Vec<Score>,
    /// Ascending by row, at most one per row.
    pub vetoes: Vec<Veto>,
    /// What the plugin had to say. Never part of a result.
    pub remarks: Vec<Remark>,
    /// Fuel used, the same on every machine.
    pub fuel: u64,
    /// Bytes of the linear memories of one instance at their largest, the same on every machine.
    pub memory_bytes: usize,
}

/// An evaluator's answers, and what they took.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluated {
    /// One per district.
    pub answers: Vec<DistrictIndex>,
    /// What the plugin had to say. Never part of a result.
    pub remarks: Vec<Remark>,
    /// Fuel used, the same on every machine.
    pub fuel: u64,
    /// Bytes of the linear memories of the instance at their largest.
    pub memory_bytes: usize,
}

/// An evaluator's answer for one district.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DistrictIndex {
    /// Higher is better; none where nothing could be measured. Finite.
    pub index: Option<f64>,
    /// What each column adds to the index, one per column. Finite.
    pub contributions: Vec<f64>,
}

impl Scores {
    /// Puts the scores of the rows that follow behind these.
    pub fn append(&mut self, mut later: Self) {
        self.values.append(&mut later.values);
        self.vetoes.append(&mut later.vetoes);
        self.remarks.append(&mut later.remarks);
        self.fuel += later.fuel;
        self.memory_bytes = self.memory_bytes.max(later.memory_bytes);
    }
}

/// Checks the answer to one block and turns floats into millionths.
///
/// **Errors.** The first of: wrong length, a score that is no number from 0 to 1, a veto that
/// is out of range, out of order or not described.
pub(crate) fn scores(raw: border::Scores, site: Site, description: &Description) -> Result<Scores> {
    if raw.values.len() != site.rows as usize {
        return Err(Error::WrongLength { site, found: raw.values.len() });
    }
    let values = match Score::all_from_f64(&raw.values) {
        Ok(values) => values,
        Err(at) => {
            // Rows of a block are as many as fit an u32.
            let (row, value) = (site.first_row + at as u32, raw.values[at]);
            return Err(Error::BadScore { site, row, value });
        }
    };
    let rows_end = u64::from(site.first_row) + u64::from(site.rows);
    let mut vetoes: Vec<Veto> = Vec::with_capacity(raw.vetoes.len());
    for border::Veto { row, code } in raw.vetoes {
        if row >= site.rows {
            let row = u64::from(site.first_row) + u64::from(row);
            return Err(Error::VetoBeyondRows { site, row, rows_end });
        }
        let row = site.first_row + row;
        if let Some(last) = vetoes.last()
            && last.row >= row
        {
            return Err(Error::VetoOutOfOrder { site, row, previous: last.row });
        }
        if description.veto(code).is_none() {
            return Err(Error::UnknownVeto { site, row, code });
        }
        vetoes.push(Veto { row, code });
    }
    Ok(Scores { values, vetoes, remarks: site.remarks, fuel: 0, memory_bytes: 0 })
}

/// Checks the answer of an evaluator.
///
/// **Errors.** The first of: another number of answers than rows, an index that is not finite,
/// another number of contributions than columns, a contribution that is not finite.
pub(crate) fn indexes(
    raw: Vec<border::DistrictIndex>,
    site: Site,
    columns: usize,
) -> Result<Vec<DistrictIndex>> {
    if raw.len() != site.rows as usize {
        return Err(Error::WrongLength { site, found: raw.len() });
    }
    let mut answers = Vec::with_capacity(raw.len());
    for (row, border::DistrictIndex { index, contributions }) in (0..).zip(raw) {
        if let Some(value) = index.filter(|it| !it.is_finite()) {
            return Err(Error::BadIndex { site, row, value });
        }
        if contributions.len() != columns {
            let found = contributions.len();
            return Err(Error::ContributionCount { site, row, found, expected: columns });
        }
        if let Some(column) = contributions.iter().position(|it| !it.is_finite()) {
            let value = contributions[column];
            return Err(Error::BadContribution { site, row, column, value });
        }
        answers.push(DistrictIndex { index, contributions });
    }
    Ok(answers)
}

#[cfg(test)]
mod tests;
