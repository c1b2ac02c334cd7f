//! Second opinion: what boosted trees make of each unit, from what the whole page shows.
//!
//! The first pass ([`super::score`], [`super::grammar`]) looks at a unit and its neighbours. Where
//! it is not sure, the second reads its opinion of the whole page ([`opinion`]), measures each
//! unit and its surroundings ([`sight`]), lets fitted trees vote ([`trees`]) and picks the best
//! sequence again ([`second`]).

pub mod class;
pub mod opinion;
pub mod second;
pub mod sight;
pub mod trees;
