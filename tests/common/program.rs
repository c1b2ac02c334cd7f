//! Runs the program as a person would, and looks at what it says.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A command line of the program, in a directory.
pub(crate) struct Program {
    command: Command,
    input: Vec<u8>,
}

/// What the program said and how it ended.
pub(crate) struct Said {
    /// Its exit status.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Returns the program in `directory`, with none of the surroundings' settings.
pub(crate) fn archive<Argument: AsRef<OsStr>>(
    directory: impl AsRef<Path>,
    arguments: impl IntoIterator<Item = Argument>,
) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archive"));
    command
        .current_dir(directory)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE")
        .args(arguments);
    Program {
        command,
        input: Vec::new(),
    }
}

impl Program {
    /// With a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// With these bytes on standard input.
    pub(crate) fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Said {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdin.take().expect("it was piped");
        let input = self.input;
        let writer = std::thread::spawn(move || {
            // The program may end without reading it.
            let _ = pipe.write_all(&input);
        });
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("writing does not panic");
        Said::from(output)
    }

    /// Runs it, and fails unless it ends with status 0 and says nothing on standard error.
    pub(crate) fn succeeds(self) -> String {
        let said = self.run();
        assert_eq!(
            (said.code, said.err.as_str()),
            (Some(0), ""),
            "{}",
            said.out
        );
        said.out
    }

    /// Runs it, and fails unless it ends with status `code`.
    pub(crate) fn ends_with(self, code: i32) -> Said {
        let said = self.run();
        assert_eq!(said.code, Some(code), "{}\n{}", said.out, said.err);
        said
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("what it says is UTF-8");
        Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}
