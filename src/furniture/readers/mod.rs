//! What one line says: a reader for each kind of furniture. None of them knows the lines around it.

pub mod byline;
pub mod credit;
pub mod date;
pub mod dateline;
mod east_asian;
pub mod name;
pub mod version;
