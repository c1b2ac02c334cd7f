//! A program through which people read what does not fit on their screen.
//!
//! It is what `$PAGER` names, run by the shell as `man` and `git` do. It starts with the first byte
//! of output, so that nothing is paged where nothing is printed.

use std::fs::File;
use std::io::{self, StdoutLock, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a shell ends with if a command is not found, or cannot be run.
const NOT_RUN: [i32; 2] = [126, 127];

/// The pager of a command, if it has one.
pub(crate) struct Pager {
    command: Option<String>,
    running: Mutex<Option<Child>>,
}

/// Where standard output goes.
pub(crate) enum Sink {
    /// Where the system says.
    Standard(StdoutLock<'static>),
    /// To a pager.
    Pager(File),
}

impl Pager {
    pub(super) fn none() -> Self {
        Self {
            command: None,
            running: Mutex::new(None),
        }
    }

    /// Returns the pager that the environment names, if it names one.
    pub(super) fn of_environment() -> Self {
        let command = std::env::var("PAGER").ok();
        Self {
            command: command.filter(|command| {
                cfg!(unix) && !command.trim().is_empty() && command.trim() != "cat"
            }),
            running: Mutex::new(None),
        }
    }

    /// Returns where output goes. If the pager cannot be started, that is the terminal.
    #[expect(clippy::disallowed_methods, reason = "this is what is fenced")]
    pub(super) fn sink(&self) -> Sink {
        match self.input() {
            Some(input) => Sink::Pager(input),
            None => Sink::Standard(io::stdout().lock()),
        }
    }

    /// Waits until the pager ends. All output must have been dropped. Returns the command if the
    /// shell could not run it, and what was printed is lost.
    pub(super) fn close(&self) -> Option<&str> {
        let mut pager = self.running().take()?;
        drop(pager.stdin.take());
        let code = pager.wait().ok()?.code()?;
        NOT_RUN.contains(&code).then_some(self.command.as_deref()?)
    }

    fn running(&self) -> MutexGuard<'_, Option<Child>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(unix)]
    fn input(&self) -> Option<File> {
        use std::os::fd::AsFd;
        let command = self.command.as_ref()?;
        let mut running = self.running();
        if running.is_none() {
            let mut shell = Command::new("sh");
            shell.args(["-c", command]).stdin(Stdio::piped());
            if std::env::var_os("LESS").is_none() {
                // Colours pass, and what fits on the screen is printed and done.
                shell.env("LESS", "FRX");
            }
            *running = Some(shell.spawn().ok()?);
        }
        let input = running.as_ref()?.stdin.as_ref()?;
        Some(input.as_fd().try_clone_to_owned().ok()?.into())
    }

    #[cfg(not(unix))]
    fn input(&self) -> Option<File> {
        None
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Pager(input) => input.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Pager(input) => input.flush(),
        }
    }
}
