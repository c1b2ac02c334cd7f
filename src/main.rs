//! The `archive` program: arguments in, exit code out. Everything else is in [`cli`].

mod cli;

fn main() -> std::process::ExitCode {
    cli::run().into()
}
