//! Measurements and lesions as tables.

use std::path::Path;

use super::Copied;
use crate::export::Table;
use crate::session::{Notice, Session};
use crate::typography::typeset;

const UIDS: [&str; 3] = ["study_uid", "series_uid", "sop_uid"];

/// The table without the columns that name studies, series and images.
pub fn without_uids(table: Table) -> Table {
    table.without(&UIDS)
}

/// The UIDs in a table.
pub(super) fn uids_in(table: &Table) -> Vec<String> {
    let of_uids = |row: &Vec<serde_json::Value>| {
        let cells = table.columns.iter().zip(row).filter(|(name, _)| UIDS.contains(&&***name));
        cells.filter_map(|(_, cell)| cell.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    table.rows.iter().flat_map(of_uids).collect()
}

impl Session {
    /// The measurements as they leave: with UIDs, unless they are left out.
    pub(super) fn table_to_leave(&self) -> Table {
        let table = self.measurement_table();
        if self.leaving.without_uids { without_uids(table) } else { table }
    }

    pub(super) fn export_table(&mut self, path: &Path) {
        let with = if self.leaving.without_uids {
            "Without UIDs, dates and names"
        } else {
            "With UIDs, without dates and names"
        };
        let notice = match self.table_to_leave().write(self.target(path)) {
            Ok(()) => Notice::info("The measurements were exported.", format!("{with}: {}", path.display())),
            Err(error) => Notice::error("The measurements were not exported.", error.to_string()),
        };
        self.tell(notice);
    }

    pub(super) fn copy_ledger(&mut self) {
        let table = self.lesion_table(self.label_style());
        self.leaving.copied = Some(Copied::Text(typeset(&table.tabbed())));
        self.tell(Notice::info(
            "The ledger was copied.",
            "Paste it into a document or a spreadsheet as a table, without dates.",
        ));
    }
}
