//! What the trees look at: each unit's features, measures of it and of its surroundings, and what
//! the first pass makes of it, all as small whole numbers.

mod measure;
mod opinions;
mod regions;
mod scale;
mod shape;
mod table;
mod vocabulary;
mod words;

use super::opinion::Shares;
use crate::furniture::features::UnitObservation;
use crate::furniture::units::Unit;
use opinions::{core, opinions};
use regions::{layout, prose, regions, shapes};
use scale::graded;
use shape::shape;
use vocabulary::{overlaps, vocabulary};
use words::AllWords;

pub use measure::Measure;
pub use table::{AROUND, COLUMNS, REACH, Sight, column, column_name, name, place};

impl Sight {
    /// Looks at a copy of which the first pass has its opinion.
    pub fn of(copy: &str, units: &[Unit], readings: &[UnitObservation], shares: &[Shares]) -> Self {
        let mut sight = Self::new(units.len());
        let all_words = AllWords::of(copy, units);
        for (i, reading) in readings.iter().enumerate() {
            for feature in reading.features.iter() {
                sight.mark(i, feature);
            }
            shape(&mut sight, i, units[i].str(copy), reading);
            vocabulary(&mut sight, i, all_words.unit(i));
        }
        layout(&mut sight, units);
        prose(&mut sight, readings);
        regions(&mut sight, readings);
        let core = core(&mut sight, readings, shares);
        overlaps(&mut sight, copy, units, readings, &all_words, &core);
        shapes(&mut sight, copy, units, readings);
        sight.review(shares);
        sight
    }

    /// Takes another opinion in place of the one so far.
    pub fn review(&mut self, shares: &[Shares]) {
        for (i, shares) in shares.iter().enumerate() {
            for (class, share) in shares.iter().enumerate() {
                self.set_share(i, class, graded(*share));
            }
        }
        opinions(self, shares);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        for number in 0..COLUMNS as u16 {
            assert_eq!(
                column(column_name(number)),
                Some(number),
                "{}",
                column_name(number)
            );
        }
    }
}
