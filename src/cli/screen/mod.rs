//! The terminal, if there is one: colour, safe printing, progress.
//!
//! Text from outside can carry terminal escapes and marks that turn lines around. On a terminal
//! everything goes through `safe`; in a pipe what is printed is exact, and messages are safe
//! everywhere. Colour follows `NO_COLOR`,
//! `CLICOLOR` and `CLICOLOR_FORCE`, and is off where no terminal is. `progress` draws only on
//! standard error, only on a terminal, and only once the work has taken a second.

mod progress;
pub mod safe;
mod table;

pub use progress::Progress;
pub use table::{Column, Table, Width, cut};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use archive::input::InputError;
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Width where the terminal does not tell.
const USUAL_WIDTH: usize = 100;

/// Where output goes, found out once.
pub struct Screen {
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// Whether standard output wants colour.
    pub has_colour: bool,
    /// Whether standard output can show the blocks that bars are made of.
    pub has_blocks: bool,
    err_has_colour: bool,
    /// Whether an answer was given that lacks something.
    has_lacked: AtomicBool,
}

/// Nothing tells for certain; but who says that the terminal is dumb, or has another character set, is
/// believed.
fn has_blocks() -> bool {
    let said = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = said("LC_ALL")
        .or_else(|| said("LC_CTYPE"))
        .or_else(|| said("LANG"));
    let is_utf8 = locale.is_none_or(|locale| {
        locale
            .to_ascii_lowercase()
            .replace('-', "")
            .contains("utf8")
    });
    is_utf8 && said("TERM").is_none_or(|terminal| terminal != "dumb")
}

impl Screen {
    pub fn new() -> Self {
        Self {
            is_terminal: io::stdout().is_terminal(),
            has_colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            has_blocks: has_blocks(),
            err_has_colour: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            has_lacked: AtomicBool::new(false),
        }
    }

    /// Standard output, locked and buffered; flush it at the end.
    pub fn out(&self) -> BufWriter<StdoutLock<'static>> {
        BufWriter::with_capacity(1 << 16, io::stdout().lock())
    }

    /// Columns of the terminal.
    pub fn width(&self) -> usize {
        comfy_table::Table::new()
            .width()
            .map_or(USUAL_WIDTH, usize::from)
    }

    /// `style` where colour is wanted.
    pub fn style(&self, style: Style) -> Style {
        if self.has_colour { style } else { Style::new() }
    }

    /// Text on its way to standard output.
    pub fn shown(&self, text: &str) -> String {
        if self.is_terminal {
            safe::text(text).into_owned()
        } else {
            text.to_owned()
        }
    }

    /// Tells on standard error what failed.
    pub fn complain(&self, what: &dyn Display) {
        self.tell(what, AnsiColor::Red.on_default().bold());
    }

    /// Tells on standard error what an answer lacks; the command has failed then, whatever it prints.
    pub fn lacks(&self, what: &dyn Display) {
        self.has_lacked.store(true, Ordering::Relaxed);
        self.complain(what);
    }

    /// Whether [`Self::lacks`] was called.
    pub fn has_lacked(&self) -> bool {
        self.has_lacked.load(Ordering::Relaxed)
    }

    /// Tells on standard error what else there is to know.
    pub fn remark(&self, what: &dyn Display) {
        self.tell(what, Style::new().dimmed());
    }

    /// Tells on standard error why a source was not read.
    pub fn unread(&self, error: &InputError) {
        if error.is_failure() {
            self.complain(error);
        } else {
            self.remark(error);
        }
    }

    fn tell(&self, what: &dyn Display, style: Style) {
        let style = if self.err_has_colour {
            style
        } else {
            Style::new()
        };
        // Wherever it goes, it is for people, and no name in it can make itself a line of its own.
        let what = safe::line(&what.to_string()).into_owned();
        // Nobody is left to tell if this fails.
        let _ = writeln!(io::stderr().lock(), "{style}archive:{style:#} {what}");
    }
}
