//! Case files of other versions: older ones become the present one, newer ones are read as far as they are understood.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::check::{check_figure, check_measurement};
use crate::case::{
    CasePicture, Figure, KeyImage, Lesion, LesionReading, Measurement, MeasurementId, ReaderCalibration,
    Recorded, SavedWorkspace, Source, SpaceLink, TimePoint, TimePointId,
};

/// A document of an older version as the present one would have written it.
pub(super) fn migrate(version: u64, document: &mut Value) {
    let Value::Object(fields) = document else { return };
    if version < 2 {
        from_1(fields);
    }
}

/// Version 2 brought lesions, time points and readings. In version 1 these names were free: what stood there and is
/// something else is kept under another name.
fn from_1(fields: &mut Map<String, Value>) {
    let free = |fields: &mut Map<String, Value>, name: &str, is: fn(&Value) -> bool| {
        if fields.get(name).is_some_and(|value| !is(value))
            && let Some(value) = fields.shift_remove(name)
        {
            fields.insert(format!("version_1_{name}"), value);
        }
    };
    free(fields, "lesions", is::<Vec<Lesion>>);
    free(fields, "time_points", is::<Vec<TimePoint>>);
    free(fields, "day_zero", is::<Option<TimePointId>>);
    free(fields, "baselines", is::<Vec<TimePointId>>);
    free(fields, "counting", is::<Vec<MeasurementId>>);
    free(fields, "readings", is::<Vec<LesionReading>>);
    free(fields, "recorded", is::<Vec<Recorded>>);
    free(fields, "figures", is::<Vec<Figure>>);
    free(fields, "pictures", is::<Vec<CasePicture>>);
}

/// Takes out of a newer document what this version does not understand; how much that was.
///
/// Unknown fields are no part of it: they are kept where they stand.
pub(super) fn understood(document: &mut Value) -> usize {
    let Value::Object(fields) = document else { return 0 };
    entries(fields, "measurements", |one| {
        serde_json::from_value::<Measurement>(one.clone()).is_ok_and(|m| check_measurement(&m).is_ok())
    }) + entries(fields, "lesions", is::<Lesion>)
        + entries(fields, "time_points", is::<TimePoint>)
        + entries(fields, "baselines", is::<TimePointId>)
        + entries(fields, "counting", is::<MeasurementId>)
        + entries(fields, "readings", is::<LesionReading>)
        + entries(fields, "recorded", is::<Recorded>)
        + entries(fields, "calibrations", |one| {
            serde_json::from_value::<ReaderCalibration>(one.clone()).is_ok_and(|given| given.is_sound())
        })
        + entries(fields, "sources", is::<Source>)
        + entries(fields, "space_links", is::<SpaceLink>)
        + entries(fields, "key_images", |one| {
            serde_json::from_value::<KeyImage>(one.clone()).is_ok_and(|key| key.view.is_sound())
        })
        + entries(fields, "figures", |one| {
            serde_json::from_value::<Figure>(one.clone()).is_ok_and(|figure| check_figure(&figure).is_ok())
        })
        + entries(fields, "pictures", |one| {
            serde_json::from_value::<CasePicture>(one.clone()).is_ok_and(|picture| picture.is_sound())
        })
        + field(fields, "day_zero", is::<Option<TimePointId>>)
        + field(fields, "workspace", is::<Option<SavedWorkspace>>)
        + field(fields, "title", Value::is_string)
        + field(fields, "notes", Value::is_string)
}

fn is<T: DeserializeOwned>(value: &Value) -> bool {
    serde_json::from_value::<T>(value.clone()).is_ok()
}

fn entries(fields: &mut Map<String, Value>, name: &str, is: impl Fn(&Value) -> bool) -> usize {
    let Some(Value::Array(list)) = fields.get_mut(name) else {
        return field(fields, name, |_| false);
    };
    let before = list.len();
    list.retain(|one| is(one));
    before - list.len()
}

fn field(fields: &mut Map<String, Value>, name: &str, is: impl Fn(&Value) -> bool) -> usize {
    if fields.get(name).is_none_or(is) {
        return 0;
    }
    usize::from(fields.shift_remove(name).is_some())
}
