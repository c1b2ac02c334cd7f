//! Which label each unit gets: what a unit shows is weighed, and the best sequence picked.

pub mod decode;
pub mod label;
pub mod weights;
