use super::pictures::Pictures;
use crate::export::xml::{Tag, data_address, escaped};
use crate::report::{Align, Block, Report, ReportFigure, ReportTable, Span};

/// Light paper, printable; nothing is loaded from anywhere.
const STYLE: &str = "
:root { color-scheme: light; }
body { margin: 2.5rem auto; padding: 0 1.25rem; max-width: 46rem; background: #fff; color: #1a1a1a;
  font: 1rem/1.5 Arial, \"Liberation Sans\", Helvetica, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.6em 0 0.5em; break-after: avoid; }
h1 { font-size: 1.8rem; margin-top: 0; }
h2 { font-size: 1.35rem; }
h3 { font-size: 1.15rem; }
h4, h5, h6 { font-size: 1rem; }
p, ul, ol, blockquote, pre, table, figure { margin: 0 0 1em; }
li { margin: 0.15em 0; }
li ul, li ol { margin: 0; }
blockquote { margin-left: 0; padding-left: 1em; border-left: 0.2em solid #c8c8c8; color: #444; }
code, pre { font-family: Consolas, Menlo, \"Liberation Mono\", monospace; font-size: 0.9em; background: #f2f2f2; }
code { padding: 0.1em 0.25em; border-radius: 0.2em; }
pre { padding: 0.75em 1em; white-space: pre-wrap; }
pre code { padding: 0; font-size: 1em; }
hr { border: 0; border-top: 1px solid #c8c8c8; margin: 1.5em 0; }
a { color: #0b57a4; }
sup, sub { line-height: 0; }
.wide { overflow-x: auto; margin: 0 0 1em; }
table { border-collapse: collapse; margin: 0; font-size: 0.9rem; line-height: 1.35; overflow-wrap: normal;
  font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; padding: 0 0 0.4em; }
th, td { padding: 0.3em 0.7em; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd; }
thead th { border-top: 1px solid #333; border-bottom: 1px solid #333; vertical-align: bottom; }
tbody tr:last-child td { border-bottom: 1px solid #333; }
.center { text-align: center; }
.right { text-align: right; }
figure { break-inside: avoid; }
img { display: block; max-width: 100%; height: auto; }
figcaption, caption { font-size: 0.9rem; color: #444; }
figcaption { margin-top: 0.4em; }
@page { size: A4; margin: 25mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  caption { break-after: avoid; }
  .wide { overflow: visible; }
  img { max-height: 215mm; object-fit: contain; object-position: 0 0; }
}
";

/// A tidy report as one HTML file that is well-formed XML too.
pub(super) fn html(report: &Report, pictures: &Pictures) -> String {
    let title = if report.title.is_empty() { "Report" } else { &report.title };
    let head = [
        Tag::new("meta").with("charset", "utf-8").empty(),
        Tag::new("meta")
            .with("name", "viewport")
            .with("content", "width=device-width, initial-scale=1")
            .empty(),
        Tag::new("title").around(&escaped(title)),
        Tag::new("style").around(STYLE),
    ];
    let body = blocks(&report.blocks, pictures);
    let head = Tag::new("head").around(&format!("\n{}\n", head.join("\n")));
    let body = Tag::new("body").around(&format!("\n{body}"));
    let whole = Tag::new("html").with("lang", "en").around(&format!("\n{head}\n{body}\n"));
    format!("<!DOCTYPE html>\n{whole}\n")
}

fn blocks(blocks: &[Block], pictures: &Pictures) -> String {
    blocks.iter().map(|one| block(one, pictures) + "\n").collect()
}

fn block(block: &Block, pictures: &Pictures) -> String {
    match block {
        Block::Heading(level, text) => {
            let name = match level {
                ..=1 => "h1",
                2 => "h2",
                3 => "h3",
                4 => "h4",
                5 => "h5",
                6.. => "h6",
            };
            Tag::new(name).around(&words(text))
        }
        Block::Paragraph(text) => Tag::new("p").around(&words(text)),
        Block::List(first, items) => list(*first, items, pictures),
        Block::Quote(inner) => Tag::new("blockquote").around(&format!("\n{}", blocks(inner, pictures))),
        Block::Code(text) => Tag::new("pre").around(&Tag::new("code").around(&lines(text))),
        Block::Rule => Tag::new("hr").empty(),
        Block::Table(report_table) => table(report_table),
        Block::Figure(report_figure) => figure(report_figure, pictures),
    }
}

/// Lines as they are: [`escaped`] knows none.
fn lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}

fn list(first: Option<u64>, items: &[Vec<Block>], pictures: &Pictures) -> String {
    let item = |item: &Vec<Block>| {
        // A paragraph that begins an item needs no space around it.
        let inner = match &item[..] {
            [Block::Paragraph(text)] => words(text),
            [Block::Paragraph(text), rest @ ..] if rest.iter().all(is_list) => {
                format!("{}\n{}", words(text), blocks(rest, pictures))
            }
            all => format!("\n{}", blocks(all, pictures)),
        };
        Tag::new("li").around(&inner) + "\n"
    };
    let items: String = items.iter().map(item).collect();
    let tag = match first {
        None => Tag::new("ul"),
        Some(1) => Tag::new("ol"),
        Some(number) => Tag::new("ol").with("start", number.to_string()),
    };
    tag.around(&format!("\n{items}"))
}

fn is_list(block: &Block) -> bool {
    matches!(block, Block::List(..))
}

fn table(table: &ReportTable) -> String {
    let mut inner = "\n".to_owned();
    if !table.caption.is_empty() {
        inner += &(Tag::new("caption").around(&words(&table.caption)) + "\n");
    }
    let heads: String = table
        .columns
        .iter()
        .map(|(align, text)| aligned(Tag::new("th").with("scope", "col"), *align).around(&words(text)))
        .collect();
    let row = |cells: &str| Tag::new("tr").around(cells) + "\n";
    inner += &(Tag::new("thead").around(&row(&heads)) + "\n");
    let aligns = || table.columns.iter().map(|(align, _)| *align);
    let cells = |cells: &Vec<Vec<Span>>| {
        let cell = |(text, align): (&Vec<Span>, Align)| aligned(Tag::new("td"), align).around(&words(text));
        row(&cells.iter().zip(aligns()).map(cell).collect::<String>())
    };
    let rows: String = table.rows.iter().map(cells).collect();
    if !rows.is_empty() {
        inner += &(Tag::new("tbody").around(&format!("\n{rows}")) + "\n");
    }
    Tag::new("div").with("class", "wide").around(&Tag::new("table").around(&inner))
}

fn aligned(tag: Tag, align: Align) -> Tag {
    match align {
        Align::Left => tag,
        Align::Center => tag.with("class", "center"),
        Align::Right => tag.with("class", "right"),
    }
}

fn figure(figure: &ReportFigure, pictures: &Pictures) -> String {
    let mut inner = "\n".to_owned();
    if let (Some(page), Some(png)) = (&figure.page, pictures.get(&figure.name)) {
        let image = Tag::new("img")
            .with("src", data_address("image/png", png))
            .with("alt", &figure.described)
            .with("style", format!("width: {:.1}mm", page.size_mm.x));
        inner += &(image.empty() + "\n");
    }
    if !figure.caption.is_empty() {
        inner += &(Tag::new("figcaption").around(&words(&figure.caption)) + "\n");
    }
    Tag::new("figure").with("id", &figure.name).around(&inner)
}

/// Words with their looks; those that lead to one place are one link.
fn words(words: &[Span]) -> String {
    words
        .chunk_by(|a, b| a.link == b.link)
        .map(|linked| {
            let inner: String = linked.iter().map(span).collect();
            match linked.first().and_then(|span| span.link.as_deref()) {
                Some(link) => Tag::new("a").with("href", link).around(&inner),
                None => inner,
            }
        })
        .collect()
}

fn span(span: &Span) -> String {
    let text = span.text.split('\n').map(escaped).collect::<Vec<_>>().join("<br/>");
    let looks = [
        (span.code, "code"),
        (span.raised, "sup"),
        (span.lowered, "sub"),
        (span.struck, "del"),
        (span.italic, "em"),
        (span.bold, "strong"),
    ];
    looks.into_iter().filter(|(is, _)| *is).fold(text, |inner, (_, name)| Tag::new(name).around(&inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_looks_and_nothing_breaks_out() {
        let link = Some("https://x.org/?a=\"&b".to_owned());
        let all = [
            Span::plain("<b>&\n"),
            Span { italic: true, link: link.clone(), ..Span::bold("c") },
            Span { raised: true, link, ..Span::plain("2") },
            Span { struck: true, code: true, ..Span::plain("d") },
        ];
        assert_eq!(
            words(&all),
            "&lt;b&gt;&amp;<br/><a href=\"https://x.org/?a=&quot;&amp;b\"><strong><em>c</em></strong><sup>2</sup></a>\
             <del><code>d</code></del>"
        );
    }

    #[test]
    fn lists_are_close_where_their_items_are_short() {
        let item = |text: &str| Block::Paragraph(vec![Span::plain(text)]);
        let all = list(
            Some(3),
            &[vec![item("a"), Block::List(None, vec![vec![item("b")]])], vec![item("c"), item("d")]],
            &Pictures::new(),
        );
        assert_eq!(
            all,
            "<ol start=\"3\">\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>\n<p>c</p>\n<p>d</p>\n</li>\n</ol>"
        );
    }
}
