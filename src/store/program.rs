//! Who writes, and when: what ledgers and manifests say of this program.

/// The program as ledgers and manifests name it.
pub const PROGRAM: &str = concat!("archive ", env!("CARGO_PKG_VERSION"));

/// Returns the time, RFC 3339 in UTC, to the second.
pub(crate) fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
