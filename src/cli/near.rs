//! What to say where nothing was found.

use super::screen::Screen;
use anyhow::Result;
use archive::store::catalog::Catalog;
use archive::store::query::Query;

/// Says which names in a query the archive does not have, and which it has that are like them.
pub(crate) fn suggest(catalog: &Catalog, query: &Query, screen: &Screen) -> Result<()> {
    for unknown in catalog.unknown_names(query)? {
        let near: Vec<String> = unknown
            .near
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        screen.remark(&format_args!(
            "no {} is called `{}`; did you mean {}?",
            unknown.what,
            unknown.given,
            near.join(" or ")
        ));
    }
    Ok(())
}
