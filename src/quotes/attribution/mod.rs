//! Who said a quote: candidates, what speaks for each, and the decision.
//!
//! A model of three parts. [`feature`] names what can be seen, of values that [`axes`] names;
//! [`weights`] says how much each feature weighs, as data; [`decide`] takes the best of all ways to
//! attribute a quote. [`frame`] lists the candidates around it, [`evidence`] fires their features.

pub mod axes;
pub mod decide;
pub mod evidence;
pub mod feature;
pub mod frame;
pub mod weights;

#[cfg(test)]
mod card;
