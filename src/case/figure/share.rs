use serde::{Deserialize, Serialize};

use super::{Figure, PanelId};

/// Which panels of a figure follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    /// None.
    #[default]
    None,
    /// Those of a row.
    Row,
    /// Those of a column.
    Column,
    /// All.
    All,
}

impl Along {
    /// Every choice, in menu order.
    pub const ALL: [Self; 4] = [Self::None, Self::Row, Self::Column, Self::All];

    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Row => "each row",
            Self::Column => "each column",
            Self::All => "all panels",
        }
    }
}

/// What panels have in common: when one changes, the others follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Sharing {
    /// mm of the patient on a mm of paper.
    #[serde(default)]
    pub scale: Along,
    /// The window, of images of one modality.
    #[serde(default)]
    pub window: Along,
    /// The plane, of images of one Frame of Reference.
    #[serde(default)]
    pub plane: Along,
}

impl Figure {
    /// The other panels that follow a panel.
    pub fn followers(&self, of: PanelId, along: Along) -> Vec<PanelId> {
        let grid = self.grid();
        let Some(own) = self.index_of(of).and_then(|index| grid.places.get(index)) else { return Vec::new() };
        let others = self.panels.iter().zip(&grid.places).filter(|(panel, _)| panel.id != of);
        let follows = others.filter(|(_, place)| match along {
            Along::None => false,
            Along::Row => place.row == own.row,
            Along::Column => place.column == own.column,
            Along::All => true,
        });
        follows.map(|(panel, _)| panel.id).collect()
    }
}
