//! The numbers that trees look at: a row a unit, a column a feature, a measure or a share.

use super::measure::Measure;
use crate::furniture::features::Feature;
use crate::furniture::labels::class::{CLASSES, Class};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The columns of a unit: features, measures, the first pass's shares.
const FEATURES: usize = Feature::ALL.len();
const MEASURES: usize = Measure::ALL.len();
/// How many columns a unit has.
pub const COLUMNS: usize = FEATURES + MEASURES + CLASSES;
/// Neighbours looked at, on either side.
pub const REACH: i8 = 3;

/// Numbers of a unit and all neighbours within reach.
pub const AROUND: usize = (2 * REACH as usize + 1) * COLUMNS;

/// Returns where a neighbour's column lies, counted from the unit's own first.
const fn step(column: u16, offset: i8) -> isize {
    offset as isize * COLUMNS as isize + column as isize
}

/// Returns where a neighbour's column lies in [`Sight::around`].
pub const fn place(column: u16, offset: i8) -> u16 {
    ((offset as isize + REACH as isize) * COLUMNS as isize + column as isize) as u16
}

/// Returns a column's name in the file of the trees.
pub fn column_name(column: u16) -> &'static str {
    let column = usize::from(column);
    if column < FEATURES {
        Feature::ALL[column].name()
    } else if column < FEATURES + MEASURES {
        Measure::ALL[column - FEATURES].name()
    } else {
        Class::ALL[column - FEATURES - MEASURES].name()
    }
}

/// Returns the column of a name.
pub fn column(name: &str) -> Option<u16> {
    static BY_NAME: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
        (0..COLUMNS as u16)
            .map(|column| (column_name(column), column))
            .collect()
    });
    BY_NAME.get(name).copied()
}

/// Returns a column for people, with the neighbour that it is seen at.
pub fn name(column: u16, offset: i8) -> String {
    match offset {
        0 => column_name(column).to_owned(),
        _ => format!("{}{offset:+}", column_name(column)),
    }
}

/// What a whole copy shows: [`COLUMNS`] numbers a unit, and [`REACH`] empty units on either side.
#[derive(Clone, Debug)]
pub struct Sight {
    units: usize,
    values: Vec<u8>,
}

impl Sight {
    /// Returns a table of so many units that show nothing.
    pub(super) fn new(units: usize) -> Self {
        Self {
            units,
            values: vec![0; (units + 2 * REACH as usize) * COLUMNS],
        }
    }

    /// Returns what `column` shows at the unit `offset` after `unit`, an offset within [`REACH`];
    /// nothing outside the copy.
    pub fn value(&self, unit: usize, offset: i8, column: u16) -> u8 {
        let at = Self::row(unit).checked_add_signed(step(column, offset));
        at.and_then(|at| self.values.get(at)).copied().unwrap_or(0)
    }

    /// Returns how many units there are.
    pub const fn units(&self) -> usize {
        self.units
    }

    /// Returns the numbers from the first neighbour within reach of `unit` to the last.
    pub fn around(&self, unit: usize) -> &[u8; AROUND] {
        const NOTHING: &[u8; AROUND] = &[0; AROUND];
        let row = unit * COLUMNS;
        self.values
            .get(row..row + AROUND)
            .and_then(|around| around.try_into().ok())
            .unwrap_or(NOTHING)
    }

    /// Returns where the numbers of `unit` begin.
    const fn row(unit: usize) -> usize {
        (unit + REACH as usize) * COLUMNS
    }

    pub(super) fn mark(&mut self, unit: usize, feature: Feature) {
        self.values[Self::row(unit) + feature as usize] = 1;
    }

    /// Notes how sure the first pass is of a class, as [`graded`](super::scale::graded) has it.
    pub(super) fn set_share(&mut self, unit: usize, class: usize, share: u8) {
        self.values[Self::row(unit) + FEATURES + MEASURES + class] = share;
    }

    pub(super) fn set(&mut self, unit: usize, measure: Measure, value: usize) {
        self.values[Self::row(unit) + FEATURES + measure as usize] = value.min(250) as u8;
    }

    pub(super) fn get(&self, unit: usize, measure: Measure) -> usize {
        usize::from(self.values[Self::row(unit) + FEATURES + measure as usize])
    }
}
