//! Which label each unit gets: what a unit shows is weighed, and the best sequence picked.
//!
//! Twice, on a page. First [`weights`] set by hand weigh what a unit shows, and [`decode`] picks.
//! On copy that is no wire's, the second pass ([`second`]) reads the first one's [`opinion`] of the
//! whole page, measures each unit and its surroundings ([`sight`]), lets fitted [`trees`] vote on
//! the [`class`] of each, and picks again.

pub(crate) mod class;
pub(crate) mod decode;
pub(crate) mod label;
pub mod opinion;
pub(crate) mod second;
pub mod sight;
pub(crate) mod trees;
pub(crate) mod weights;
