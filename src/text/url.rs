//! Web addresses in running text.

/// Returns the first web address in a text.
pub(crate) fn find_url(text: &str) -> Option<std::ops::Range<usize>> {
    // Few lines have an address, and one plain look is cheaper than a search for each of its
    // beginnings.
    if !text.contains("http") && !text.starts_with("www.") {
        return None;
    }
    let start = text
        .find("http://")
        .or_else(|| text.find("https://"))
        .or_else(|| text.starts_with("www.").then_some(0))?;
    let len = text[start..]
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”'))
        .unwrap_or(text.len() - start);
    let url = text[start..start + len].trim_end_matches([')', '.', ',', ';']);
    Some(start..start + url.len())
}
