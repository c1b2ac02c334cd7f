//! The config file: what somebody would otherwise write on every command line.
//!
//! Its values are the defaults of options, so that flags win, then the environment, then the file.

use super::ColourArg;
use super::reading::{year, zone};
use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use serde::Deserialize;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What the file says, checked.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Where the file is, if there is one.
    pub path: Option<PathBuf>,
    /// Options and their defaults.
    pub defaults: Vec<(&'static str, OsString)>,
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    /// The archive directory: a whole path, or one that begins with `~/`.
    archive: Option<String>,
    /// Time zone of times that print none.
    tz: Option<String>,
    /// Year of dates that print none.
    year: Option<i64>,
    /// `auto`, `always` or `never`.
    color: Option<String>,
}

/// Reads the file, if it is there.
pub(crate) fn read() -> Result<Config> {
    let Some(path) = place() else {
        return Ok(Config::default());
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Config::default());
        }
        Err(error) => {
            return Err(anyhow!(
                "{}: cannot be read ({error}); mend it, or take it away",
                path.display()
            ));
        }
    };
    let defaults = defaults(&text).with_context(|| path.display().to_string());
    let defaults = defaults.map_err(|error| anyhow!("{error:#}"))?;
    Ok(Config {
        path: Some(path),
        defaults,
    })
}

/// Returns where the file would be. Only whole paths count, as the XDG specification says.
fn place() -> Option<PathBuf> {
    let whole = |name| {
        let path = PathBuf::from(std::env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let folder = whole("XDG_CONFIG_HOME").or_else(|| Some(whole("HOME")?.join(".config")))?;
    Some(folder.join("archive/config.toml"))
}

/// Returns the defaults that a file gives.
fn defaults(text: &str) -> Result<Vec<(&'static str, OsString)>> {
    let keys: Keys = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        anyhow!("line {line}: {}", error.message().replace('\n', " "))
    })?;
    let mut defaults = Vec::new();
    if let Some(archive) = keys.archive {
        defaults.push(("archive", directory(&archive)?.into()));
    }
    if let Some(name) = keys.tz {
        let zone = zone(&name).map_err(|error| anyhow!("`tz = \"{name}\"`: {error}"))?;
        defaults.push(("tz", zone.name().into()));
    }
    if let Some(number) = keys.year {
        let year =
            year(&number.to_string()).map_err(|error| anyhow!("`year = {number}`: {error}"))?;
        defaults.push(("year", year.to_string().into()));
    }
    if let Some(color) = keys.color {
        if ColourArg::from_str(&color, false).is_err() {
            bail!("`color = \"{color}\"`: there are auto, always and never");
        }
        defaults.push(("color", color.into()));
    }
    Ok(defaults)
}

fn directory(given: &str) -> Result<PathBuf> {
    let path = match (given.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(given),
    };
    if !path.is_absolute() {
        bail!(
            "`archive = \"{given}\"`: which directory that is depends on where you are; write the \
             whole path, or one that begins with ~/"
        );
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        format!("{:#}", defaults(text).unwrap_err())
    }

    #[test]
    fn keys_are_defaults_of_options() {
        let text = "archive = \"/srv/wire\" # ours\ntz = \"europe/paris\"\nyear = 1987\n\
                    color = \"never\"\n";
        let expected = [
            ("archive", "/srv/wire"),
            ("tz", "Europe/Paris"),
            ("year", "1987"),
            ("color", "never"),
        ];
        let expected: Vec<(&str, OsString)> =
            expected.map(|(name, value)| (name, value.into())).to_vec();
        assert_eq!(defaults(text).unwrap(), expected);
        assert!(defaults("").unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(problem("\narchiv = \"/a\"\n").starts_with("line 2: unknown field `archiv`"));
        assert!(problem("year = \"1987\"").starts_with("line 1: "));
        assert!(problem("year = 87").contains("year = 87"));
        assert!(problem("tz = \"Paris\"").contains("Europe/Paris"));
        assert!(problem("color = \"red\"").contains("auto, always and never"));
        assert!(problem("archive = \"wire\"").contains("whole path"));
        assert!(problem("archive = ").starts_with("line 1: "));
    }
}
