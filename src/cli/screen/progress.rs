//! How far the work is, for work that takes a while.

use archive::input::Sources;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::thread::{self, Builder};
use std::time::Duration;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A count of files done, drawn on standard error once the work has taken a second.
pub(crate) struct Progress {
    bar: ProgressBar,
    is_wanted: bool,
}

impl Progress {
    /// Draws nothing, ever.
    pub(crate) fn none() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            is_wanted: false,
        }
    }

    /// Progress through `sources`, if standard error is a terminal. It counts them to the end, so
    /// it needs its own.
    pub(crate) fn of(sources: Sources) -> Self {
        if !is_seen() {
            return Self::none();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{spinner} {human_pos} files"));
        // How many there are takes a walk of its own; nothing waits for it.
        let counted = bar.clone();
        // If there is no thread to be had, the bar stays without an end.
        let _ = Builder::new().spawn(move || {
            counted.set_length(sources.count() as u64);
            counted.set_style(style(
                "{bar:30} {human_pos} of {human_len} files, {eta} left",
            ));
        });
        Self {
            bar,
            is_wanted: true,
        }
    }

    /// Progress through records, of which nobody knows how many there are, if standard error is a
    /// terminal.
    pub(crate) fn of_records() -> Self {
        if !is_seen() {
            return Self::none();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{spinner} {human_pos} records"));
        Self {
            bar,
            is_wanted: true,
        }
    }

    /// Work of which nobody knows how far it is, such as `checking files`, if standard error is a
    /// terminal.
    pub(crate) fn of_work(what: &str) -> Self {
        if !is_seen() {
            return Self::none();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{spinner} {msg}, {elapsed} so far"));
        bar.set_message(what.to_owned());
        // Nothing advances that could draw it. If there is no thread to be had, nothing is drawn.
        let waiting = bar.clone();
        let _ = Builder::new().spawn(move || {
            thread::sleep(PATIENCE);
            if !waiting.is_finished() {
                show(&waiting);
            }
        });
        Self {
            bar,
            is_wanted: true,
        }
    }

    /// One file is done.
    pub(crate) fn advance(&self) {
        self.advance_by(1);
    }

    /// So many are done.
    pub(crate) fn advance_by(&self, count: u64) {
        self.bar.inc(count);
        if self.is_wanted && self.bar.is_hidden() && self.bar.elapsed() > PATIENCE {
            show(&self.bar);
        }
    }

    /// So many are done, of so many.
    pub(crate) fn advance_of(&self, count: u64, of: u64) {
        if self.bar.length() != Some(of) {
            self.bar.set_length(of);
            self.bar.set_style(style(
                "{bar:30} {human_pos} of {human_len}, {msg}, {eta} left",
            ));
        }
        self.advance_by(count);
    }

    /// Draws nothing from now on.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Writes something else to standard error, out of the bar's way.
    pub(crate) fn pause<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether standard error is a terminal.
#[expect(
    clippy::disallowed_methods,
    reason = "asked for what it is, not written to"
)]
fn is_seen() -> bool {
    io::stderr().is_terminal()
}

fn show(bar: &ProgressBar) {
    bar.set_draw_target(ProgressDrawTarget::stderr());
    bar.enable_steady_tick(Duration::from_millis(200));
}

fn style(template: &str) -> ProgressStyle {
    // The templates are those above; were one wrong, the default would do.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
