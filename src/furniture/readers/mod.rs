//! What one line says: a reader for each kind of furniture. None of them knows the lines around it.

mod after_name;
pub(crate) mod byline;
pub(crate) mod credit;
pub(crate) mod date;
pub(crate) mod dateline;
pub(crate) mod dateline_reading;
mod east_asian;
pub(crate) mod name;
pub(crate) mod version;
