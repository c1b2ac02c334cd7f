//! What one line says: a reader for each kind of furniture. None of them knows the lines around it.

mod after_name;
pub(crate) mod byline;
mod byline_pieces;
pub(crate) mod credit;
pub(crate) mod date;
mod date_forms;
pub(crate) mod date_reading;
pub(crate) mod date_words;
pub(crate) mod dateline;
pub(crate) mod dateline_reading;
mod east_asian;
pub(crate) mod name;
mod role;
mod time_of_day;
pub(crate) mod version;
