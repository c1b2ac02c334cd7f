//! What the benchmarks, the fitting programs and the tests need of the parser's rooms.
//!
//! The rooms themselves are private. This is the only door into them, so that one list shows what
//! is used from outside; it changes with every release, and nobody else may rely on it.

pub use crate::parse::{Body, parse_labelled, parse_with, study};

pub mod text {
    //! Bytes to text, and text to lines.
    pub use crate::text::{clean, decode, fold, lines};
}

pub mod furniture {
    //! What fits and measures the labels of lines.
    pub use crate::furniture::features::{Feature, UnitObservation, observe};
    pub use crate::furniture::label;
    pub use crate::furniture::labels::class::{CLASSES, Class};
    pub use crate::furniture::labels::opinion::{self, power};
    pub use crate::furniture::labels::sight::{self, COLUMNS, Sight};
    pub use crate::furniture::labels::trees::{Forest, LANES, Split, UNIT, Way};
    pub use crate::furniture::labels::weights::Weights;
    pub use crate::furniture::units::{Unit, units};
}

pub mod quotes {
    //! What fits and measures the attribution of quotes.
    pub use crate::quotes::attribution::decide::{Candidates, Way, candidates};
    pub use crate::quotes::attribution::feature::{FEATURES, Feature};
    pub use crate::quotes::attribution::frame::Frame;
    pub use crate::quotes::passages::find;
    pub use crate::quotes::passages::insertion::split;
    pub use crate::quotes::passages::marks::passages;
    pub use crate::quotes::syntax::clauses::Stretch;
    pub use crate::quotes::syntax::story::StorySyntax;
    pub use crate::quotes::{Attributed, Body, Place, Weights, attribute};
}
