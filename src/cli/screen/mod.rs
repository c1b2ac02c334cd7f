//! The terminal, if there is one: colour, safe printing, progress.
//!
//! Text from outside can carry terminal escapes and marks that turn lines around. `out` is the
//! fence: all output goes through it, and on a terminal it lets nothing through that acts. In a
//! pipe what is printed is exact; messages are safe everywhere. Colour follows `NO_COLOR`,
//! `CLICOLOR` and `CLICOLOR_FORCE`, and is off where no terminal is. `progress` draws only on
//! standard error, only on a terminal, and only once the work has taken a second.

mod json_colours;
mod out;
mod pager;
mod progress;
pub(crate) mod safe;
mod table;

use out::{Guard, Out};
use pager::{Pager, Sink};
pub(crate) use progress::Progress;
pub(crate) use table::{Column, Table, Width, cut};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use archive::input::InputError;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, IsTerminal, StderrLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Width where nothing says how wide the terminal is.
const USUAL_WIDTH: usize = 80;

/// Standard output as commands write to it.
pub(crate) type StandardOut = Out<Sink>;

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volume {
    /// What failed.
    Quiet,
    /// Also what there is to know.
    #[default]
    Usual,
    /// Also what is done, and with what.
    Verbose,
}

/// Where output goes, found out once.
pub(crate) struct Screen {
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// Whether standard output wants colour.
    pub has_colour: bool,
    /// Whether standard output can show the blocks that bars are made of.
    pub has_blocks: bool,
    err_has_colour: bool,
    /// Whether an answer was given that lacks something.
    has_lacked: AtomicBool,
    volume: Volume,
    pager: Pager,
}

/// Nothing tells for certain; but who says that the terminal is dumb, or has another character set,
/// is believed.
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
    #[expect(
        clippy::disallowed_methods,
        reason = "asked for what they are, not written to"
    )]
    pub(crate) fn new() -> Self {
        Self {
            is_terminal: io::stdout().is_terminal(),
            has_colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            has_blocks: has_blocks(),
            err_has_colour: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            has_lacked: AtomicBool::new(false),
            volume: Volume::Usual,
            pager: Pager::none(),
        }
    }

    /// Returns the screen, on which so much is said.
    pub(crate) fn saying(mut self, volume: Volume) -> Self {
        self.volume = volume;
        self
    }

    /// Returns the screen with a pager, if one is wanted and standard output is a terminal.
    pub(crate) fn with_pager(mut self, is_wanted: bool) -> Self {
        if is_wanted && self.is_terminal {
            self.pager = Pager::of_environment();
        }
        self
    }

    /// Waits until the reader has left the pager, if there is one.
    pub(crate) fn close_pager(&self) {
        if let Some(command) = self.pager.close() {
            self.lacks(&format_args!(
                "the pager `{command}` cannot be run; mend $PAGER, or give `--no-pager`"
            ));
        }
    }

    /// Standard output for pages and lists, locked and buffered; flush it at the end. On a
    /// terminal, what could act on it is shown instead; styles pass where colour is wanted.
    pub(crate) fn out(&self) -> StandardOut {
        self.guarded_out(if self.has_colour {
            Guard::SignsAndStyles
        } else {
            Guard::Signs
        })
    }

    /// Standard output for text that is somebody else's, in which no style can be ours.
    pub(crate) fn foreign_out(&self) -> StandardOut {
        self.guarded_out(Guard::Signs)
    }

    /// Standard output for JSON, which stays the same JSON on a terminal, but for its colours.
    pub(crate) fn json_out(&self) -> StandardOut {
        let out = self.guarded_out(Guard::JsonEscapes);
        // In a pipe a program reads it, whatever is wanted of terminals.
        match self.is_terminal && self.has_colour {
            true => out.coloured(),
            false => out,
        }
    }

    fn guarded_out(&self, guard: Guard) -> StandardOut {
        let guard = if self.is_terminal {
            guard
        } else {
            Guard::Exact
        };
        Out::new(self.pager.sink(), guard)
    }

    /// Columns of the terminal: what it says, else what `COLUMNS` says, else 80. A terminal may say
    /// that it has none.
    #[expect(
        clippy::disallowed_methods,
        reason = "asked for what it is, not written to"
    )]
    pub(crate) fn width(&self) -> usize {
        let terminal =
            terminal_size::terminal_size_of(io::stdout()).map(|size| usize::from(size.0.0));
        let variable = || std::env::var("COLUMNS").ok()?.parse().ok();
        terminal
            .filter(|width| *width > 0)
            .or_else(|| variable().filter(|width| *width > 0))
            .unwrap_or(USUAL_WIDTH)
    }

    /// `style` where colour is wanted.
    pub(crate) fn style(&self, style: Style) -> Style {
        if self.has_colour { style } else { Style::new() }
    }

    /// Text on its way to standard output.
    pub(crate) fn shown(&self, text: &str) -> String {
        if self.is_terminal {
            safe::text(text).into_owned()
        } else {
            text.to_owned()
        }
    }

    /// Tells on standard error what failed.
    pub(crate) fn complain(&self, what: &dyn Display) {
        self.tell(what, AnsiColor::Red.on_default().bold());
    }

    /// Tells on standard error what an answer lacks; the command has failed then, whatever it
    /// prints.
    pub(crate) fn lacks(&self, what: &dyn Display) {
        self.has_lacked.store(true, Ordering::Relaxed);
        self.complain(what);
    }

    /// Returns whether [`Self::lacks`] was called.
    pub(crate) fn has_lacked(&self) -> bool {
        self.has_lacked.load(Ordering::Relaxed)
    }

    /// Tells on standard error what else there is to know.
    pub(crate) fn remark(&self, what: &dyn Display) {
        if self.volume >= Volume::Usual {
            self.tell(what, Style::new().dimmed());
        }
    }

    /// Tells on standard error what is done, and with what, if somebody wants to know.
    pub(crate) fn detail(&self, what: &dyn Display) {
        if self.volume >= Volume::Verbose {
            self.tell(what, Style::new().dimmed());
        }
    }

    /// Tells on standard error why a source was not read.
    pub(crate) fn unread(&self, error: &InputError) {
        if error.is_failure() {
            self.complain(error);
        } else {
            self.remark(error);
        }
    }

    /// Prints what clap has to say: help on standard output, wrong usage on standard error.
    pub(crate) fn usage(&self, error: &clap::Error) {
        let rendered = error.render();
        let has_colour = if error.use_stderr() {
            self.err_has_colour
        } else {
            self.has_colour
        };
        // It quotes the command line. Where something in that acts, no escape in it passes for a
        // style of clap's.
        let text = if has_colour && std::env::args_os().all(|given| is_harmless(&given)) {
            rendered.ansi().to_string()
        } else {
            rendered.to_string()
        };
        // Nobody is left to tell if this fails.
        let _ = if error.use_stderr() {
            standard_error().write_all(out::guarded(&text, Guard::SignsAndStyles).as_bytes())
        } else {
            let mut out = self.out();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        };
    }

    fn tell(&self, what: &dyn Display, style: Style) {
        let style = if self.err_has_colour {
            style
        } else {
            Style::new()
        };
        // Wherever it goes, it is for people, and no name in it can make itself a line of its own.
        let mut what = safe::line(&what.to_string()).into_owned();
        if what.starts_with("archive: ") {
            // The directory that the program takes if none is given has its name.
            what.insert_str(0, "./");
        }
        // Nobody is left to tell if this fails.
        let _ = writeln!(standard_error(), "{style}archive:{style:#} {what}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is said here is made safe first"
)]
fn standard_error() -> StderrLock<'static> {
    io::stderr().lock()
}

/// Returns whether an argument of the command line is nothing but text that shows itself.
fn is_harmless(argument: &OsStr) -> bool {
    matches!(safe::text(&argument.to_string_lossy()), Cow::Borrowed(_))
}
