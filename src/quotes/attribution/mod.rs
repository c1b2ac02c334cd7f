//! Who said a quote: candidates, what speaks for each, and the decision.
//!
//! A model of three parts. [`feature`] names what can be seen, of values that [`axes`] names;
//! [`weights`] says how much each feature weighs, as data; [`decide`] takes the best of all ways to
//! attribute a quote. [`frame`] lists the candidates around it, [`evidence`] fires their features.

pub(crate) mod axes;
pub(crate) mod decide;
pub(crate) mod evidence;
pub(crate) mod feature;
pub(crate) mod frame;
pub(crate) mod weights;

#[cfg(test)]
mod card;
