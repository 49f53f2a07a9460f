use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::export::ExportError;
use crate::export::file::named;

/// A file of a package.
#[derive(Debug)]
pub(super) struct Part {
    name: String,
    data: Vec<u8>,
    compression: Compression,
}

impl Part {
    /// A part of text.
    pub(super) fn xml(name: impl Into<String>, text: String) -> Self {
        Self { name: name.into(), data: text.into_bytes(), compression: Compression::default() }
    }

    /// A part that is compressed already.
    pub(super) fn picture(name: String, png: &[u8]) -> Self {
        Self { name, data: png.to_owned(), compression: Compression::fast() }
    }
}

/// A package of parts, in their order.
pub(super) fn zip(parts: &[Part]) -> Result<Vec<u8>, ExportError> {
    // 1980-01-01, the first day that the format knows: the same report gives the same bytes.
    let no_time = UtcDateTime::from_unix(315_532_800);
    let mut archive = ZipArchiveWriter::new(Vec::new());
    for part in parts {
        let (mut entry, config) = archive
            .new_file(part.name.as_str())
            .compression_method(CompressionMethod::DEFLATE)
            .last_modified(no_time)
            .start()
            .map_err(named)?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, part.compression));
        writer.write_all(&part.data)?;
        let (encoder, summary) = writer.finish().map_err(named)?;
        encoder.finish()?;
        entry.finish(summary).map_err(named)?;
    }
    archive.finish().map_err(named)
}
