//! Exit codes: part of the interface, scripts rely on them.

use std::process::ExitCode;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: all that was asked for is done. Also when the reader of standard output left early.
    Ok,
    /// 1: something failed, and standard error says what; the rest is done.
    Failed,
    /// 2: wrong usage; nothing is done.
    Usage,
}

impl Exit {
    /// `Failed` if anything was.
    pub fn failed_if(any: bool) -> Self {
        if any { Self::Failed } else { Self::Ok }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Ok => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
        })
    }
}
