//! `archive man`: the manual pages, made from the same words as the help.

use super::exit::Exit;
use super::export::cannot_write;
use super::screen::Screen;
use anyhow::Result;
use archive::export::folder::Folder;
use clap::CommandFactory;
use clap_mangen::Man;
use std::io::{self, Write};
use std::path::PathBuf;

/// Print the manual page, or write those of all commands
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write archive.1 and one page for each command into this new directory
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  archive man | man -l -
  archive man --output man1";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let mut program = super::Cli::command();
    program.build();
    let Some(path) = &args.output else {
        let mut out = screen.foreign_out();
        out.write_all(&page(program)?)?;
        out.flush()?;
        return Ok(Exit::Ok);
    };
    let cannot = |error: io::Error| cannot_write(path, &error);
    let folder = Folder::create(path).map_err(cannot)?;
    for command in program
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        let name = format!("archive-{}", command.get_name());
        let page = page(command.clone())?;
        folder.add(&format!("{name}.1"), &page).map_err(cannot)?;
    }
    folder.add("archive.1", &page(program)?).map_err(cannot)?;
    Ok(Exit::Ok)
}

fn page(command: clap::Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(page)
}
