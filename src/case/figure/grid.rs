use super::Figure;

/// The cells that a panel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GridPlace {
    /// The first row, from 0.
    pub row: usize,
    /// The first column, from 0.
    pub column: usize,
    /// How many rows.
    pub rows: usize,
    /// How many columns.
    pub columns: usize,
}

impl GridPlace {
    fn overlaps(&self, other: &Self) -> bool {
        let apart = |from: usize, length: usize, other: usize, its: usize| {
            from + length <= other || other + its <= from
        };
        !apart(self.row, self.rows, other.row, other.rows)
            && !apart(self.column, self.columns, other.column, other.columns)
    }

    /// Whether it takes that cell.
    pub fn holds(&self, row: usize, column: usize) -> bool {
        self.overlaps(&Self { row, column, rows: 1, columns: 1 })
    }
}

/// Where the panels of a figure lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Columns of the page.
    pub columns: usize,
    /// Rows that are needed.
    pub rows: usize,
    /// One for each panel, in their order.
    pub places: Vec<GridPlace>,
}

impl Grid {
    /// Panels put by hand lie where they were put; the others take the next free cells, row by row, in their order.
    pub(super) fn of(figure: &Figure) -> Self {
        let columns = figure.page.columns.max(1);
        let sized = |index: usize| {
            let panel = &figure.panels[index];
            let width = panel.columns.clamp(1, columns);
            GridPlace { row: 0, column: 0, rows: panel.rows.max(1), columns: width }
        };
        let mut places: Vec<Option<GridPlace>> = vec![None; figure.panels.len()];
        let is_free = |places: &[Option<GridPlace>], place: &GridPlace| {
            place.column + place.columns <= columns
                && places.iter().flatten().all(|taken| !taken.overlaps(place))
        };
        for (index, panel) in figure.panels.iter().enumerate() {
            let Some([row, column]) = panel.place else { continue };
            let place = GridPlace { row, column, ..sized(index) };
            if is_free(&places, &place) {
                places[index] = Some(place);
            }
        }
        // Below what was put by hand, one below the other: there all have room.
        let by_hand = places.iter().flatten().map(|place| place.row + place.rows).max().unwrap_or(0);
        let most = by_hand + figure.panels.iter().map(|panel| panel.rows.max(1)).sum::<usize>();
        let mut from = 0;
        for index in 0..places.len() {
            if places[index].is_some() {
                continue;
            }
            let mut place = sized(index);
            let free = (from..most * columns).find(|cell| {
                (place.row, place.column) = (cell / columns, cell % columns);
                is_free(&places, &place)
            });
            from = free.map_or(from, |cell| cell + 1);
            places[index] = Some(place);
        }
        let places: Vec<GridPlace> = places.into_iter().flatten().collect();
        let rows = places.iter().map(|place| place.row + place.rows).max().unwrap_or(0);
        Self { columns, rows, places }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Panel, PanelId};
    use super::*;
    use crate::case::testing::saved_view;

    fn figure(columns: usize, spans: &[(usize, usize)]) -> Figure {
        let mut figure = Figure::new();
        figure.page.columns = columns;
        for (rows, columns) in spans {
            figure.push(Panel { rows: *rows, columns: *columns, ..Panel::new(saved_view()) });
        }
        figure
    }

    fn cells(figure: &Figure) -> Vec<(usize, usize)> {
        figure.grid().places.iter().map(|place| (place.row, place.column)).collect()
    }

    #[test]
    fn panels_fill_rows_in_their_order() {
        let figure = figure(5, &[(1, 1); 7]);
        assert_eq!(cells(&figure), [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 0), (1, 1)]);
        assert_eq!(figure.grid().rows, 2);
    }

    #[test]
    fn wide_and_high_panels_keep_the_others_off() {
        // A panel of 2 x 2 at the left, small ones beside it, one of the whole width below, which is too wide.
        let figure = figure(3, &[(2, 2), (1, 1), (1, 1), (1, 9), (1, 1)]);
        assert_eq!(cells(&figure), [(0, 0), (0, 2), (1, 2), (2, 0), (3, 0)]);
        let grid = figure.grid();
        assert_eq!((grid.rows, grid.places[3].columns), (4, 3));
    }

    #[test]
    fn a_panel_put_by_hand_stays_and_one_that_cannot_lie_there_takes_the_next_cell() {
        let mut figure = figure(3, &[(1, 1), (1, 1), (1, 1)]);
        figure.panel_mut(PanelId(2)).unwrap().place = Some([1, 1]);
        figure.panel_mut(PanelId(3)).unwrap().place = Some([1, 3]);
        assert_eq!(cells(&figure), [(0, 0), (1, 1), (0, 1)]);
        figure.panel_mut(PanelId(3)).unwrap().place = Some([1, 1]);
        assert_eq!(cells(&figure), [(0, 0), (1, 1), (0, 1)]);
    }

    #[test]
    fn letters_follow_the_panels() {
        let mut figure = figure(3, &[(1, 1), (1, 1), (1, 1)]);
        figure.move_panel(PanelId(3), 0);
        let order: Vec<u32> = figure.panels.iter().map(|panel| panel.id.0).collect();
        assert_eq!((order, figure.index_of(PanelId(1))), (vec![3, 1, 2], Some(1)));
        figure.move_panel(PanelId(3), 99);
        assert_eq!(figure.index_of(PanelId(3)), Some(2));
    }
}
