//! `archive completions`: what a shell completes.

use super::exit::Exit;
use super::screen::Screen;
use anyhow::Result;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use std::io::Write;

/// Print what a shell needs to complete commands and options
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  archive completions bash > ~/.local/share/bash-completion/completions/archive
  archive completions zsh > ~/.zfunc/_archive
  archive completions fish > ~/.config/fish/completions/archive.fish";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let mut script = Vec::new();
    generate(
        args.shell,
        &mut super::Cli::command(),
        "archive",
        &mut script,
    );
    let mut out = screen.foreign_out();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Ok)
}
