//! The terminal, if there is one: colour, safe printing, progress.
//!
//! Text from outside can carry terminal escapes and marks that turn lines around. On a terminal
//! everything goes through `safe`; in a pipe everything is exact. Colour follows `NO_COLOR`,
//! `CLICOLOR` and `CLICOLOR_FORCE`, and is off where no terminal is. `progress` draws only on
//! standard error, only on a terminal, and only once the work has taken a second.

mod progress;
pub mod safe;

pub use progress::Progress;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// Where output goes, found out once.
pub struct Screen {
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// Whether standard output wants colour.
    pub has_colour: bool,
    err_is_terminal: bool,
    err_has_colour: bool,
}

impl Screen {
    pub fn new() -> Self {
        Self {
            is_terminal: io::stdout().is_terminal(),
            has_colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            err_is_terminal: io::stderr().is_terminal(),
            err_has_colour: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        }
    }

    /// Standard output, locked and buffered; flush it at the end.
    pub fn out(&self) -> BufWriter<StdoutLock<'static>> {
        BufWriter::with_capacity(1 << 16, io::stdout().lock())
    }

    /// Text on its way to standard output.
    pub fn shown(&self, text: &str) -> String {
        if self.is_terminal { safe::text(text).into_owned() } else { text.to_owned() }
    }

    /// Tells on standard error what failed.
    pub fn complain(&self, what: &dyn Display) {
        let style = if self.err_has_colour { AnsiColor::Red.on_default().bold() } else { Style::new() };
        let what = what.to_string();
        let what = if self.err_is_terminal { safe::text(&what) } else { what.as_str().into() };
        // Nobody is left to tell if this fails.
        let _ = writeln!(io::stderr().lock(), "{style}archive:{style:#} {what}");
    }
}
