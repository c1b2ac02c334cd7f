//! The terminal, if there is one: colour, safe printing, progress.
//!
//! Text from outside can carry terminal escapes and marks that turn lines around. On a terminal
//! everything goes through `safe`; in a pipe everything is exact. Colour follows `NO_COLOR`,
//! `CLICOLOR` and `CLICOLOR_FORCE`, and is off where no terminal is. `progress` draws only on
//! standard error, only on a terminal, and only once the work has taken a second.

mod progress;
pub mod safe;
mod table;

pub use progress::Progress;
pub use table::{Column, Table, Width, cut};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// Width where the terminal does not tell.
const USUAL_WIDTH: usize = 100;

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

    /// Columns of the terminal.
    pub fn width(&self) -> usize {
        comfy_table::Table::new().width().map_or(USUAL_WIDTH, usize::from)
    }

    /// `style` where colour is wanted.
    pub fn style(&self, style: Style) -> Style {
        if self.has_colour { style } else { Style::new() }
    }

    /// Text on its way to standard output.
    pub fn shown(&self, text: &str) -> String {
        if self.is_terminal { safe::text(text).into_owned() } else { text.to_owned() }
    }

    /// Tells on standard error what failed.
    pub fn complain(&self, what: &dyn Display) {
        self.tell(what, AnsiColor::Red.on_default().bold());
    }

    /// Tells on standard error what else there is to know.
    pub fn remark(&self, what: &dyn Display) {
        self.tell(what, Style::new().dimmed());
    }

    fn tell(&self, what: &dyn Display, style: Style) {
        let style = if self.err_has_colour { style } else { Style::new() };
        let what = what.to_string();
        let what = if self.err_is_terminal { safe::text(&what) } else { what.as_str().into() };
        // Nobody is left to tell if this fails.
        let _ = writeln!(io::stderr().lock(), "{style}archive:{style:#} {what}");
    }
}
