//! What the caller knows that the text does not say.

use crate::story::Format;

/// What the caller knows that the text does not say.
#[derive(Clone, Debug, Default)]
pub struct ParseOptions {
    /// Year for dates that print none; without it they stay `XXXX-02-26`.
    pub year: Option<i32>,
    /// Zone of times that print none; without it they lose their time and keep their date.
    pub time_zone: Option<chrono_tz::Tz>,
    /// The format to read the bytes as, whatever they look like; without it they are recognised.
    pub format: Option<Format>,
}
